"""Counters: a 20 s grid, samples that never change, what is kept for how long, gaps and late data."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyVmomi import vim, vmodl

from agent.simulator.vcenter import SimulatedVCenter
from tests.simulator.clients import PASSWORD, USER, Client
from tests.simulator.tiny_estate import SteppedClock, tiny_estate

START = datetime(2026, 11, 2, 8, 0, 7, tzinfo=UTC)
PM = vim.PerformanceManager
READY, USAGE, ENERGY, POWER, UPTIME, OS_UPTIME, HEARTBEAT, USED = 12, 2, 159, 157, 155, 498, 156, 281
VM1 = vim.VirtualMachine("vm-1")


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(START)


@pytest.fixture
def vcenter(clock: SteppedClock) -> Iterator[SimulatedVCenter]:
    with SimulatedVCenter(tiny_estate(clock), users={USER: PASSWORD}) as running:
        yield running


def ask(client: Client, entity: Any, *counters: int, instance: str = "", **more: Any) -> Any:
    metrics = [PM.MetricId(counterId=counter, instance=instance) for counter in counters]
    return client.content.perfManager.QueryPerf(
        [PM.QuerySpec(entity=entity, metricId=metrics, **{"intervalId": 20, **more})]
    )


def series(answer: Any) -> dict[tuple[int, str], dict[datetime, int]]:
    """Each series of a normal answer as moment -> value."""
    (one,) = answer
    moments = [info.timestamp for info in one.sampleInfo]
    return {(each.id.counterId, each.id.instance): dict(zip(moments, each.value, strict=True)) for each in one.value}


def test_moments_lie_on_the_grid_and_the_start_is_not_among_them(client: Client) -> None:
    start, end = START - timedelta(seconds=67), START - timedelta(seconds=7)
    (one,) = ask(client, VM1, READY, startTime=start, endTime=end)
    assert [(info.timestamp, info.interval) for info in one.sampleInfo] == [
        (start + timedelta(seconds=seconds), 20) for seconds in (20, 40, 60)
    ]


def test_one_hour_is_kept_in_real_time(client: Client) -> None:
    (one,) = ask(client, VM1, READY)
    assert len(one.sampleInfo) == 180
    assert len(ask(client, VM1, READY, startTime=START - timedelta(hours=5))[0].sampleInfo) == 180
    assert len(ask(client, VM1, READY, maxSample=3)[0].sampleInfo) == 3


def test_a_sample_asked_for_twice_is_the_same(client: Client, clock: SteppedClock) -> None:
    first = series(ask(client, VM1, READY, USAGE, instance="*"))
    clock.step(600)
    later = series(ask(client, VM1, READY, USAGE, instance="*"))
    for key, values in first.items():
        shared = {moment: value for moment, value in values.items() if moment in later[key]}
        assert len(shared) == 150
        assert shared == {moment: later[key][moment] for moment in shared}


def test_both_formats_say_the_same(client: Client) -> None:
    normal = series(ask(client, VM1, READY, USAGE, UPTIME, instance="*", maxSample=5))
    (csv,) = ask(client, VM1, READY, USAGE, UPTIME, instance="*", maxSample=5, format="csv")
    parts = csv.sampleInfoCSV.split(",")
    assert set(parts[::2]) == {"20"}
    moments = [datetime.fromisoformat(moment) for moment in parts[1::2]]
    assert normal == {
        (one.id.counterId, one.id.instance): dict(zip(moments, map(int, one.value.split(",")), strict=True))
        for one in csv.value
    }


def test_the_aggregate_of_a_delta_is_the_sum_of_its_instances(client: Client) -> None:
    found = series(ask(client, VM1, READY, instance="*", maxSample=4))
    assert set(found) == {(READY, ""), *((READY, str(cpu)) for cpu in range(4))}
    for moment, total in found[READY, ""].items():
        assert total == sum(found[READY, str(cpu)][moment] for cpu in range(4))


def test_uptime_follows_the_boot_time_and_energy_the_power(client: Client) -> None:
    up = series(ask(client, VM1, UPTIME, OS_UPTIME, HEARTBEAT, POWER, ENERGY, maxSample=2))
    newest = START - timedelta(seconds=7)
    assert up[UPTIME, ""] == {newest - timedelta(seconds=20): 172773, newest: 172793}
    assert list(up[HEARTBEAT, ""].values()) == [20, 20]
    for moment, watts in up[POWER, ""].items():
        assert up[ENERGY, ""][moment] == pytest.approx(watts * 20, abs=20)


def test_a_guest_that_restarts_keeps_its_vm_running(vcenter: SimulatedVCenter, client: Client, clock: Any) -> None:
    clock.step(60)
    vcenter.estate.guest_boots["vm-1"] = [START + timedelta(seconds=43)]
    found = series(ask(client, VM1, UPTIME, OS_UPTIME, maxSample=2))
    assert list(found[OS_UPTIME, ""].values()) == [172833, 10]
    assert list(found[UPTIME, ""].values()) == [172833, 172853]


def test_a_vm_has_no_samples_while_it_is_off(vcenter: SimulatedVCenter, client: Client, clock: SteppedClock) -> None:
    assert ask(client, vim.VirtualMachine("vm-4"), READY) == []
    vcenter.estate.set("vm-1", "runtime.powerState", "poweredOff")
    clock.step(600)
    (one,) = ask(client, VM1, READY)
    assert (len(one.sampleInfo), one.sampleInfo[-1].timestamp) == (150, START - timedelta(seconds=7))
    assert client.content.perfManager.QueryAvailablePerfMetric(VM1, None, None, 20) == []


def test_late_samples_are_absent_or_a_gap_until_they_come(vcenter: SimulatedVCenter, client: Client) -> None:
    full = series(ask(client, VM1, READY))[READY, ""]
    newest = max(full)
    vcenter.faults.delay_samples(100, "vm-1")
    assert max(series(ask(client, VM1, READY))[READY, ""]) == newest - timedelta(seconds=100)
    vcenter.faults.delay_samples(100, "vm-1", as_gap=True)
    gap = series(ask(client, VM1, READY))[READY, ""]
    assert [value for moment, value in gap.items() if moment > newest - timedelta(seconds=100)] == [-1] * 5
    vcenter.faults.delay_samples(0, "vm-1")
    assert series(ask(client, VM1, READY))[READY, ""] == full


def test_lost_samples_read_minus_one_for_ever(vcenter: SimulatedVCenter, client: Client) -> None:
    newest = START - timedelta(seconds=7)
    vcenter.faults.lose_samples(newest - timedelta(seconds=60), newest - timedelta(seconds=20))
    assert [value == -1 for value in series(ask(client, VM1, READY, maxSample=4))[READY, ""].values()] == [
        False,
        True,
        True,
        False,
    ]


def test_a_rollup_is_made_of_the_samples_it_covers(client: Client) -> None:
    hour = series(ask(client, VM1, READY))[READY, ""]
    rolled = series(ask(client, VM1, READY, intervalId=300))[READY, ""]
    end = max(rolled)
    covered = [value for moment, value in hour.items() if end - timedelta(seconds=300) < moment <= end]
    assert (len(covered), rolled[end]) == (15, sum(covered))
    assert len(rolled) == 288


def test_history_keeps_aggregates_of_level_one_only(client: Client) -> None:
    found = series(
        ask(client, VM1, READY, 399, UPTIME, instance="*", intervalId=300, startTime=START - timedelta(hours=1))
    )
    assert set(found) == {(READY, ""), (UPTIME, "")}
    listed = client.content.perfManager.QueryAvailablePerfMetric(VM1, None, None, 300)
    assert {one.instance for one in listed} == {""}


def test_a_datastore_answers_in_history_whatever_interval_was_asked(client: Client) -> None:
    store = vim.Datastore("datastore-1")
    summary = client.content.perfManager.QueryPerfProviderSummary(store)
    assert (summary.currentSupported, summary.summarySupported, summary.refreshRate) == (False, True, -1)
    (one,) = ask(client, store, USED, startTime=START - timedelta(minutes=11))
    assert [info.interval for info in one.sampleInfo] == [300] * 3
    assert one.value[0].value == [4 * 10**12 // 1024] * 3


def test_used_space_in_the_past_stays_what_it_was(vcenter: SimulatedVCenter, client: Client, clock: Any) -> None:
    store = vim.Datastore("datastore-1")
    vcenter.estate.set("datastore-1", "summary.freeSpace", 10**12)
    clock.step(600)
    values = list(
        series(ask(client, store, USED, startTime=START - timedelta(minutes=6), intervalId=300))[USED, ""].values()
    )
    assert values == [4 * 10**12 // 1024, 4 * 10**12 // 1024, 7 * 10**12 // 1024, 7 * 10**12 // 1024]


def test_a_large_historical_query_is_restricted_and_a_real_time_one_is_not(
    vcenter: SimulatedVCenter, client: Client
) -> None:
    vcenter.estate.options["config.vpxd.stats.maxQueryMetrics"] = 2
    ask(client, VM1, READY, USAGE, UPTIME)
    with pytest.raises(vim.fault.RestrictedByAdministrator):
        ask(client, VM1, READY, USAGE, UPTIME, intervalId=300)


def test_an_unknown_counter_is_an_invalid_argument(client: Client) -> None:
    with pytest.raises(vmodl.fault.InvalidArgument):
        ask(client, VM1, 99999)


def test_an_estate_can_say_what_a_counter_reads(vcenter: SimulatedVCenter, client: Client) -> None:
    vcenter.estate.performance["vm-1", "cpu.ready.summation"] = lambda _instance, at: at % 1000
    assert all(
        value == int(moment.timestamp()) % 1000 for moment, value in series(ask(client, VM1, READY))[READY, ""].items()
    )


def test_the_catalogue_names_every_counter_once(client: Client) -> None:
    known = client.content.perfManager.perfCounter
    names = {f"{one.groupInfo.key}.{one.nameInfo.key}.{one.rollupType}": one for one in known}
    assert len(names) == len(known) >= 100
    ready = names["cpu.ready.summation"]
    assert (ready.key, ready.statsType, ready.unitInfo.key, ready.level) == (READY, "delta", "millisecond", 1)
    kept = {one.samplingPeriod: one.length for one in client.content.perfManager.historicalInterval}
    assert kept == {300: 86400, 1800: 604800, 7200: 2592000, 86400: 31536000}
