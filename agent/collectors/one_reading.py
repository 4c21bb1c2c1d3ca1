"""One vCenter read once, from login to logout, for commands that judge it and end."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from agent.clock import Clock
from agent.collectors.inventory_reading import InventoryReading
from agent.collectors.loop import RunLog
from agent.collectors.measured_objects import measured_objects
from agent.collectors.performance_kind import PerformanceKind
from agent.errors import NotPermitted, Refused, Undecodable
from agent.health.look import Look
from agent.health.measured import Measured, read_once
from agent.model.builds import BuildTable
from agent.model.counter_uses import DEFAULT_COUNTERS, GRIDS
from agent.model.event import Event
from agent.model.inventory import Inventory
from agent.model.performance import Performance
from agent.model.world import LedgerStatus, Target
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.events import EventReader
from agent.vcenter.performance import CHUNK, PerformanceReader
from agent.vcenter.session import Session, connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport

_KINDS = ("vm", "host", "datastore")
"""Objects of which checks look at counters."""


def look_once(
    endpoint: Endpoint,
    password: Callable[[], str],
    clock: Clock,
    *,
    days: float,
    kinds: Collection[str],
    builds: BuildTable,
) -> Look:
    """Everything that the health checks look at; the performance counters are those of the last minutes.

    Args:
        endpoint: Where and how to connect.
        password: Reads the password.
        clock: The agent's clock.
        days: How far back to read events.
        kinds: Which kinds of events to keep.
        builds: The table of releases.

    Raises:
        VCenterError: it cannot be read.
    """
    stub = Stub(Transport(endpoint, clock))
    try:
        session = connect(stub, endpoint.username, password(), clock)
    except BaseException:
        stub.transport.close()
        raise
    try:
        return _look(session, endpoint, clock, days=days, kinds=frozenset(kinds), builds=builds)
    finally:
        session.close()


def _look(
    session: Session, endpoint: Endpoint, clock: Clock, *, days: float, kinds: frozenset[str], builds: BuildTable
) -> Look:
    reading = InventoryReading(endpoint.name, clock)
    logs = [RunLog(name, endpoint.slow_interval_s, clock) for name in ("inventory", "quick", "slow")]
    reading.attach(session)
    offset = session.clock_offset_s()
    reading.read_quick(session)
    reading.read_slow(session)
    theirs = clock.now() + timedelta(seconds=offset)
    events, retention = _events(session, theirs - timedelta(days=days), theirs)
    for log in logs:
        log.succeeded()
    inventory = reading.inventory(logs[1].status, logs[2].status, clock.now())
    assert inventory is not None  # noqa: S101 - attached above
    target = Target(
        name=endpoint.name,
        address=endpoint.address,
        up=True,
        connected_since=clock.now(),
        clock_offset_s=offset,
        certificate_expires=session.stub.transport.certificate_expires,
        inventory=inventory,
        collectors={log.name: log.status for log in logs},
        ledger=replace(LedgerStatus(), retention_days=retention),
    )
    return Look(
        now=clock.now(),
        target=target,
        inventory=inventory,
        events=None if events is None else tuple(one for one in events if one.kind in kinds),
        events_since=None if events is None else theirs - timedelta(days=days),
        measured=_measured(session, inventory, theirs, clock.now()),
        builds=builds,
    )


def _events(session: Session, begin: datetime, end: datetime) -> tuple[list[Event] | None, int | None]:
    try:
        reader = EventReader(session)
        retention = reader.retention()
        found = reader.read(begin, end)
    except (NotPermitted, Refused, Undecodable, AttributeError):  # a standalone host may have no event manager
        return None, None
    events = sorted(found.events, key=lambda one: (one.created, one.key))
    return events, retention.days if retention.told else None


def _measured(session: Session, inventory: Inventory, theirs: datetime, now: datetime) -> Measured | None:
    """The means over the samples of the last minutes; None if there are none."""
    try:
        reader = PerformanceReader(session)
        definitions = reader.definitions()
        kinds = {name: PerformanceKind(name, GRIDS[name], DEFAULT_COUNTERS[name], definitions) for name in _KINDS}
        now_s = int(theirs.timestamp())
        limit = reader.most_metrics()
        for name, kind in kinds.items():
            objects, _ = measured_objects(inventory, name)
            most = CHUNK if kind.grid.real_time or limit is None else max(1, limit // max(1, kind.metrics_per_object))
            for answer in reader.query(kind.plan(objects, now_s, None), min(CHUNK, most)):
                kind.take(answer)
    except (NotPermitted, Refused, Undecodable):
        return None
    counted = _seconds(kinds)
    if counted == 0:
        return None
    entities = {name: kind.published(tuple(kind.totals), now_s) for name, kind in kinds.items()}
    return read_once(Performance(definitions=definitions, entities=entities), now, counted)


def _seconds(kinds: Mapping[str, PerformanceKind]) -> float:
    """How long the samples that were counted go back: those of the object that has most of them."""
    slots = [
        series.mask.bit_count() * kind.grid.interval_s
        for kind in kinds.values()
        if kind.grid.real_time
        for totals in kind.totals.values()
        for series in totals.series.values()
    ]
    return max(slots, default=0)
