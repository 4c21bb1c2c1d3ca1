"""Faults of datastores, datastore clusters and resource pools, and of vCenter itself."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from agent.simulator.estate.copies import vary
from agent.simulator.objects import Estate
from agent.simulator.planted.table import plant

PROD_1, PROD_2, PROD_4, TEST_1, TEST_2, ISO = (
    "datastore-501",
    "datastore-502",
    "datastore-504",
    "datastore-505",
    "datastore-506",
    "datastore-499",
)
POD, POOL, ROOT = "group-p7", "resgroup-1011", "group-d1"


def _set_summary(estate: Estate, moid: str, **changes: Any) -> None:
    estate.set(moid, "summary", vary(estate.get(moid, "summary"), **changes))


@plant("datastore_inaccessible", causes=("host_storage_unreachable",))
def away(estate: Estate) -> Iterator[str]:
    """One host cannot reach the datastore."""
    mounts = list(estate.get(TEST_1, "host"))
    lost = vary(mounts[0].mountInfo, accessible=False, inaccessibleReason="AllPathsDown_Timeout")
    estate.set(TEST_1, "host", [vary(mounts[0], mountInfo=lost), *mounts[1:]])
    yield TEST_1


@plant("datastore_in_maintenance")
def in_maintenance(estate: Estate) -> Iterator[str]:
    """It is being emptied."""
    _set_summary(estate, TEST_2, maintenanceMode="inMaintenance")
    yield TEST_2


@plant("datastore_not_on_all_hosts")
def not_everywhere(estate: Estate) -> Iterator[str]:
    """It was taken off one host of production."""
    estate.set(PROD_4, "host", [one for one in estate.get(PROD_4, "host") if one.key._GetMoId() != "host-303"])  # noqa: SLF001 - pyVmomi's accessor of the moid
    yield PROD_4


@plant("datastore_figure_old")
def not_refreshed(estate: Estate) -> Iterator[str]:
    """VCenter has not looked at it for days."""
    estate.set(ISO, "info", vary(estate.get(ISO, "info"), timestamp=estate.now() - timedelta(days=4)))
    yield ISO


@plant("datastore_overprovisioned")
def promised(estate: Estate) -> Iterator[str]:
    """Thin disks may grow to three times what there is."""
    _set_summary(estate, PROD_1, uncommitted=3 * estate.get(PROD_1, "summary.capacity"))
    yield PROD_1


@plant("datastore_space_unaccounted")
def unaccounted(estate: Estate) -> Iterator[str]:
    """Files of nobody's fill a third of it."""
    capacity, free = estate.get(PROD_2, "summary.capacity"), estate.get(PROD_2, "summary.freeSpace")
    _set_summary(estate, PROD_2, freeSpace=2 * free, capacity=2 * capacity)
    yield PROD_2


@plant("datastore_latency_high")
def slow(estate: Estate) -> Iterator[str]:
    """A read takes 80 ms."""
    estate.performance[PROD_1, "datastore.totalReadLatency.average"] = lambda _instance, _second: 80
    yield PROD_1


@plant("storage_pod_drs_off")
def by_hand(estate: Estate) -> Iterator[str]:
    """Storage DRS is switched off."""
    entry = estate.get(POD, "podStorageDrsEntry")
    off = vary(entry.storageDrsConfig.podConfig, enabled=False)
    estate.set(POD, "podStorageDrsEntry", vary(entry, storageDrsConfig=vary(entry.storageDrsConfig, podConfig=off)))
    yield POD


@plant("storage_pod_nearly_full")
def full(estate: Estate) -> Iterator[str]:
    """Little is left of all of it together."""
    summary = estate.get(POD, "summary")
    estate.set(POD, "summary", vary(summary, freeSpace=summary.capacity // 20))
    yield POD


@plant("resource_pool_cpu_at_limit")
def throttled(estate: Estate) -> Iterator[str]:
    """The pool uses all of its CPU."""
    runtime = estate.get(POOL, "runtime")
    estate.set(POOL, "runtime", vary(runtime, cpu=vary(runtime.cpu, overallUsage=39_900)))
    yield POOL


@plant("resource_pool_memory_at_limit")
def squeezed(estate: Estate) -> Iterator[str]:
    """The pool uses all of its memory."""
    limit = estate.get(POOL, "config.memoryAllocation.limit")
    runtime = estate.get(POOL, "runtime")
    estate.set(POOL, "runtime", vary(runtime, memory=vary(runtime.memory, overallUsage=limit * 1024**2)))
    yield POOL


@plant("alarm_actions_off")
def silent(estate: Estate) -> Iterator[str]:
    """Alarms on a host notify nobody."""
    estate.set("host-304", "alarmActionsEnabled", False)
    yield "host-304"


@plant("vcenter_event_retention_short")
def forgetful(estate: Estate) -> Iterator[str]:
    """Events are kept for ten days."""
    estate.options["event.maxAge"] = 10
    yield ROOT


@plant("vcenter_clock_off", round_=5, causes=("host_clock_off",))
def ahead(estate: Estate) -> Iterator[str]:
    """VCenter's clock is a minute and a half ahead."""
    estate.skew = timedelta(seconds=90)
    yield ROOT
