"""Marks on a line of time, and what is certain between them.

A set of states is an int with one bit each. A mark says what may have been the case just before an instant and just
after it: an event does, and so does a value that was read (the same before and after). Between two marks where silence
is proof, the state did not change: it is what both allow. Where they allow nothing in common, something happened that
nobody told: a contradiction. In a blind stretch only a proof that spans time counts.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from agent.dataclass import dataclass
from agent.ledger.knowledge import Blind
from agent.ledger.spans import FUTURE, PAST
from agent.model.availability import Cause, Evidence

ANY = 0b111
_ROUNDING = timedelta(seconds=2)
"""Counters tell whole seconds: a proof may reach over the edge of an event by so much and not contradict it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is known at an instant; `transition` for an event that changes the state, which then has cause and who."""

    at: datetime
    before: int
    after: int
    evidence: tuple[Evidence, ...]
    transition: bool = False
    cause: Cause | None = None
    who: str | None = None
    cause_before: Cause | None = None
    """why it was not up until now, where only this mark knows"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The object was in `state` (one bit) all of the time from `start` to `end`."""

    start: datetime
    end: datetime
    state: int
    evidence: tuple[Evidence, ...]
    independent: bool = False
    """the host measured it: it stands against what events say"""
    needs_complete: bool = False
    """it only excludes some changes; events must exclude the others, also those at the edges of a blind stretch"""
    steady: bool = False
    """nothing changed: a mark that says otherwise is stronger"""
    cause: Cause | None = None
    who: str | None = None


@dataclass(slots=True, kw_only=True)
class Stretch:
    """A piece of the line; `state` is one bit, or 0 for unknown."""

    start: datetime
    end: datetime
    state: int
    cause: Cause | None
    who: str | None
    evidence: tuple[Evidence, ...]
    closing: tuple[Evidence, ...] = ()
    """the event that ended it"""
    proved: bool = False
    """by something that spans time, not by silence"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two marks that cannot both be right, and no event between them; or a span and a proof against it."""

    start: datetime
    end: datetime
    before: int
    after: int
    evidence: tuple[Evidence, ...]


def drawn(
    marks: Sequence[Mark], blinds: Iterable[Blind], proofs: Iterable[Proof], priority: Sequence[int]
) -> tuple[list[Stretch], list[Clash]]:
    """The whole line from the far past to the far future; `priority` orders the states of proofs that disagree.

    `marks` come in order. Linear in marks, blind stretches and proofs, but for sorting them.
    """
    shaded = _shades(blinds)
    proofs = list(proofs)
    lanes = [lane for state in priority for lane in _lanes(proofs, state)]
    edges = {PAST, FUTURE}
    edges.update(mark.at for mark in marks)
    edges.update(edge for one in shaded for edge in (one.start, one.end))
    edges.update(edge for lane in lanes for one in lane for edge in (one.start, one.end))
    points = sorted(edges)
    next_mark, next_shade, cursors = 0, 0, [0] * len(lanes)
    stretches: list[Stretch] = []
    clashes: list[Clash] = []
    quiet_since = PAST
    for start, end in pairwise(points):
        while next_mark < len(marks) and marks[next_mark].at <= start:
            next_mark += 1
        while next_shade < len(shaded) and shaded[next_shade].end <= start:
            quiet_since = shaded[next_shade].end
            next_shade += 1
        shade = shaded[next_shade] if next_shade < len(shaded) else None
        around = marks[max(next_mark - 1, 0) : next_mark + 1]
        proof = _strongest(lanes, cursors, start, shade, around)
        if shade is not None and shade.start <= start:
            stretches.append(_blind(start, end, shade, proof))
            continue
        left = marks[next_mark - 1] if next_mark and marks[next_mark - 1].at >= quiet_since else None
        until = shade.start if shade is not None else FUTURE
        right = marks[next_mark] if next_mark < len(marks) and marks[next_mark].at <= until else None
        if right is not None and right.at == until and right.cause_before is Cause.RESTART_UNSEEN:
            right = None
        stretch, clash = _quiet(start, end, left, right, proof)
        stretches.append(stretch)
        if clash is not None and not (clashes and clashes[-1] == clash):
            clashes.append(clash)
    return _joined(stretches), clashes


def _blind(start: datetime, end: datetime, shade: Blind, proof: Proof | None) -> Stretch:
    if proof is None:
        return Stretch(start=start, end=end, state=0, cause=shade.cause, who=None, evidence=shade.evidence)
    return Stretch(
        start=start,
        end=end,
        state=proof.state,
        cause=proof.cause,
        who=proof.who,
        evidence=(*proof.evidence, *shade.evidence),
        proved=True,
    )


def _quiet(
    start: datetime, end: datetime, left: Mark | None, right: Mark | None, proof: Proof | None
) -> tuple[Stretch, Clash | None]:
    after, before = left.after if left else ANY, right.before if right else ANY
    state = after & before
    told = (*(left.evidence if left else ()), *(right.evidence if right else ()))
    unknown = Stretch(start=start, end=end, state=0, cause=Cause.NEVER_OBSERVED, who=None, evidence=told)
    if state == 0:
        unknown.cause = right.cause_before if right and right.cause_before is Cause.RESTART_UNSEEN else None
        unknown.cause = unknown.cause or Cause.CONTRADICTION
        first, last = left.at if left else start, right.at if right else end
        return unknown, Clash(start=first, end=last, before=after, after=before, evidence=told)
    if left is None and right is not None and right.cause_before is Cause.RESTART_UNSEEN and proof is None:
        # an event of that boot is missing: so may others be, and nothing says that it was off for all of the time before
        unknown.cause = Cause.RESTART_UNSEEN
        return unknown, None
    if proof is not None and proof.independent and not proof.state & state and end - start > _ROUNDING:
        unknown.cause, unknown.evidence = Cause.CONTRADICTION, (*told, *proof.evidence)
        return unknown, Clash(start=start, end=end, before=state, after=proof.state, evidence=unknown.evidence)
    if proof is not None and state & (state - 1) and proof.state & state:
        return _blind(start, end, Blind(start=start, end=end, cause=Cause.NEVER_OBSERVED, complete=True), proof), None
    if state & (state - 1):
        return unknown, None
    cause = left.cause if left is not None and left.after & state else None
    cause = cause or (right.cause_before if right is not None and right.before == state else None)
    who = left.who if left is not None and left.after & state else None
    why = left.evidence if left is not None and left.after == state else right.evidence if right is not None else ()
    closing = right.evidence if right is not None and right.transition else ()
    return Stretch(start=start, end=end, state=state, cause=cause, who=who, evidence=why, closing=closing), None


def _strongest(
    lanes: list[list[Proof]], cursors: list[int], at: datetime, shade: Blind | None, around: Sequence[Mark]
) -> Proof | None:
    complete = shade is None or shade.start > at or shade.complete
    found = None
    for number, lane in enumerate(lanes):
        while cursors[number] < len(lane) and lane[cursors[number]].end <= at:
            cursors[number] += 1
        if found is None and cursors[number] < len(lane) and lane[cursors[number]].start <= at:
            proof = lane[cursors[number]]
            if not proof.needs_complete or (complete and not _excluded(proof, at, around)):
                found = proof
    return found


def _excluded(proof: Proof, at: datetime, around: Sequence[Mark]) -> bool:
    """Whether the mark before or after this instant says that the object had left the state, or had yet to come to it."""
    for mark in around:
        said = mark.after if mark.at <= at else mark.before
        if proof.steady and not said & proof.state:
            return True
    return False


def _lanes(proofs: Iterable[Proof], state: int) -> list[list[Proof]]:
    """The proofs of one state, joined where they overlap, each kind apart."""
    mine = sorted((one for one in proofs if one.state == state), key=lambda one: (one.start, one.end))
    lanes: list[list[Proof]] = []
    for independent, needs in ((True, False), (False, False), (False, True)):
        lane: list[Proof] = []
        for one in mine:
            if (one.independent, one.needs_complete) != (independent, needs) or one.end <= one.start:
                continue
            if lane and one.start < lane[-1].end:
                last = lane[-1]
                if one.end > last.end:
                    # One that reaches farther back and forth needs no other beside it.
                    keeps = () if one.start == last.start else last.evidence[:1]
                    lane[-1] = Proof(
                        start=last.start,
                        end=one.end,
                        state=state,
                        evidence=(*keeps, *(piece for piece in one.evidence if piece not in keeps)),
                        independent=independent,
                        needs_complete=needs,
                        steady=last.steady and one.steady,
                        cause=last.cause or one.cause,
                        who=last.who or one.who,
                    )
            else:
                lane.append(one)
        if lane:
            lanes.append(lane)
    return lanes


def _shades(blinds: Iterable[Blind]) -> list[Blind]:
    """Blind stretches without overlap: complete only where all are, named after the highest in rank."""
    ordered = sorted((one for one in blinds if one.start < one.end), key=lambda one: one.start)
    points = sorted({edge for one in ordered for edge in (one.start, one.end)})
    active: list[Blind] = []
    found: list[Blind] = []
    position = 0
    for start, end in pairwise(points):
        active = [one for one in active if one.end > start]
        while position < len(ordered) and ordered[position].start <= start:
            active.append(ordered[position])
            position += 1
        if active:
            top = max(active, key=lambda one: one.rank)
            complete = all(one.complete for one in active)
            found.append(
                Blind(start=start, end=end, cause=top.cause, complete=complete, rank=top.rank, evidence=top.evidence)
            )
    return found


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Neighbours that say the same are one; of what merely agrees the first evidence is kept, and the event that ended it."""
    found: list[Stretch] = []
    for one in stretches:
        last = found[-1] if found else None
        if last is not None and _goes_on(last, one):
            last.end, last.closing = one.end, one.closing
            if one.proved or not one.state:
                last.evidence = (*last.evidence, *(piece for piece in one.evidence if piece not in last.evidence))
        else:
            found.append(one)
    for one in found:
        one.evidence = (*one.evidence, *(piece for piece in one.closing if piece not in one.evidence))
    return found


def _goes_on(last: Stretch, one: Stretch) -> bool:
    """What gives no reason of its own says that what was before it went on."""
    if one.state and one.state == last.state and one.cause is None:
        return True
    return (last.state, last.cause, last.who) == (one.state, one.cause, one.who)
