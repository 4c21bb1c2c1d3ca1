"""When vCenter could not see a VM although it ran itself, and what later proved of that time.

A VM is out of sight with its host, and when vCenter calls it anything but connected. It is in sight again when its host
is, or when it is started elsewhere.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from agent.dataclass import dataclass
from agent.ledger.causes import ISOLATED_VM, MIGRATIONS, POWERED_ON, RESTARTED_BY_HA
from agent.ledger.host_history import HostHistories, HostOutage
from agent.ledger.knowledge import Knowledge, Rules, event_evidence
from agent.ledger.observed import Held, last_known, missed_since
from agent.ledger.spans import FUTURE, PAST
from agent.model.availability import Cause, Evidence
from agent.model.evidence import RecordedEvent, Span

_NO_SUCH_HOST = ""
_AFTER = 1 << 63
"""Of one instant events come first, in the order of their keys; a new value is read after what changed it."""
_RESTART_TOLD = 120
"""HA says that it restarted a VM within so many seconds of its VmPoweredOnEvent."""


@dataclass(slots=True, kw_only=True)
class OutOfSight:
    """vCenter did not see a VM from `start` until just before `end`."""

    start: datetime
    """from when on it may have been"""
    noticed: datetime
    """from when on it certainly was"""
    end: datetime
    cause: Cause
    outage: HostOutage | None = None
    """that of its host"""
    restart: RecordedEvent | None = None
    """HA started the VM elsewhere, which ended it"""
    dead_since: datetime | None = None
    """from when on the VM was certainly not running, if HA restarted it"""
    evidence: tuple[Evidence, ...] = ()

    @property
    def unwanted(self) -> bool:
        """Nobody wished it: the host may have been dead before it was missed."""
        return self.cause in (Cause.HOST_NOT_RESPONDING, Cause.NOT_CONNECTED) and not (
            self.outage is not None and self.outage.by_user
        )


def out_of_sight(  # noqa: PLR0917 - all six are what the answer depends on
    events: Sequence[RecordedEvent],
    hosts: Sequence[Held],
    connection: Sequence[Held],
    histories: HostHistories,
    gaps: Sequence[Span],
    knowledge: Knowledge,
) -> list[OutOfSight]:
    """All such times of one VM, in order, without overlap. `hosts` and `connection` are its observed values.

    In `gaps` it may have moved without an event.
    """
    places = _places(events, hosts, gaps, knowledge)
    found = _with_hosts(places, histories)
    for one in _by_itself(events, connection, gaps, knowledge):
        whole = [
            other
            for other in found
            if max(other.start, one.start) < min(other.end, one.end) or other.start == one.start
        ]
        if not (whole and one.cause is Cause.NOT_CONNECTED and any(other.end < FUTURE for other in whole)):
            found.append(one)
        for other in whole:
            other.evidence = (*other.evidence, *one.evidence)
            if one.cause is Cause.NOT_CONNECTED and other.start - one.start <= knowledge.rules.latency:
                other.start = min(other.start, one.start)
    found = _united(found)
    _add_restarts(found, events, histories, knowledge.rules)
    return _united(found)


def _places(
    events: Sequence[RecordedEvent], hosts: Sequence[Held], gaps: Sequence[Span], knowledge: Knowledge
) -> list[tuple[datetime, str]]:
    """On which host the VM was from when on; the first is taken to hold from the start.

    A host that is first named after a gap held from the gap's end, unless the event that names it tells of a move.
    """
    moves = {
        one.event.created: one.event.fields.get("sourceHost.host") for one in events if one.event.kind in MIGRATIONS
    }
    told: list[tuple[datetime, int, str]] = []
    for held in hosts:
        if held.value is not None:
            told += [
                (held.at, _AFTER + held.observation.sequence, str(held.value)),
                (last_known(held, knowledge), -1, str(held.value)),
            ]
    told += [(one.event.created, one.event.key, one.event.host) for one in events if one.event.host is not None]
    places: list[tuple[datetime, str]] = []
    known = PAST
    for at, _, host in sorted(told):
        source = moves.get(at)
        gap = _gap_end_before(gaps, at)
        if not places:
            places.append((PAST, source or host))
        elif gap > known and (source is not None or at not in moves):
            places.append((gap, source or host))
        if places[-1][1] != host:
            places.append((at, host))
        known = at
    return places


def _gap_end_before(gaps: Sequence[Span], at: datetime) -> datetime:
    """The end of the last gap that began before this time, but not beyond it."""
    index = bisect_left(gaps, at, key=lambda one: one.start) - 1
    return min(gaps[index].end, at) if index >= 0 else PAST


def _with_hosts(places: Sequence[tuple[datetime, str]], histories: HostHistories) -> list[OutOfSight]:
    found = []
    for (since, host), (until, _) in pairwise([*places, (FUTURE, _NO_SUCH_HOST)]):
        outages = histories.by_host.get(host, ())
        for outage in outages[bisect_left(outages, since, key=lambda one: one.end) :]:
            if outage.start > until:
                break
            if outage.start < since == outage.end:
                continue
            found.append(
                OutOfSight(
                    start=max(outage.start, since),
                    noticed=max(outage.noticed, since),
                    end=min(outage.end, until),
                    cause=Cause.HOST_DISCONNECTED if outage.by_user else Cause.HOST_NOT_RESPONDING,
                    outage=outage,
                    evidence=tuple(outage.evidence),
                )
            )
    return found


_CONNECTION_CAUSES = {"disconnected": Cause.NOT_CONNECTED, "inaccessible": Cause.DATASTORE_LOSS}


def _by_itself(
    events: Sequence[RecordedEvent], connection: Sequence[Held], gaps: Sequence[Span], knowledge: Knowledge
) -> list[OutOfSight]:
    """What the VM's own events and its connectionState say."""
    items: list[tuple[datetime, int, Cause | None, Evidence, Held | None]] = []
    for one in connection:
        cause = None if one.value == "connected" else _CONNECTION_CAUSES.get(str(one.value), Cause.NOT_CONNECTED)
        items.append((one.at, 0, cause, one.evidence(), one))
    for recorded in events:
        at, key, kind = recorded.event.created, recorded.event.key, recorded.event.kind
        if kind in {"VmDisconnectedEvent", "VmOrphanedEvent"}:
            items.append((at, key, Cause.NOT_CONNECTED, event_evidence(recorded), None))
        elif kind == "VmConnectedEvent" or kind in POWERED_ON or kind in RESTARTED_BY_HA:
            items.append((at, key, None, event_evidence(recorded), None))
    found: list[OutOfSight] = []
    now: OutOfSight | None = None
    connected = PAST
    for at, _, cause, piece, read in sorted(items, key=lambda one: one[:2]):
        if cause is None:
            connected = max(connected, at if read is None else last_known(read, knowledge))
            if now is not None:
                now.end = at
                now.evidence = (*now.evidence, piece)
                now = None
        elif now is None:
            start = at if read is None else missed_since(at, connected, gaps)
            now = OutOfSight(start=start, noticed=at, end=FUTURE, cause=cause, evidence=(piece,))
            found.append(now)
    return found


def _united(found: Sequence[OutOfSight]) -> list[OutOfSight]:
    united: list[OutOfSight] = []
    for one in sorted(found, key=lambda one: (one.start, one.end)):
        last = united[-1] if united else None
        if last is not None and one.start < last.end:
            last.noticed = max(last.noticed, one.noticed)
            last.end = max(last.end, one.end)
            last.outage = last.outage or one.outage
            last.restart = last.restart or one.restart
            last.dead_since = last.dead_since or one.dead_since
            if last.cause is Cause.NOT_CONNECTED:
                last.cause = one.cause
            last.evidence = (*last.evidence, *(piece for piece in one.evidence if piece not in last.evidence))
        else:
            united.append(one)
    return united


def _add_restarts(
    found: list[OutOfSight], events: Sequence[RecordedEvent], histories: HostHistories, rules: Rules
) -> None:
    """Tie each restart by HA to the failure that it answers; of a failure nobody told only the restart is known."""
    for index, recorded in enumerate(events):
        if recorded.event.kind not in RESTARTED_BY_HA:
            continue
        at = _started(events, index)
        # A restart ends what it was hidden by: on another host it is in sight, wherever it had been before.
        ended = [one for one in found if one.start < at <= one.end or one.end == at]
        if ended:
            ended[-1].restart = recorded
            ended[-1].end = min(ended[-1].end, at)
            if not _isolated(ended[-1], events):
                ended[-1].dead_since = ended[-1].noticed
            continue
        left = bisect_left(histories.failures, at - rules.restart_search, key=lambda one: one.start)
        right = bisect_right(histories.failures, at + rules.host_silence, key=lambda one: one.start)
        possible = [one for one in histories.failures[left:right] if _may_have_held(one, recorded)]
        since = _last_power_on(events, at)
        # HA may be faster than vCenter, which misses a host for a minute: then the margin before the restart is all.
        start = min((min(one.start, at) for one in possible), default=at - rules.restart_search)
        dead = max((one.noticed for one in possible), default=None)
        dead = dead if dead is not None and dead < at else None
        one = OutOfSight(
            start=max(start, since),
            noticed=dead or at,
            end=at,
            cause=Cause.HOST_NOT_RESPONDING,
            outage=possible[0] if len(possible) == 1 else None,
            restart=recorded,
            evidence=tuple(piece for outage in possible for piece in outage.evidence),
        )
        if not any(outage.isolated for outage in possible):
            one.dead_since = dead
        found.append(one)
    found.sort(key=lambda one: (one.start, one.end))


def _started(events: Sequence[RecordedEvent], index: int) -> datetime:
    told = events[index].event.created
    for earlier in reversed(events[:index]):
        if (told - earlier.event.created).total_seconds() > _RESTART_TOLD:
            break
        if earlier.event.kind in POWERED_ON:
            return earlier.event.created
    return told


def _may_have_held(outage: HostOutage, restart: RecordedEvent) -> bool:
    cluster = restart.event.cluster
    return outage.host != restart.event.host and (outage.cluster is None or cluster in (None, outage.cluster))


def _last_power_on(events: Sequence[RecordedEvent], at: datetime) -> datetime:
    for recorded in reversed(events):
        if recorded.event.created < at and recorded.event.kind in POWERED_ON:
            return recorded.event.created
    return PAST


def _isolated(one: OutOfSight, events: Sequence[RecordedEvent]) -> bool:
    """An isolated host's VMs run on until its isolation response stops them."""
    if one.outage is not None and one.outage.isolated and not one.outage.failed:
        return True
    return any(one.start <= told.event.created <= one.end for told in events if told.event.kind in ISOLATED_VM)
