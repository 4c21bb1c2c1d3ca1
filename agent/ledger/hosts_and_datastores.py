"""The ledgers of hosts (connected or not) and datastores (accessible or not)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from agent.ledger.host_history import FAILED, ISOLATED
from agent.ledger.knowledge import Blind, Knowledge, distinct, event_evidence
from agent.ledger.observed import Held, by_path, confirmations, unseen
from agent.ledger.spans import within
from agent.ledger.timeline import ANY, Mark, Proof, Stretch, drawn
from agent.ledger.virtual_machines import settled, shown
from agent.model.availability import Cause, Interval, Ledger, State
from agent.model.evidence import GONE, PRESENT, ObjectEvidence, RecordedEvent, Span

_CONNECTED, _LOST, _DISCONNECTED = 0b001, 0b010, 0b100
_HOST_STATES = {
    _CONNECTED: State.CONNECTED,
    _LOST: State.NOT_RESPONDING,
    _DISCONNECTED: State.DISCONNECTED,
    0: State.UNKNOWN,
}
_HOST_VALUES = {"connected": _CONNECTED, "notResponding": _LOST, "disconnected": _DISCONNECTED}
_NOT_CONNECTED = _LOST | _DISCONNECTED
_IN_MAINTENANCE, _IN_SERVICE = 0b010, 0b001
_ACCESSIBLE, _INACCESSIBLE = 0b001, 0b010
_DATASTORE_STATES = {_ACCESSIBLE: State.ACCESSIBLE, _INACCESSIBLE: State.INACCESSIBLE, 0: State.UNKNOWN}
_APD_START = frozenset({"esx.problem.storage.apd.start", "esx.problem.vmfs.heartbeat.unrecoverable"})
_APD_EXIT = frozenset({"esx.clear.storage.apd.exit", "esx.problem.vmfs.heartbeat.recovered"})


def host_ledger(evidence: ObjectEvidence, knowledge: Knowledge, start: datetime, end: datetime) -> Ledger:
    """A host as vCenter sees it; MAINTENANCE is a connected host that is not to run VMs."""
    events, held = distinct(evidence.events), by_path(evidence.observations)
    told = [mark for index in range(len(events)) if (mark := _connection(events, index)) is not None]
    read = _read(held.get("runtime.connectionState", ()), _HOST_VALUES, told, knowledge)
    blinds = [*knowledge.blinds, *_hidden(held, knowledge)]
    order = (_CONNECTED, _LOST, _DISCONNECTED)
    proofs = _held_proofs(held.get("runtime.connectionState", ()), _HOST_VALUES, knowledge)
    stretches, clashes = drawn(sorted([*told, *read], key=lambda one: one.at), blinds, proofs, order)
    service = [mark for one in events if (mark := _maintenance(one)) is not None]
    values = {"true": _IN_MAINTENANCE, "false": _IN_SERVICE, "True": _IN_MAINTENANCE, "False": _IN_SERVICE}
    read = _read(held.get("runtime.inMaintenanceMode", ()), values, service, knowledge)
    proofs = _held_proofs(held.get("runtime.inMaintenanceMode", ()), values, knowledge)
    marks = sorted([*service, *read], key=lambda one: one.at)
    periods, _ = drawn(marks, blinds, proofs, (_IN_MAINTENANCE, _IN_SERVICE))
    planned = [one for one in periods if one.state == _IN_MAINTENANCE]
    intervals = [part for one in stretches for part in _with_maintenance(one, planned)]
    names = {state: str(name) for state, name in _HOST_STATES.items()} | {_NOT_CONNECTED: "not connected"}
    return Ledger(
        object_id=evidence.object_id,
        start=start,
        end=end,
        intervals=shown(intervals, knowledge, start, end),
        contradictions=settled(clashes, names, knowledge, start, end),
    )


def datastore_ledger(evidence: ObjectEvidence, knowledge: Knowledge, start: datetime, end: datetime) -> Ledger:
    """A datastore by `summary.accessible`; the hosts' events of lost paths are named as evidence where they name it.

    No event of vCenter's tells of every loss, so silence proves nothing: a value holds while updates come.
    """
    held = by_path(evidence.observations)
    told = [mark for one in distinct(evidence.events) if (mark := _paths(one)) is not None]
    values = {"true": _ACCESSIBLE, "false": _INACCESSIBLE, "True": _ACCESSIBLE, "False": _INACCESSIBLE}
    read = _read(held.get("summary.accessible", ()), values, told, knowledge)
    blinds = [*knowledge.unwatched(), *_out_of_view(held)]
    marks = sorted([*told, *(_as_change(one) for one in read)], key=lambda one: one.at)
    stretches, clashes = drawn(marks, blinds, (), (_ACCESSIBLE, _INACCESSIBLE))
    intervals = [_interval(one, _DATASTORE_STATES, one.start, one.end) for one in stretches]
    names = {state: str(name) for state, name in _DATASTORE_STATES.items()}
    return Ledger(
        object_id=evidence.object_id,
        start=start,
        end=end,
        intervals=shown(intervals, knowledge, start, end),
        contradictions=settled(clashes, names, knowledge, start, end),
    )


def _connection(events: Sequence[RecordedEvent], index: int) -> Mark | None:
    recorded = events[index]
    kind = recorded.event.kind
    before, after, cause = {
        "HostConnectionLostEvent": (ANY & ~_DISCONNECTED, _LOST, Cause.HOST_NOT_RESPONDING),
        FAILED: (ANY, _LOST, Cause.HOST_FAILURE),
        ISOLATED: (ANY, _LOST, Cause.HOST_ISOLATION),
        "HostDisconnectedEvent": (ANY & ~_DISCONNECTED, _DISCONNECTED, Cause.HOST_DISCONNECTED),
        "HostConnectedEvent": (_NOT_CONNECTED, _CONNECTED, None),
        "HostShutdownEvent": (_CONNECTED, _CONNECTED, None),
    }.get(kind, (0, 0, None))
    if not after:
        return None
    if kind == "HostConnectionLostEvent":
        cause = _reason(events, index) or cause
    return Mark(
        at=recorded.event.created,
        before=before,
        after=after,
        evidence=(event_evidence(recorded),),
        transition=True,
        cause=cause,
        who=recorded.event.user if after == _DISCONNECTED else None,
    )


def _reason(events: Sequence[RecordedEvent], index: int) -> Cause | None:
    """What HA found soon after, or what somebody had told the host to do before."""
    for later in events[index + 1 :]:
        if later.event.kind == "HostConnectedEvent":
            break
        if later.event.kind == FAILED:
            return Cause.HOST_FAILURE
        if later.event.kind == ISOLATED:
            return Cause.HOST_ISOLATION
    for earlier in reversed(events[:index]):
        if earlier.event.kind == "HostConnectedEvent":
            break
        if earlier.event.kind == "HostShutdownEvent":
            return Cause.SHUTDOWN
    return None


def _maintenance(recorded: RecordedEvent) -> Mark | None:
    state = {"EnteredMaintenanceModeEvent": _IN_MAINTENANCE, "ExitMaintenanceModeEvent": _IN_SERVICE}
    after = state.get(recorded.event.kind)
    if after is None:
        return None
    return Mark(
        at=recorded.event.created,
        before=ANY,
        after=after,
        evidence=(event_evidence(recorded),),
        transition=True,
        who=recorded.event.user,
    )


def _paths(recorded: RecordedEvent) -> Mark | None:
    kind = recorded.event.kind
    if kind not in _APD_START | _APD_EXIT:
        return None
    after, cause = (_INACCESSIBLE, Cause.DATASTORE_LOSS) if kind in _APD_START else (_ACCESSIBLE, None)
    evidence = (event_evidence(recorded, recorded.event.host),)
    return Mark(at=recorded.event.created, before=ANY, after=after, evidence=evidence, transition=True, cause=cause)


def _read(values: Sequence[Held], states: Mapping[str, int], told: Sequence[Mark], knowledge: Knowledge) -> list[Mark]:
    """Observed values as marks, without those that a change close by explains."""
    found = []
    latency = knowledge.rules.latency
    for one in values:
        state = states.get(str(one.value))
        if state is None:
            continue
        for at in confirmations(one, knowledge):
            near = told[
                bisect_left(told, at - latency, key=lambda mark: mark.at) : bisect_right(
                    told, at + latency, key=lambda mark: mark.at
                )
            ]
            if not any(state & (mark.before | mark.after) for mark in near):
                evidence = (one.evidence(at if at > one.at else None),)
                found.append(Mark(at=at, before=state, after=state, evidence=evidence))
    return found


def _as_change(mark: Mark) -> Mark:
    """Without events a pushed value is the change itself: what was before it is what the value before says."""
    cause = Cause.DATASTORE_LOSS if mark.after == _INACCESSIBLE else None
    return Mark(at=mark.at, before=ANY, after=mark.after, evidence=mark.evidence, transition=True, cause=cause)


def _held_proofs(values: Sequence[Held], states: Mapping[str, int], knowledge: Knowledge) -> Iterator[Proof]:
    """While updates come a value holds until the next one, whether events of that time were read or not."""
    for one in values:
        state = states.get(str(one.value))
        if state is not None:
            for part in within(Span(start=one.at, end=one.until), knowledge.watched):
                end = part.end - knowledge.rules.latency
                yield Proof(start=part.start, end=end, state=state, evidence=(one.evidence(),))


def _hidden(held: Mapping[str, Sequence[Held]], knowledge: Knowledge) -> list[Blind]:
    hidden = knowledge.hidden(unseen(held.get(PRESENT, ()), knowledge))
    return [Blind(start=one.start, end=one.end, cause=Cause.NOT_VISIBLE, complete=False, rank=3) for one in hidden]


def _out_of_view(held: Mapping[str, Sequence[Held]]) -> list[Blind]:
    return [
        Blind(start=one.at, end=one.until, cause=Cause.NOT_VISIBLE, complete=False, rank=3)
        for one in held.get(PRESENT, ())
        if one.value == GONE
    ]


def _interval(stretch: Stretch, states: Mapping[int, State], start: datetime, end: datetime) -> Interval:
    state = states[stretch.state]
    return Interval(start=start, end=end, state=state, cause=stretch.cause, who=stretch.who, evidence=stretch.evidence)


def _with_maintenance(stretch: Stretch, planned: Sequence[Stretch]) -> list[Interval]:
    if stretch.state != _CONNECTED:
        return [_interval(stretch, _HOST_STATES, stretch.start, stretch.end)]
    found, at = [], stretch.start
    for one in planned:
        begin, stop = max(one.start, at), min(one.end, stretch.end)
        if begin < stop:
            if begin > at:
                found.append(_interval(stretch, _HOST_STATES, at, begin))
            found.append(Interval(start=begin, end=stop, state=State.MAINTENANCE, who=one.who, evidence=one.evidence))
            at = stop
    if at < stretch.end:
        found.append(_interval(stretch, _HOST_STATES, at, stretch.end))
    return found
