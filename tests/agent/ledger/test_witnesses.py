"""Few samples are written, and they prove as much as all of them would."""

from hypothesis import given
from hypothesis import strategies as st

from agent.ledger.witnesses import GUEST_UPTIME, HEARTBEAT, UPTIME, WitnessSelection
from agent.model.evidence import CounterSample
from tests.agent.ledger.ledger_file import at

DAY = 86_400


def sample(counter, seconds, value, interval=20):
    return CounterSample(counter=counter, at=at(seconds), interval_s=interval, value=value, learned_at=at(seconds + 5))


def written(counter, values, step=20):
    selection = WitnessSelection()
    return [
        ((one.at - at(0)).total_seconds(), one.value)
        for number, value in enumerate(values)
        for one in selection.worth("vm-1", sample(counter, number * step, value))
    ]


def test_a_day_of_one_uptime_is_three_rows():
    rows = written(UPTIME, [1000 + 20 * number for number in range(DAY // 20 + 1)])
    assert [when for when, _ in rows] == [0, DAY / 2, DAY]


def test_a_restart_keeps_the_last_sample_before_it_and_the_first_after():
    values = [5000 + 20 * number for number in range(10)] + [7, 27, 47]
    assert written(UPTIME, values) == [(0, 5000), (180, 5180), (200, 7)]


def test_a_boot_that_seems_to_move_by_a_second_or_two_is_the_same_boot():
    assert len(written(GUEST_UPTIME, [100 + 20 * number + number % 3 for number in range(200)])) == 1


def test_an_uptime_of_zero_is_a_vm_that_is_off_and_proves_nothing():
    assert written(UPTIME, [0, 0, 0]) == []


def test_a_silence_has_its_last_beat_its_length_and_its_next_beat():
    rows = written(HEARTBEAT, [10] * 5 + [0] * 4 + [10] * 5)
    assert rows == [(0, 10), (80, 10), (100, 0), (120, 0), (140, 0), (160, 0), (180, 10)]


def test_a_vm_that_never_has_a_beat_is_no_flood():
    assert len(written(HEARTBEAT, [0] * (DAY // 20))) <= 3


def test_what_is_gone_is_forgotten_and_begins_anew():
    selection = WitnessSelection()
    assert list(selection.worth("vm-1", sample(UPTIME, 0, 100)))
    assert not list(selection.worth("vm-1", sample(UPTIME, 20, 120)))
    selection.forget({"vm-2"})
    assert list(selection.worth("vm-1", sample(UPTIME, 40, 140)))


@given(st.lists(st.integers(1, 400), min_size=1, max_size=8))
def test_the_rows_prove_each_run_from_its_boot_to_its_last_sample(lengths):
    """Each run is proved by uptimes as far as all samples together would prove it, but for the last 12 hours."""
    values = [20 * number + 3 for length in lengths for number in range(length)]
    rows = written(UPTIME, values)
    end = 0
    for length in lengths[:-1]:
        first, last = end * 20, (end + length - 1) * 20
        proved = max(when for when, value in rows if first <= when <= last)
        assert proved == last
        end += length
