"""Every sample exactly once, whatever happens: held against a direct sum over the truth."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agent.ledger.sample_totals import SampleTotals, from_json, slots_of, to_json
from agent.model.performance import SampleGrid

GRID = SampleGrid(interval_s=20, lookback_s=100, horizon_s=600)  # 5 and 30 slots
KEY = ("cpu.ready.summation", "")
OTHER = ("net.usage.average", "4000")


def begun(slot: int = 1000) -> SampleTotals:
    return SampleTotals(GRID, slot, slot)


def test_a_sample_that_comes_twice_is_counted_once():
    totals = begun()
    totals.count(*KEY, [(1000, 7)])
    totals.count(*KEY, [(1000, 7)])
    assert totals.series[KEY].total == 7


def test_a_missing_sample_leaves_its_slot_open_until_it_comes():
    totals = begun()
    totals.advance(1003, 1000)
    totals.count(*KEY, [(1000, 1), (1001, 2), (1002, -1), (1003, 4)])
    assert totals.open_from(998) == 1002
    totals.count(*KEY, [(1002, 3), (1003, 4)])
    assert totals.series[KEY].total == 10
    assert totals.open_from(998) == 1004


def test_samples_in_any_order_make_the_same_total():
    totals = begun()
    totals.advance(1003, 1000)
    totals.count(*KEY, [(1003, 4), (1001, 2), (1000, 1), (1002, 3)])
    assert totals.series[KEY].total == 10


def test_a_rate_is_worth_its_interval_and_a_gap_in_it_stays_a_gap():
    totals = begun()
    totals.advance(1003, 1000)
    slots = slots_of(GRID, 1003, [slot * 20 for slot in (1000, 1001, 1002, 1003)])
    totals.count_all(*KEY, slots, [5, -1, 0, 7], 20)
    assert totals.series[KEY].total == 240
    assert totals.open_from(998) == 1001


def test_a_sample_before_our_time_is_none_of_ours():
    totals = begun()
    totals.count(*KEY, [(999, 5), (1000, 1)])
    assert totals.series[KEY].total == 1


def test_a_sample_beyond_the_horizon_is_not_counted_since_no_one_knows_whether_it_was():
    totals = begun()
    totals.count(*KEY, [(1000, 1)])
    totals.advance(1040, 1000)
    totals.count(*KEY, [(1000, 1), (1010, 5), (1011, 7)])
    assert totals.series[KEY].total == 8


def test_slots_that_leave_the_horizon_uncounted_are_lost_if_the_object_ran():
    totals = begun()
    totals.count(*KEY, [(1000, 1)])
    totals.advance(1100, 1000)  # slots 1071 to 1100 are kept; 1001 to 1070 are gone
    assert totals.lost_slots == 70
    off = begun()
    off.count(*KEY, [(1000, 1)])
    off.advance(1100, 1090)
    assert off.lost_slots == 0


def test_samples_from_before_a_restart_do_not_make_up_for_slots_lost_after_it():
    totals = begun()
    totals.advance(1010, 1000)
    totals.count(*KEY, [(slot, 1) for slot in range(1000, 1011)])
    totals.advance(1060, 1020)
    assert totals.lost_slots == 11  # slots 1020 to 1030


def test_a_counter_that_vcenter_never_gives_does_not_keep_slots_open():
    totals = begun()
    totals.count(*OTHER, [])
    totals.count(*KEY, [(1000, 1)])
    assert totals.open_from(1000) == 1001


def test_a_slot_ahead_of_the_horizon_is_refused():
    with pytest.raises(ValueError, match="ahead"):
        begun().count(*KEY, [(1001, 1)])


def test_a_clock_set_back_never_makes_a_sample_count_twice():
    totals = begun()
    totals.advance(1010, 1000)
    totals.count(*KEY, [(slot, 1) for slot in range(1000, 1011)])
    totals.advance(1500, 1000)
    totals.advance(1010, 1000)
    totals.count(*KEY, [(slot, 1) for slot in range(1000, 1011)])
    assert totals.series[KEY].total == 11
    totals.advance(1011, 1000)
    totals.count(*KEY, [(1011, 1)])
    assert totals.series[KEY].total == 12


@pytest.mark.parametrize("at_once", [True, False])
def test_what_was_never_counted_is_counted_after_a_clock_was_set_back_too(at_once):
    totals = begun(1010)
    totals.advance(1000, 1000)
    if at_once:
        assert totals.count_row((KEY, OTHER), slots_of(GRID, 1000, [20_000]), [7, 8])
    else:
        totals.count(*KEY, [(1000, 7)])
    assert totals.series[KEY].total == 7
    empty = begun(1010)
    empty.advance(1000, 1000)
    empty.advance(1100, 1000)
    assert empty.lost_slots == 71, "nothing was counted, and it ran"


def test_the_state_survives_being_written_and_read():
    totals = begun()
    totals.advance(1100, 1000)
    totals.count(*KEY, [(1099, 5)])
    totals.count(*OTHER, [(1100, 6), (1090, 2)])
    again = from_json(GRID, to_json(totals))
    assert (again.head, again.first, again.lost_slots) == (totals.head, totals.first, totals.lost_slots)
    assert again.series == totals.series
    with pytest.raises(ValueError, match="not a state"):
        from_json(GRID, '{"head": 1}')


class CountingMachine(RuleBasedStateMachine):
    """An agent that asks, dies and is away, beside a vCenter whose samples come late, with gaps, and for a while only."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000
        self.truth: dict[int, tuple[int, int]] = {}  # slot -> (amount, the time at which it appears)
        self.live = begun()
        self.saved = to_json(self.live)
        self.saved_round = self.round = 1000
        self.counted: dict[int, int] = {}
        self.saved_counted: dict[int, int] = {}

    @rule(amounts=st.lists(st.tuples(st.integers(0, 9), st.sampled_from([0, 0, 0, 1, 3, 9])), min_size=1, max_size=8))
    def time_passes_and_samples_are_made(self, amounts: list[tuple[int, int]]) -> None:
        for amount, delay in amounts:
            self.now += 1
            self.truth[self.now] = (amount, self.now + delay)

    @rule(slots=st.integers(1, 60))
    def time_passes_without_a_round(self, slots: int) -> None:
        for _ in range(slots):
            self.now += 1
            self.truth[self.now] = (self.now % 10, self.now)

    @rule(overlap=st.integers(0, 40), backwards=st.booleans())
    def a_round_is_made_and_written(self, overlap: int, backwards: bool) -> None:
        self.live.advance(self.now, 1000)
        earliest = max(self.now - GRID.width + 1, self.round - GRID.lookback_s // GRID.interval_s)
        start = self.live.open_from(earliest) - overlap
        answer = [
            (slot, self.truth[slot][0] if self.truth[slot][1] <= self.now else -1)
            for slot in range(max(start, self.now - GRID.width + 1), self.now + 1)
            if slot in self.truth
        ]
        if answer:
            ordered = answer[::-1] if backwards else answer
            slots = slots_of(GRID, self.live.head, [slot * GRID.interval_s for slot, _ in ordered])
            self.live.count_all(*KEY, slots, [amount for _, amount in ordered], 1)
        for slot, amount in answer:
            if amount >= 0:
                self.counted[slot] = amount
        self.round = self.now
        self.saved, self.saved_round, self.saved_counted = to_json(self.live), self.round, dict(self.counted)

    @rule()
    def the_agent_is_killed_and_starts_from_what_it_wrote(self) -> None:
        self.live = from_json(GRID, self.saved)
        self.round = self.saved_round
        self.counted = dict(self.saved_counted)

    @precondition(lambda self: self.saved_counted)
    @rule()
    def the_agent_is_killed_between_counting_and_writing(self) -> None:
        self.live.advance(self.now, 1000)
        self.live.count(*KEY, [(slot, self.truth[slot][0]) for slot in self.truth if slot > self.now - GRID.width])
        self.the_agent_is_killed_and_starts_from_what_it_wrote()

    @invariant()
    def the_total_is_the_sum_of_what_was_counted_each_slot_once(self) -> None:
        total = self.live.series[KEY].total if KEY in self.live.series else 0
        assert total == sum(self.counted.values())

    @invariant()
    def every_slot_that_left_the_horizon_is_counted_or_lost(self) -> None:
        left = range(1000, self.live.head - GRID.width + 1)
        assert self.live.lost_slots == sum(slot not in self.counted for slot in left)


TestCounting = CountingMachine.TestCase
TestCounting.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
