"""Writes the demonstration's month into a ledger, as an agent that ran all the time would have left it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from agent.cli.demo_month.cast import Cast, Month, cast, month_before
from agent.cli.demo_month.past import at_the_end, changes_at, seen_at
from agent.cli.demo_month.story import Down, downs, events, host_back, host_failure, removed_at, vcenter_away
from agent.collectors.hour_account import HourAccount
from agent.collectors.observer import observed_values
from agent.ledger.database import Database
from agent.ledger.facts import FactWriter
from agent.ledger.hour_facts import record_hours
from agent.ledger.store import AWAY, RUNNING, WATCHED, LedgerStore, Observed, Stretch
from agent.model.event import Event
from agent.model.evidence import GONE, PRESENT, Observation, Span
from agent.model.facts import ClusterHour, DatastoreHour, HourFacts
from agent.model.identity import vm_ids
from agent.model.inventory import Inventory

_S = timedelta(seconds=1)
_HOUR = timedelta(hours=1)
_SEEN_AFTER = 2 * _S
"""A push comes after its event."""


class Recorded(NamedTuple):
    """What was written."""

    month: Month
    past: Inventory
    """the estate at `month.until`"""
    parts: Cast


def record_month(file: Path, name: str, inventory: Inventory, told: tuple[Event, ...], now: datetime) -> Recorded:
    """Write it all into a new database.

    Args:
        file: The agent's database.
        name: The vCenter as it will be configured.
        inventory: The estate as it is now, read whole.
        told: The events that the vCenter itself tells of.
        now: vCenter's clock.
    """
    month = month_before(now)
    past = at_the_end(inventory, told, month)
    parts = cast(inventory, past, month)
    past_downs = downs(past, parts, month)
    begin = seen_at(past, parts, month, month.begin)
    database = Database(file)
    try:
        store = LedgerStore(database)
        uuid = inventory.about.lasting_id(name)
        vcenter = store.vcenter(uuid, name, month.begin)
        store.record_observations(vcenter, list(_first(begin, month)), (), month.begin)
        later = sorted(_later(past, parts, past_downs, month), key=lambda one: one.observation.at)
        store.record_observations(vcenter, later, (), month.until)
        store.record_spans(vcenter, _watched(month), month.until)
        store.record_events(vcenter, events(past, parts, month), (), None, month.until)
        covered = Span(start=month.begin, end=month.until)
        store.record_events(vcenter, (), (), covered, month.until, follows=False)
        writer = FactWriter(database, vcenter)
        for at in changes_at(month):
            seen = at + 40 * _S if at > month.begin else at
            writer.keep(seen_at(past, parts, month, at), seen, seen)
        moids = {vm_id: moid for moid, vm_id in vm_ids(begin.vms).items()}
        record_hours(database, vcenter, tuple(_hours(past, parts, month)), moids, month.until)
    finally:
        database.close()
    return Recorded(month, past, parts)


def _first(begin: Inventory, month: Month) -> Iterator[Observed]:
    for kind, moid, path, value, pushed in observed_values(begin):
        yield Observed(
            kind, moid, Observation(path=path, value=value, at=month.begin, learned_at=month.begin, pushed=pushed)
        )


def _later(past: Inventory, parts: Cast, past_downs: list[Down], month: Month) -> Iterator[Observed]:
    """What was seen to change: states of VMs, the failed host, and what was deleted."""

    def saw(kind: str, moid: str, path: str, value: str | datetime | None, at: datetime) -> Observed:
        seen = at + _SEEN_AFTER
        return Observed(kind, moid, Observation(path=path, value=value, at=seen, learned_at=seen))

    for down in past_downs:
        moid = down.vm.moid
        suspended = down.vm.power_state == "suspended"
        if down.user is None:  # vCenter shows what it knew last, until HA has started it elsewhere
            yield saw("vm", moid, "runtime.host", past.vms[moid].host, down.end)
            yield saw("vm", moid, "runtime.bootTime", down.end, down.end)
            continue
        yield saw("vm", moid, "runtime.powerState", "suspended" if suspended else "poweredOff", down.start)
        yield saw("vm", moid, "guestHeartbeatStatus", "gray", down.start)
        if suspended:
            yield saw("vm", moid, "runtime.suspendTime", down.start, down.start)
            continue
        yield saw("vm", moid, "runtime.powerState", "poweredOn", down.end)
        yield saw("vm", moid, "runtime.bootTime", down.end, down.end)
        yield saw("vm", moid, "guestHeartbeatStatus", "green", down.end + 55 * _S)
    if parts.failed_host is not None:
        host = parts.failed_host.moid
        yield saw("host", host, "runtime.connectionState", "notResponding", host_failure(month) + 12 * _S)
        yield saw("host", host, "runtime.connectionState", "connected", host_back(month))
    if parts.removed is not None:
        yield saw("vm", parts.removed.moid, PRESENT, GONE, removed_at(month))


def _watched(month: Month) -> Iterator[Stretch]:
    away, back = vcenter_away(month)
    yield Stretch(kind=WATCHED, start=month.begin, end=away)
    yield Stretch(kind=AWAY, start=away, end=back)
    yield Stretch(kind=WATCHED, start=back, end=month.until)
    yield Stretch(kind=RUNNING, start=month.begin, end=month.until)


def _hours(past: Inventory, parts: Cast, month: Month) -> Iterator[HourFacts]:
    """Free space shrinks a little each hour; a host less while one has failed; CPU ready is low but for a busy hour a day."""
    account = HourAccount()
    account.look(past, None, month.begin)
    usual = account.taken()
    if usual is None:
        return
    ids = sorted(vm_ids(past.vms).values())
    hours = (month.until - month.begin) // _HOUR
    for number in range(hours):
        start = month.begin + number * _HOUR
        left = hours - number
        yield HourFacts(
            start=start,
            rounds=60,
            datastores={moid: _emptier(one, left) for moid, one in usual.datastores.items()},
            clusters=_without_host(usual.clusters, parts)
            if start <= host_failure(month) < start + _HOUR
            else usual.clusters,
            cpu_ready={
                vm_id: {0: 3300, 1: 240, 2 + index % 2: 60} if (number + index) % 24 == 9 else {0: 3540, 1: 60}
                for index, vm_id in enumerate(ids)
            },
        )


def _emptier(one: DatastoreHour, left: int) -> DatastoreHour:
    more = min((one.capacity_bytes - one.least_free_bytes) // 20_000 * left, one.capacity_bytes - one.least_free_bytes)
    return replace(one, least_free_bytes=one.least_free_bytes + more)


def _without_host(clusters: Mapping[str, ClusterHour], parts: Cast) -> Mapping[str, ClusterHour]:
    host = parts.failed_host
    cluster = host.parent if host is not None else None
    if cluster is None or cluster not in clusters:
        return clusters
    usual = clusters[cluster]
    tolerated = usual.least_failures_tolerated
    fewer = replace(
        usual,
        fewest_hosts=usual.fewest_hosts - 1,
        least_failures_tolerated=None if tolerated is None else max(0, tolerated - 1),
    )
    return {**clusters, cluster: fewer}
