"""Reading evidence back out of the ledger, as what the judgement is made from."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from sys import intern
from typing import Any

from agent.dataclass import dataclass
from agent.ledger.instants import instant, micros
from agent.ledger.last_seen import TIMES
from agent.ledger.merged import origins, vcenters_of
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
    "datacenter, fields, private, seal, learned"
)
AUTHOR = "coalesce(user, json_extract(private, '$.user'))"
"""Who did it, wherever that stands."""
_EVER = -(1 << 62)
NO_PROOF = (
    "TaskEvent",
    "VmReconfiguredEvent",
    "AlarmStatusChangedEvent",
    "AlarmAcknowledgedEvent",
    "AlarmClearedEvent",
)
"""Kinds that say nothing of a state, and of which there are more than of all others together."""
_STARTED = "kind = 'ServerStartedSessionEvent'"
"""Written out, so that the index of just these is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A vCenter that the ledger knows: its number there, instanceUuid, and the name it had when it was first seen."""

    seq: int
    uuid: str
    name: str
    kept_by: tuple[tuple[int, str], ...] = ()
    """in a merged ledger, for each that was merged the number that it has there, and the label of that ledger"""


def vcenters(connection: sqlite3.Connection) -> tuple[Known, ...]:
    """All of them, the oldest first."""
    rows = connection.execute("SELECT seq, uuid, name FROM vcenters ORDER BY seq").fetchall()
    if origins(connection):
        names = {uuid: name for _, uuid, name in reversed(rows)}
        return tuple(
            Known(
                seq=-number, uuid=uuid, name=names[uuid], kept_by=tuple(sorted((seq, one.label) for seq, one in found))
            )
            for number, (uuid, found) in enumerate(vcenters_of(connection).items(), start=1)
        )
    return tuple(Known(seq=seq, uuid=uuid, name=name) for seq, uuid, name in rows)


def vcenter_with(connection: sqlite3.Connection, uuid: str) -> Known | None:
    """The one that `About.lasting_id` names; None if the ledger has none of it."""
    return next((one for one in vcenters(connection) if one.uuid == uuid), None)


def event_of(row: tuple[Any, ...]) -> RecordedEvent:
    """An event from its `EVENT_COLUMNS`. Equal texts are one object: a month of events takes half of the memory."""
    key, chain, kind, created, user, message, *places, fields, private, seal, learned = row
    personal = json.loads(private) if private is not None else {}
    vm, vm_name, host, host_name, cluster, datastore, datastore_name, datacenter = map(_shared, places)
    told = {**json.loads(fields), **personal.get("fields", {})}
    event = Event(
        key=key,
        chain_id=chain,
        kind=intern(kind),
        created=instant(created),
        user=_shared(personal.get("user", user)),
        message=_shared(personal.get("message", message)),
        vm=vm,
        vm_name=vm_name,
        host=host,
        host_name=host_name,
        cluster=cluster,
        datastore=datastore,
        datastore_name=datastore_name,
        datacenter=datacenter,
        fields={intern(name): intern(text) for name, text in told.items()},
    )
    return RecordedEvent(event=event, learned_at=instant(learned), purged=seal is not None and private is None)


def _shared(text: str | None) -> str | None:
    return None if text is None else intern(text)


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


def platform_evidence(connection: sqlite3.Connection, vcenter: int, since: datetime) -> VCenterEvidence:
    """Coverage, hosts and datastores of one vCenter; VMs are read by `vm_evidence`, which may be many.

    What happened before `since` is left out, but for the values that held then.
    """
    start = micros(since)
    events: dict[str, dict[str, list[RecordedEvent]]] = {kind: defaultdict(list) for kind in ("host", "datastore")}
    for one in _events(connection, "vcenter = ? AND created >= ? AND vm IS NULL", (vcenter, start)):
        if one.event.datastore is not None:
            events["datastore"][one.event.datastore].append(one)
        if one.event.host is not None:
            events["host"][one.event.host].append(one)

    def of(kind: str) -> dict[str, ObjectEvidence]:
        seen = _observations(connection, "vcenter = ? AND kind = ?", (vcenter, kind), start)
        return {
            moid: ObjectEvidence(
                object_id=moid, events=tuple(events[kind].get(moid, ())), observations=tuple(seen.get(moid, ()))
            )
            for moid in {*events[kind], *seen}
        }

    return VCenterEvidence(
        coverage=coverage(connection, vcenter, start),
        hosts=of("host"),
        datastores={**of("datastore"), **_lives(connection, vcenter)},
    )


def vm_evidence(
    connection: sqlite3.Connection, vcenter: int, register: VmRegister, vm_ids: Iterable[str], since: datetime
) -> dict[str, ObjectEvidence]:
    """What is recorded of these VMs, by `vm_id`, under all moids they had; a VM of which nothing is recorded is left out.

    What happened before `since` is left out, but for the values that held then.
    """
    start = micros(since)
    relevant = f"kind NOT IN ({', '.join('?' * len(NO_PROOF))})"
    found = {}
    for vm_id in vm_ids:
        events: list[RecordedEvent] = []
        seen: list[Observation] = []
        samples: list[CounterSample] = []
        for moid in register.moids(vm_id):
            where = f"vcenter = ? AND vm = ? AND created >= ? AND {relevant}"
            events += _events(connection, where, (vcenter, moid, start, *NO_PROOF))
            of_moid = "vcenter = ? AND kind = 'vm' AND moid = ?"
            seen += _observations(connection, of_moid, (vcenter, moid), start).get(moid, ())
            samples += _samples(connection, vcenter, moid, start)
        if events or seen or samples:
            found[vm_id] = ObjectEvidence(
                object_id=vm_id, events=tuple(events), observations=tuple(seen), samples=tuple(samples)
            )
    return found


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


def _observations(
    connection: sqlite3.Connection, where: str, values: tuple[object, ...], start: int
) -> dict[str, list[Observation]]:
    """By moid: those since `start`, and of each path the last one before."""
    rows = connection.execute(
        f"SELECT moid, path, value, at, learned, pushed, seq FROM observations WHERE {where} ORDER BY seq",  # noqa: S608 - the conditions are this module's own
        values,
    )
    before: dict[tuple[str, str], Observation] = {}
    found: dict[str, list[Observation]] = defaultdict(list)
    for moid, path, value, at, learned, pushed, seq in rows:
        one = Observation(
            path=path,
            value=datetime.fromisoformat(value) if path in TIMES and value is not None else value,
            at=instant(at),
            learned_at=instant(learned),
            pushed=bool(pushed),
            sequence=seq,
        )
        if at < start:
            before[moid, path] = one
        else:
            found[moid].append(one)
    for (moid, _), one in before.items():
        found[moid].append(one)
    return found


def _samples(connection: sqlite3.Connection, vcenter: int, moid: str, start: int) -> list[CounterSample]:
    rows = connection.execute(
        "SELECT counter, at, interval_s, value, learned FROM samples WHERE vcenter = ? AND moid = ? AND at >= ?",
        (vcenter, moid, start),
    )
    return [
        CounterSample(counter=counter, at=instant(at), interval_s=interval_s, value=value, learned_at=instant(learned))
        for counter, at, interval_s, value, learned in rows
    ]
