"""Reading evidence back out of the ledger, as what the judgement is made from."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agent.ledger.instants import instant, micros
from agent.ledger.last_seen import TIMES
from agent.ledger.store import AWAY, CLOCK_JUMP, COVERED, WATCHED
from agent.ledger.vm_register import VmRegister
from agent.model.event import Event
from agent.model.evidence import (
    CounterSample,
    Coverage,
    CoveredWindow,
    ObjectEvidence,
    Observation,
    RecordedEvent,
    Span,
    VCenterEvidence,
)

EVENT_COLUMNS = (
    "key, chain, kind, created, user, message, vm, vm_name, host, host_name, cluster, datastore, datastore_name, "
    "datacenter, fields, learned"
)
_EVER = -(1 << 62)
_NO_PROOF = (
    "TaskEvent",
    "VmReconfiguredEvent",
    "AlarmStatusChangedEvent",
    "AlarmAcknowledgedEvent",
    "AlarmClearedEvent",
)
"""Kinds that say nothing of a state, and of which there are more than of all others together."""
_STARTED = "kind = 'ServerStartedSessionEvent'"
"""Written out, so that the index of just these is used."""
_NO_VMS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A vCenter that the ledger knows: its number there, instanceUuid, and the name it had when it was first seen."""

    seq: int
    uuid: str
    name: str


def vcenters(connection: sqlite3.Connection) -> tuple[Known, ...]:
    """All of them, the oldest first."""
    rows = connection.execute("SELECT seq, uuid, name FROM vcenters ORDER BY seq")
    return tuple(Known(seq=seq, uuid=uuid, name=name) for seq, uuid, name in rows)


def event_of(row: tuple[Any, ...]) -> RecordedEvent:
    """An event from its `EVENT_COLUMNS`."""
    key, chain, kind, created, user, message, *places, fields, learned = row
    vm, vm_name, host, host_name, cluster, datastore, datastore_name, datacenter = places
    event = Event(
        key=key,
        chain_id=chain,
        kind=kind,
        created=instant(created),
        user=user,
        message=message,
        vm=vm,
        vm_name=vm_name,
        host=host,
        host_name=host_name,
        cluster=cluster,
        datastore=datastore,
        datastore_name=datastore_name,
        datacenter=datacenter,
        fields=json.loads(fields),
    )
    return RecordedEvent(event=event, learned_at=instant(learned))


def spans(
    connection: sqlite3.Connection, vcenter: int, kind: str, since: int = _EVER
) -> list[tuple[datetime, datetime, datetime]]:
    """Start, end and when learned of every span of a kind that ends after `since`, also of the one that still grows."""
    rows = connection.execute(
        "SELECT start, end, learned FROM spans WHERE vcenter = ?1 AND kind = ?2 AND end > ?3 "
        "UNION ALL SELECT start, end, learned FROM growing_spans WHERE vcenter = ?1 AND kind = ?2 AND end > ?3",
        (vcenter, kind, since),
    )
    return [(instant(start), instant(end), instant(learned)) for start, end, learned in rows]


def covered(connection: sqlite3.Connection, vcenter: int) -> tuple[datetime, datetime] | None:
    """From when on, and up to when, events were read; there may be gaps between. None if none were."""
    start, end = connection.execute(
        "SELECT min(start), max(end) FROM (SELECT start, end FROM spans WHERE vcenter = ?1 AND kind = ?2 "
        "UNION ALL SELECT start, end FROM growing_spans WHERE vcenter = ?1 AND kind = ?2)",
        (vcenter, COVERED),
    ).fetchone()
    return None if start is None else (instant(start), instant(end))


def coverage(connection: sqlite3.Connection, vcenter: int, since: int = _EVER) -> Coverage:
    """When this vCenter could be seen, without what ended before `since`."""

    def of(kind: str) -> tuple[Span, ...]:
        read = spans(connection, vcenter, kind, since)
        return tuple(Span(start=start, end=end) for start, end, _ in read if start < end)

    return Coverage(
        windows=tuple(
            CoveredWindow(start=start, end=end, learned_at=learned)
            for start, end, learned in spans(connection, vcenter, COVERED, since)
        ),
        watched=of(WATCHED),
        away=of(AWAY),
        clock_jumps=of(CLOCK_JUMP),
        server_starts=tuple(_events(connection, f"vcenter = ? AND {_STARTED}", (vcenter,))),
        oldest_kept=oldest_kept(connection, vcenter),
    )


def oldest_kept(connection: sqlite3.Connection, vcenter: int) -> datetime | None:
    """Before this, vCenter had deleted its events when its retention was read last; None while it keeps all."""
    row = connection.execute("SELECT days, read_at FROM retentions WHERE vcenter = ?", (vcenter,)).fetchone()
    return instant(row[1]) - timedelta(days=row[0]) if row and row[0] is not None else None


def evidence(
    connection: sqlite3.Connection,
    vcenter: int,
    register: VmRegister,
    *,
    since: datetime | None = None,
    only: Collection[str] | None = None,
) -> VCenterEvidence:
    """What is recorded of one vCenter, VMs by `vm_id`.

    Args:
        connection: In a reading transaction.
        vcenter: Its number in the ledger.
        register: Which VM was which.
        since: Leave out what happened before, but for the values that held then; None takes all.
        only: Only these VMs, by `vm_id`; hosts and datastores are always all there. None takes all.
    """
    start = micros(since) if since is not None else _EVER
    moids = None if only is None else {moid for vm_id in only for moid in register.moids(vm_id)}
    vm_events: dict[str, list[RecordedEvent]] = defaultdict(list)
    host_events: dict[str, list[RecordedEvent]] = defaultdict(list)
    datastore_events: dict[str, list[RecordedEvent]] = defaultdict(list)
    for one in _platform_events(connection, vcenter, start):
        if one.event.datastore is not None:
            datastore_events[one.event.datastore].append(one)
        if one.event.host is not None:
            host_events[one.event.host].append(one)
    for one in _vm_events(connection, vcenter, start, moids):
        vm_events[register.vm_id(str(one.event.vm))].append(one)
    seen = _observations(connection, vcenter, start, moids)
    samples = _samples(connection, vcenter, start, moids)

    def of(kind: str, events: Mapping[str, list[RecordedEvent]]) -> dict[str, ObjectEvidence]:
        names = {*events, *seen.get(kind, _NO_VMS)}
        return {
            name: ObjectEvidence(
                object_id=name, events=tuple(events.get(name, ())), observations=tuple(seen[kind].get(name, ()))
            )
            for name in names
        }

    vms: dict[str, list[Observation]] = defaultdict(list)
    counters: dict[str, list[CounterSample]] = defaultdict(list)
    for moid, values in seen["vm"].items():
        vms[register.vm_id(moid)] += values
    for moid, found in samples.items():
        counters[register.vm_id(moid)] += found
    return VCenterEvidence(
        coverage=coverage(connection, vcenter, start),
        vms={
            vm_id: ObjectEvidence(
                object_id=vm_id,
                events=tuple(vm_events.get(vm_id, ())),
                observations=tuple(vms.get(vm_id, ())),
                samples=tuple(counters.get(vm_id, ())),
            )
            for vm_id in {*vm_events, *vms, *counters}
        },
        hosts=of("host", host_events),
        datastores={**of("datastore", datastore_events), **_lives(connection, vcenter)},
    )


def _lives(connection: sqlite3.Connection, vcenter: int) -> dict[str, ObjectEvidence]:
    """The last event of any object before each start of vCenter: until then it was there, whichever VMs are asked for."""
    starts = [row[0] for row in connection.execute(
        f"SELECT created FROM events WHERE vcenter = ? AND {_STARTED}", (vcenter,))]  # fmt: skip  # noqa: S608 - a condition of our own
    last = [
        one
        for start in starts
        for one in _events(connection, "vcenter = ? AND created < ? ORDER BY created DESC LIMIT 1", (vcenter, start))
    ]
    return {"@vcenter": ObjectEvidence(object_id="@vcenter", events=tuple(last))} if last else {}


def _events(connection: sqlite3.Connection, where: str, values: Iterable[object]) -> Iterable[RecordedEvent]:
    rows = connection.execute(f"SELECT {EVENT_COLUMNS} FROM events WHERE {where}", tuple(values))  # noqa: S608 - the conditions are this module's own
    return map(event_of, rows)


def _platform_events(connection: sqlite3.Connection, vcenter: int, start: int) -> Iterable[RecordedEvent]:
    return _events(connection, "vcenter = ? AND created >= ? AND vm IS NULL", (vcenter, start))


def _vm_events(
    connection: sqlite3.Connection, vcenter: int, start: int, moids: Collection[str] | None
) -> Iterable[RecordedEvent]:
    relevant = f"kind NOT IN ({', '.join('?' * len(_NO_PROOF))})"
    if moids is None:
        where = f"vcenter = ? AND created >= ? AND vm IS NOT NULL AND {relevant}"
        yield from _events(connection, where, (vcenter, start, *_NO_PROOF))
        return
    for moid in moids:
        where = f"vcenter = ? AND vm = ? AND created >= ? AND {relevant}"
        yield from _events(connection, where, (vcenter, moid, start, *_NO_PROOF))


def _observations(
    connection: sqlite3.Connection, vcenter: int, start: int, moids: Collection[str] | None
) -> dict[str, dict[str, list[Observation]]]:
    """By kind and moid: those since `start`, and of each path the last one before."""
    found: dict[str, dict[str, list[Observation]]] = {kind: defaultdict(list) for kind in ("vm", "host", "datastore")}
    rows = connection.execute(
        "SELECT kind, moid, path, value, at, learned, pushed, seq FROM observations WHERE vcenter = ?1 AND at >= ?2 "
        "UNION ALL SELECT kind, moid, path, value, at, learned, pushed, max(seq) FROM observations "
        "WHERE vcenter = ?1 AND at < ?2 GROUP BY kind, moid, path ORDER BY 8",
        (vcenter, start),
    )
    for kind, moid, path, value, at, learned, pushed, seq in rows:
        if kind == "vm" and moids is not None and moid not in moids:
            continue
        found[kind][moid].append(
            Observation(
                path=path,
                value=datetime.fromisoformat(value) if path in TIMES and value is not None else value,
                at=instant(at),
                learned_at=instant(learned),
                pushed=bool(pushed),
                sequence=seq,
            )
        )
    return found


def _samples(
    connection: sqlite3.Connection, vcenter: int, start: int, moids: Collection[str] | None
) -> dict[str, list[CounterSample]]:
    found: dict[str, list[CounterSample]] = defaultdict(list)
    rows = connection.execute(
        "SELECT moid, counter, at, interval_s, value, learned FROM samples WHERE vcenter = ? AND at >= ?",
        (vcenter, start),
    )
    for moid, counter, at, interval_s, value, learned in rows:
        if moids is None or moid in moids:
            found[moid].append(
                CounterSample(
                    counter=counter,
                    at=instant(at),
                    interval_s=interval_s,
                    value=value,
                    learned_at=instant(learned),
                )
            )
    return found
