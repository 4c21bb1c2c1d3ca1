"""Means of counters over the last quarter of an hour, of which only what checks look at is kept."""

from datetime import UTC, datetime, timedelta

from agent.health.catalogue import counters_looked_at
from agent.health.measured import WINDOW, Lately
from agent.model.performance import EntityPerformance, GaugeReading, Performance

START = datetime(2026, 10, 14, 1, 0, tzinfo=UTC)
READY, LATENCY, SENT = "cpu.ready.summation", "cpu.latency.average", "net.bytesTx.average"
LOOKED_AT = {"vm": (READY, LATENCY)}


def published(**vms):
    """Of each VM its total and its reading."""
    entities = {
        name: EntityPerformance(
            totals={(READY, ""): total, (SENT, ""): 5, (READY, "0"): 1} if total is not None else {},
            gauges={(LATENCY, ""): GaugeReading(latest=latest, peak=9, at_s=0)} if latest is not None else {},
        )
        for name, (total, latest) in vms.items()
    }
    return Performance(entities={"vm": entities})


def after(*rounds, minutes=5):
    lately = Lately()
    for number, performance in enumerate(rounds):
        lately = lately.and_then(START + timedelta(minutes=minutes * number), performance, LOOKED_AT)
    return lately


def mean(lately, vm, counter):
    measured = lately.measured()
    return None if measured is None else measured.means("vm", counter).get(vm)


def test_a_total_makes_its_gain_a_second_and_a_reading_the_mean_of_all_rounds():
    lately = after(published(a=(600, 10)), published(a=(700, 20)), published(a=(1200, 60)))
    assert mean(lately, "a", READY) == 1.0
    assert mean(lately, "a", LATENCY) == 30.0


def test_what_no_check_looks_at_is_not_kept():
    lately = after(published(a=(600, 10)), published(a=(700, 20)))
    assert mean(lately, "a", SENT) is None


def test_too_short_a_time_has_no_means():
    assert after(published(a=(600, 10))).measured() is None
    assert after(published(a=(600, 10)), published(a=(700, 20)), minutes=3).measured() is None


def test_rounds_older_than_the_window_are_left_out_and_one_that_reaches_back_so_far_is_kept():
    lately = after(*(published(a=(60 * 5 * number**2, number)) for number in range(10)))
    assert lately.rounds[-1].at - lately.rounds[0].at == WINDOW
    assert mean(lately, "a", READY) == (9**2 - 6**2) / 3
    assert mean(lately, "a", LATENCY) == (6 + 7 + 8 + 9) / 4


def test_an_object_that_was_not_there_all_the_time_has_no_mean_and_costs_the_others_none():
    lately = after(published(a=(0, 10), b=(0, 10)), published(b=(150, 10)), published(c=(1, 1), b=(300, 40)))
    assert [mean(lately, vm, READY) for vm in "abc"] == [None, 0.5, None]
    assert [mean(lately, vm, LATENCY) for vm in "abc"] == [None, 20.0, None]


def test_a_total_that_was_begun_anew_or_is_not_there_has_no_mean():
    assert mean(after(published(a=(600, None)), published(a=(500, None))), "a", READY) is None
    assert mean(after(published(a=(None, None)), published(a=(500, None))), "a", READY) is None
    assert mean(after(published(a=(5, None)), published(a=(None, None))), "a", READY) is None


def test_a_reading_that_is_not_in_every_round_is_the_mean_of_those_that_there_are():
    assert mean(after(published(a=(0, None)), published(a=(0, 4)), published(a=(0, 8))), "a", LATENCY) == 6.0


def test_what_was_published_before_is_no_new_round():
    same = published(a=(0, 1))
    assert len(after(same, same, same).rounds) == 1


def test_every_counter_that_a_check_names_is_kept():
    assert READY in counters_looked_at()["vm"]
    assert set(counters_looked_at()) == {"vm", "host", "datastore"}
