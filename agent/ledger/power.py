"""The power of one VM over all time: marks, blind stretches and proofs, brought together."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from agent.dataclass import dataclass
from agent.ledger.causes import CREATED, OFF, ON, REGISTERED, REMOVED, SUSPENDED, power_marks
from agent.ledger.connection import OutOfSight, out_of_sight
from agent.ledger.host_history import HostHistories
from agent.ledger.knowledge import Blind, Knowledge, event_evidence
from agent.ledger.observed import Held, confirmations, last_known, unseen
from agent.ledger.proofs import POWER_STATES, power_proofs
from agent.ledger.spans import FUTURE, PAST, holding, united, within, without
from agent.ledger.timeline import Clash, Mark, Proof, Stretch, drawn
from agent.model.availability import Cause
from agent.model.evidence import PRESENT, SEEN, CounterSample, RecordedEvent, Span

_COMES_OR_GOES = CREATED | {REGISTERED, REMOVED}
_STALE = (Cause.HOST_NOT_RESPONDING, Cause.HOST_DISCONNECTED, Cause.NOT_CONNECTED, Cause.DATASTORE_LOSS)
"""vCenter goes on showing what it last knew of such a VM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """What is certain of a VM's power."""

    stretches: list[Stretch]
    clashes: list[Clash]
    blinds: list[Blind]


def power_of(
    events: Sequence[RecordedEvent],
    held: Mapping[str, Sequence[Held]],
    samples: Iterable[CounterSample],
    histories: HostHistories,
    knowledge: Knowledge,
) -> Power:
    """From a VM's events (distinct, in order), its observed values by path, and its samples of sys.uptime."""
    rules = knowledge.rules
    told = power_marks(events)
    absent = [*_absences(told, held.get(PRESENT, ()))]
    hidden = _hidden(events, held, absent, knowledge)
    gaps = united([*hidden, *knowledge.gaps])
    sight = out_of_sight(
        events, held.get("runtime.host", ()), held.get("runtime.connectionState", ()), histories, gaps, knowledge
    )
    torn = [jump for jump in knowledge.jumps if any(jump.start <= one.at < jump.end for one in told)]
    told = [one for one in told if not holding(knowledge.jumps, one.at)]
    untold = [Span(start=one.start, end=one.end) for one in knowledge.blinds if not one.complete]
    _await_synchronization(sight, told, knowledge)
    stale = united(
        Span(start=one.start - rules.host_silence, end=_synchronized(one, knowledge))
        for one in sight
        if one.cause in _STALE
    )
    again = [span.end for span in (*stale, *knowledge.jumps) if span.end < FUTURE]
    proofs = [
        *power_proofs(held, samples, stale, united([*hidden, *untold, *torn]), knowledge, told=told),
        *absent,
    ]
    # Of one instant a boot came before what was done to the VM that had booted, and was read after it.
    marks = [*_unseen_boots(held, told, knowledge), *told, *_observed_marks(held, told, stale, again, knowledge)]
    marks.sort(key=lambda one: one.at)
    blinds = [*knowledge.blinds]
    blinds += [Blind(start=one.start, end=one.end, cause=Cause.NOT_VISIBLE, complete=False, rank=3) for one in hidden]
    blinds += _found_after_gaps(told, tuple(blinds), knowledge)
    for one in sight:
        proofs += _stopped_with_host(one, marks, gaps)
        blinds += _out_of_sight_blinds(one, marks, proofs, gaps, knowledge)
    stretches, clashes = drawn(marks, blinds, proofs, (ON, SUSPENDED, OFF))
    return Power(stretches=stretches, clashes=clashes, blinds=blinds)


def _hidden(
    events: Sequence[RecordedEvent],
    held: Mapping[str, Sequence[Held]],
    absent: Sequence[Proof],
    knowledge: Knowledge,
) -> list[Span]:
    """When events may have been left out as the VM could not be seen."""
    # whose coming or going is told while it cannot be seen was not hidden, but not there
    told = [one.learned_at for one in events if one.event.kind in _COMES_OR_GOES]
    spans = [
        one
        for one in unseen(held.get(PRESENT, ()), knowledge)
        if not any(one.start <= learned <= one.end for learned in told)
    ]
    not_there = united(Span(start=one.start, end=one.end) for one in absent)
    return [part for one in knowledge.hidden(spans) for part in without(one, not_there)]


def _absences(told: Sequence[Mark], present: Sequence[Held]) -> Iterable[Proof]:
    """A VM that was removed, or not created yet, is not hidden: it can not run, and nobody could see it."""
    for before, mark, after in zip([None, *told], told, [*told[1:], None], strict=False):
        if mark.cause is Cause.REMOVED:
            again = [one.at for one in present if one.value == SEEN and one.at > mark.at]
            end = min(after.at if after is not None else FUTURE, min(again, default=FUTURE))
            yield _absence(mark.at, end, mark, Cause.REMOVED, mark.who)
        if mark.cause_before is Cause.NOT_CREATED:
            yield _absence(before.at if before is not None else PAST, mark.at, mark, Cause.NOT_CREATED, None)


def _absence(start: datetime, end: datetime, mark: Mark, cause: Cause, who: str | None) -> Proof:
    return Proof(start=start, end=end, state=OFF, evidence=mark.evidence, needs_complete=True, cause=cause, who=who)


def _synchronized(one: OutOfSight, knowledge: Knowledge) -> datetime:
    return one.end + knowledge.rules.synchronization if one.end < FUTURE and one.restart is None else one.end


def _await_synchronization(sight: Sequence[OutOfSight], told: list[Mark], knowledge: Knowledge) -> None:
    """A power-off posted just after a host came back tells what was found then, not when or why it happened."""
    for one in sight:
        index = _found_stopped(told, one.end, _synchronized(one, knowledge))
        if index is not None:
            one.end = told[index].at
            if one.outage is not None and one.outage.booted is not None:
                told[index] = replace(told[index], cause=Cause.HOST_FAILURE)


def _found_after_gaps(told: Sequence[Mark], gaps: Sequence[Blind], knowledge: Knowledge) -> Iterable[Blind]:
    """The same for vCenter's own absences, and for other gaps, in which a host may have been lost and come back."""
    for gap in gaps:
        index = _found_stopped(told, gap.end, gap.end + knowledge.rules.synchronization) if gap.end < FUTURE else None
        if index is not None:
            yield Blind(start=gap.end, end=told[index].at, cause=gap.cause, complete=True, rank=1)


def _found_stopped(told: Sequence[Mark], since: datetime, until: datetime) -> int | None:
    """The next change of power, if it is a stop that nobody asked for. Of the first instant all may be from before."""
    found = None
    for index in range(bisect_left(told, since, key=lambda mark: mark.at), len(told)):
        mark = told[index]
        if mark.at > until:
            break
        if mark.transition and mark.after == OFF and mark.who is None:
            found = index
        if mark.at > since:
            break
    return found


def _observed_marks(
    held: Mapping[str, Sequence[Held]],
    told: Sequence[Mark],
    stale: Sequence[Span],
    again: Sequence[datetime],
    knowledge: Knowledge,
) -> Iterable[Mark]:
    """Power states as read."""
    changes = [one for one in told if one.transition]
    latency = knowledge.rules.latency
    for power in held.get("runtime.powerState", ()):
        state = POWER_STATES.get(str(power.value))
        if state is None:
            continue
        for at in confirmations(power, knowledge, (*again, last_known(power, knowledge) - latency)):
            if holding(stale, at) or holding(knowledge.jumps, at):
                continue
            if not _explained(state, at, changes, latency):
                evidence = (power.evidence(at if at > power.at else None),)
                yield Mark(at=at, before=state, after=state, evidence=evidence)


def _explained(state: int, at: datetime, changes: Sequence[Mark], latency: timedelta) -> bool:
    """Whether a value says what a change of that instant says, or disagrees only as it came a little before or after one."""
    following = bisect_right(changes, at, key=lambda one: one.at)
    agrees = (not following or bool(state & changes[following - 1].after)) and (
        following == len(changes) or bool(state & changes[following].before)
    )
    if following and changes[following - 1].at == at and agrees:
        return True
    first = bisect_left(changes, at - latency, key=lambda one: one.at)
    last = bisect_right(changes, at + latency, key=lambda one: one.at)
    return not agrees and any(state & (one.before | one.after) for one in changes[first:last])


def _unseen_boots(held: Mapping[str, Sequence[Held]], told: Sequence[Mark], knowledge: Knowledge) -> Iterable[Mark]:
    """A boot time without its event proves that the VM was started then, and was off just before."""
    started = [one.at for one in told if one.after == ON and one.transition]
    margin = knowledge.rules.boot_latency
    for boot in held.get("runtime.bootTime", ()):
        if not isinstance(boot.value, datetime):
            continue
        near = started[bisect_left(started, boot.value - margin) : bisect_right(started, boot.value + margin)]
        if not near:
            yield Mark(
                at=boot.value,
                before=OFF,
                after=ON,
                evidence=(boot.evidence(),),
                transition=True,
                cause_before=Cause.RESTART_UNSEEN,
            )


def _stopped_with_host(one: OutOfSight, marks: Sequence[Mark], gaps: Sequence[Span]) -> Iterable[Proof]:
    """What proves that a VM had stopped while its host was out of sight: HA started it elsewhere, or the host booted."""
    last = _last_mark_before(one, marks, gaps)
    inside = marks[bisect_left(marks, one.start, key=lambda mark: mark.at) :]
    since, cause = None, Cause.HOST_FAILURE
    stops = [mark.at for mark in inside if mark.cause is Cause.HOST_ISOLATION and mark.at < one.end]
    if stops:  # its host ran it until then
        since, cause = stops[0], Cause.HOST_ISOLATION
    elif one.restart is not None and one.dead_since is not None:
        since = one.dead_since
    elif _shared_the_boot(one, last):
        outage = one.outage
        since = (one.noticed if outage.failed else outage.booted) if outage is not None else None
    if since is None or within(Span(start=since, end=one.end), gaps):
        return
    end = one.end
    for mark in inside:
        if mark.at >= one.end:
            break
        if mark.transition and mark.after == ON and mark.at > since:
            end = mark.at
            break
    evidence = one.evidence if one.restart is None else (*one.evidence, event_evidence(one.restart))
    if since < end:
        yield Proof(start=since, end=end, state=OFF, evidence=evidence, needs_complete=True, cause=cause)


def _shared_the_boot(one: OutOfSight, last: Mark | None) -> bool:
    """Whether the VM ran on its host until that was lost, and so stopped when it booted."""
    booted = one.outage.booted if one.outage is not None else None
    return booted is not None and one.start <= booted and last is not None and last.after == ON


def _last_mark_before(one: OutOfSight, marks: Sequence[Mark], gaps: Sequence[Span]) -> Mark | None:
    """What was last told of the VM until it went out of sight, unless something may have happened to it since.

    Its restart is not part of it, be it in the same second.
    """
    upto = bisect_right(marks, one.start, key=lambda mark: mark.at)
    if one.restart is not None:
        upto = min(upto, bisect_left(marks, one.end, key=lambda mark: mark.at))
    last = marks[upto - 1] if upto else None
    return None if last is None or within(Span(start=last.at, end=one.start), gaps) else last


def _out_of_sight_blinds(
    one: OutOfSight, marks: Sequence[Mark], proofs: Sequence[Proof], gaps: Sequence[Span], knowledge: Knowledge
) -> Iterable[Blind]:
    """The time itself and, unless the VM is proved to have run on, the time in which a dead host was not missed yet."""
    sure = holding(knowledge.jumps, one.start) is None
    through = sure and any(proof.state == ON and proof.start < one.start < proof.end for proof in proofs)
    last = _last_mark_before(one, marks, gaps)
    ran = last is None or last.after == ON
    stopped = one.dead_since is not None or (one.outage is not None and one.outage.booted is not None)
    cause = Cause.HOST_FAILURE if stopped and ran and not through else one.cause
    start = one.start
    if one.unwanted and ran and not through:
        start -= knowledge.rules.host_silence
        start = max(start, last.at) if last is not None and last.transition else start
    yield Blind(start=start, end=one.end, cause=cause, complete=True, rank=4, evidence=one.evidence)
