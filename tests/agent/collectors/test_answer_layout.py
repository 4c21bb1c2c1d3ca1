"""Series counted all at once come to what they come to one by one, whatever vCenter leaves out or gives twice."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.collectors.performance_kind import MeasuredObject, PerformanceKind
from agent.model.performance import Combine, CounterDefinition, CounterUse, SampleGrid
from agent.vcenter.performance import EntityAnswer

GRID = SampleGrid(interval_s=20, lookback_s=100, horizon_s=600)
BEGIN_S = 1_795_510_800
USES = (
    CounterUse(name="cpu.ready.summation", unit="millisecond", stats_type="delta", peak=True),
    CounterUse(name="net.bytesRx.average", unit="kiloBytesPerSecond", stats_type="rate", newest=True),
    CounterUse(name="disk.commandsAborted.summation", unit="number", stats_type="delta", instance="*"),
    CounterUse(
        name="disk.totalLatency.average", unit="millisecond", stats_type="absolute", instance="*", combine=Combine.MAX
    ),
    CounterUse(name="sys.uptime.latest", unit="second", stats_type="absolute"),
)
DEFINITIONS = {
    use.name: CounterDefinition(id=number, name=use.name, unit=use.unit, stats_type=use.stats_type)
    for number, use in enumerate(USES, start=1)
}
IDS = ((1, ""), (2, ""), (2, "4000"), (3, ""), (3, "naa.1"), (3, "naa.2"), (4, "naa.1"), (4, "naa.2"), (5, ""), (9, ""))


class OneByOne(PerformanceKind):
    """Counts each series by itself, always."""

    def _take_row(self, *_):
        return False


def kinds():
    return [made("vm", GRID, USES, DEFINITIONS, instances=frozenset({"net"})) for made in (PerformanceKind, OneByOne)]


def samples(chance, count, *, gaps):
    values = ("0", "7", "300", "-1") if gaps else ("0", "7", "300")
    short = chance.random() < 0.01
    return ",".join(chance.choices(values, k=count - short))


def rounds(chance):
    """Slots since the round before, how many samples the answer goes back beyond that, its order, and its series."""
    for _ in range(chance.randint(1, 8)):
        slots, again = chance.randint(1, 5), chance.choice([0, 0, 0, 2])
        ids = chance.choice([IDS, IDS, IDS, IDS[1:], IDS[:6], (*IDS, IDS[0])])
        gaps = chance.random() < 0.3
        yield slots, again, chance.random() < 0.3, ids, tuple(samples(chance, slots + again, gaps=gaps) for _ in ids)


@given(st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_all_at_once_and_one_by_one_come_to_the_same(seed):
    at_once, one_by_one = kinds()
    now_s, before_s = BEGIN_S, None
    for slots, again, backwards, ids, values in rounds(random.Random(seed)):
        now_s += slots * 20
        times = tuple(range(now_s - (slots + again - 1) * 20, now_s + 1, 20))
        answer = EntityAnswer("vm-1", 20, times[::-1] if backwards else times, ids, values)
        asked = [kind.plan([MeasuredObject("a", "vm-1", None)], now_s, before_s) for kind in (at_once, one_by_one)]
        assert asked[0] == asked[1]
        assert at_once.take(answer) == one_by_one.take(answer)
        assert at_once.totals["a"].series == one_by_one.totals["a"].series
        assert at_once.totals["a"].lost_slots == one_by_one.totals["a"].lost_slots
        assert at_once.published(["a"], now_s) == one_by_one.published(["a"], now_s)
        before_s = now_s


def test_series_that_were_all_there_are_counted_by_one_mask():
    kind, _ = kinds()
    for minute in range(3):
        now_s = BEGIN_S + 60 * minute
        kind.plan([MeasuredObject("a", "vm-1", None)], now_s, None)
        times = (now_s - 40, now_s - 20, now_s)
        kind.take(EntityAnswer("vm-1", 20, times, IDS, tuple("1,2,3" for _ in IDS)))
    totals = kind.totals["a"]
    assert not totals.apart
    assert totals.series["cpu.ready.summation", ""].total == 18
    assert totals.series["net.bytesRx.average", "4000"].total == 360
