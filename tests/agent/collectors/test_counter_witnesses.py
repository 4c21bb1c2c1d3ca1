"""A guest that hangs while the session at vCenter is lost is silent all the same."""

from datetime import UTC, datetime

import pytest

from agent.collectors.counter_witnesses import CounterWitnesses
from agent.ledger.witnesses import HEARTBEAT
from agent.model.performance import CounterDefinition
from agent.vcenter.performance import EntityAnswer

NOW = datetime(2026, 10, 14, 1, 0, tzinfo=UTC)
BEGIN_S = int(NOW.timestamp())
BEATS = {HEARTBEAT: CounterDefinition(id=502, name=HEARTBEAT, unit="number", stats_type="delta")}


def answer(number, values):
    """Samples of 20 s, the first of them number `number`."""
    times = tuple(BEGIN_S + 20 * (number + place) for place in range(len(values)))
    return EntityAnswer(
        moid="vm-1",
        interval_s=20,
        times=times,
        ids=((502, ""),),
        values=(",".join(str(value) for value in values),),
    )


def test_a_new_session_goes_on_with_what_was_known_of_a_guest():
    witnesses = CounterWitnesses(BEATS)
    witnesses.take(answer(0, [20, 20, 0]), NOW)
    witnesses.define(BEATS)
    witnesses.take(answer(3, [0, 0, 0, 20]), NOW)
    assert [sample.value for _, sample in witnesses.pending] == [20, 20, 0, 0, 0, 0, 20]


def test_counters_with_other_numbers_are_other_counters():
    witnesses = CounterWitnesses(BEATS)
    witnesses.take(answer(0, [20]), NOW)
    witnesses.define({})
    witnesses.take(answer(1, [0]), NOW)
    assert [sample.value for _, sample in witnesses.pending] == [20]


@pytest.mark.parametrize(
    "beats",
    [[20] * 15, [0] * 15, [20] * 7 + [0] * 8, [0] * 7 + [20] * 8, [20, -1, 20, 0, 20, 20, 0, -1, -1, 20]],
    ids=["well", "silent", "falls silent", "wakes", "on and off"],
)
def test_samples_that_come_all_at_once_prove_what_they_prove_one_by_one(beats):
    at_once, one_by_one = CounterWitnesses(BEATS), CounterWitnesses(BEATS)
    at_once.take(answer(0, beats), NOW)
    for number, value in enumerate(beats):
        one_by_one.take(answer(number, [value]), NOW)
    assert at_once.pending == one_by_one.pending
