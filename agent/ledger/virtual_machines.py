"""The ledger of one VM: its power, and over what is powered on what is known of its guest."""

from collections.abc import Sequence
from datetime import datetime

from agent.ledger.causes import MIGRATIONS, NAMES, OFF, ON, SUSPENDED
from agent.ledger.guest import Guest, Silence
from agent.ledger.host_history import HostHistories
from agent.ledger.knowledge import Knowledge, distinct, event_evidence
from agent.ledger.observed import by_path
from agent.ledger.power import power_of
from agent.ledger.timeline import Clash, Stretch
from agent.model.availability import Cause, Contradiction, Interval, Ledger, Moment, State
from agent.model.evidence import ObjectEvidence, RecordedEvent

_STATES = {ON: State.UP, OFF: State.DOWN, SUSPENDED: State.SUSPENDED, 0: State.UNKNOWN}


def vm_ledger(
    evidence: ObjectEvidence, histories: HostHistories, knowledge: Knowledge, start: datetime, end: datetime
) -> Ledger:
    """Computed anew from all evidence, whatever was thought before; [start, end) is only what is shown of it."""
    events = distinct(evidence.events)
    held = by_path(evidence.observations)
    samples = sorted(set(evidence.samples), key=lambda one: (one.at, one.interval_s, one.counter))
    power = power_of(events, held, samples, histories, knowledge)
    guest = Guest(events, held, samples, knowledge)
    intervals: list[Interval] = []
    moments = [*_migrations(events)]
    for stretch in power.stretches:
        if stretch.end <= start or stretch.start >= end:
            continue
        silences: list[Silence] = []
        if stretch.state == ON:
            silences, unmeasured = guest.silences(stretch.start, stretch.end)
            moments += unmeasured
        intervals += _overlaid(stretch, silences)
    return Ledger(
        object_id=evidence.object_id,
        start=start,
        end=end,
        intervals=shown(intervals, knowledge, start, end),
        moments=tuple(sorted((one for one in moments if start <= one.at < end), key=lambda one: (one.at, one.cause))),
        contradictions=settled(power.clashes, NAMES, knowledge, start, end),
    )


def _migrations(events: Sequence[RecordedEvent]) -> list[Moment]:
    """A move takes the guest a blink; vCenter does not measure it."""
    return [
        Moment(
            at=one.event.created,
            cause=Cause.MIGRATION,
            who=one.event.user,
            evidence=(event_evidence(one),),
            learned_at=one.learned_at,
        )
        for one in events
        if one.event.kind in MIGRATIONS
    ]


def _overlaid(stretch: Stretch, silences: Sequence[Silence]) -> list[Interval]:
    """A stretch with the guest's silences cut out of it; where they overlap the one that began first goes on."""
    found: list[Interval] = []
    at = stretch.start
    for one in silences:
        begin, stop = max(one.start, at), min(one.end, stretch.end)
        if begin >= stop:
            continue
        if begin > at:
            found.append(_interval(stretch, at, begin))
        last = found[-1] if found else None
        if last is not None and last.state is State.GUEST_SILENT and last.end == begin:
            pieces = (*last.evidence, *(piece for piece in one.evidence if piece not in last.evidence))
            cause, who, begin = last.cause, last.who, last.start
            found.pop()
        else:
            pieces, cause, who = one.evidence, one.cause, one.who
        found.append(Interval(start=begin, end=stop, state=State.GUEST_SILENT, cause=cause, who=who, evidence=pieces))
        at = stop
    if at < stretch.end:
        found.append(_interval(stretch, at, stretch.end))
    return found


def _interval(stretch: Stretch, start: datetime, end: datetime) -> Interval:
    state = _STATES[stretch.state]
    return Interval(
        start=start,
        end=end,
        state=state,
        cause=None if state is State.UP else stretch.cause,
        who=stretch.who,
        evidence=stretch.evidence,
    )


def shown(intervals: Sequence[Interval], knowledge: Knowledge, start: datetime, end: datetime) -> tuple[Interval, ...]:
    """The part of a line in [start, end), each piece with when it was learned."""
    found = []
    for one in intervals:
        begin, stop = max(one.start, start), min(one.end, end)
        if begin < stop:
            learned = [piece.learned_at for piece in one.evidence]
            silence = knowledge.learned(stop) if one.state is not State.UNKNOWN else None
            found.append(
                Interval(
                    start=begin,
                    end=stop,
                    state=one.state,
                    cause=one.cause,
                    who=one.who,
                    evidence=one.evidence,
                    learned_at=max([*learned, *([silence] if silence else [])], default=None),
                )
            )
    return tuple(found)


def settled(
    clashes: Sequence[Clash], names: dict[int, str], knowledge: Knowledge, start: datetime, end: datetime
) -> tuple[Contradiction, ...]:
    """Contradictions of [start, end) that no late event can explain any more."""
    until = knowledge.settled_until
    return tuple(
        Contradiction(
            start=one.start,
            end=one.end,
            before=names.get(one.before, "?"),
            after=names.get(one.after, "?"),
            evidence=one.evidence,
        )
        for one in clashes
        if until is not None and one.end <= until and one.end > start and one.start < end
    )
