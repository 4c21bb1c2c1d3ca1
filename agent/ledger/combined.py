"""What several ledgers say of one object, as one. Pure.

Each was judged from its own evidence alone, which makes each of them right as far as it goes: what one does not know, another
fills. Where two that know disagree, a difference of less than the margins is one of reading, and a longer one is a contradiction.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from agent.dataclass import dataclass
from agent.ledger.knowledge import Rules
from agent.ledger.spans import FUTURE, holding
from agent.model.availability import Cause, Contradiction, Evidence, Interval, Ledger, Moment, State
from agent.model.evidence import Span

_TELLING = (Cause.HOST_FAILURE, Cause.RESTART_UNSEEN, Cause.CONTRADICTION)
"""Unknown times of these causes say more than that nothing was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBy:
    """What one ledger says of an object, under the label that evidence names it by."""

    label: str
    ledger: Ledger
    read: Sequence[Span]
    """when its agent had read the events, in order: there it knows to the precision of events"""


@dataclass(frozen=True, slots=True)
class _Word:
    """What one of them says of a piece of time."""

    label: str
    interval: Interval
    read: bool

    @property
    def state(self) -> State:
        return self.interval.state


@dataclass(frozen=True, slots=True)
class _Piece:
    start: datetime
    end: datetime
    said: tuple[_Word, ...]

    @property
    def known(self) -> tuple[_Word, ...]:
        return tuple(one for one in self.said if one.state is not State.UNKNOWN)

    @property
    def disputed(self) -> bool:
        return len({one.state for one in self.known}) > 1


def combined(accounts: Sequence[SaidBy], rules: Rules) -> Ledger:
    """One ledger of the same time; every piece of evidence names the ledger that it is from.

    Args:
        accounts: At least one, of the same object and time.
        rules: The margins.
    """
    first = accounts[0].ledger
    intervals: list[Interval] = []
    contradictions = [
        replace(one, evidence=_labelled(one.evidence, account.label))
        for account in accounts
        for one in account.ledger.contradictions
    ]
    for disputed, run in groupby(_pieces(accounts), key=lambda piece: piece.disputed):
        pieces = list(run)
        length = pieces[-1].end - pieces[0].start
        for piece in pieces:
            chosen = _resolved(piece, length, rules) if disputed else _leader(piece.known or _most_telling(piece.said))
            if chosen is None:
                clash = _clash(piece)
                contradictions.append(clash)
                intervals.append(_unknown(clash))
            else:
                intervals.append(_taken(piece, chosen))
    return Ledger(
        object_id=first.object_id,
        start=first.start,
        end=first.end,
        intervals=tuple(_joined(intervals)),
        moments=_moments(accounts),
        contradictions=tuple(sorted(_joined_clashes(contradictions), key=lambda one: (one.start, one.end))),
    )


def _pieces(accounts: Sequence[SaidBy]) -> Iterator[_Piece]:
    """The time, cut wherever one of them changes."""
    edges = sorted(
        {accounts[0].ledger.start, *(one.end for account in accounts for one in account.ledger.intervals)}
        | {edge for account in accounts for span in account.read for edge in (span.start, span.end)}
    )
    inside = [one for one in edges if accounts[0].ledger.start <= one <= accounts[0].ledger.end]
    places = [0 for _ in accounts]
    for start, end in pairwise(inside):
        said = []
        for index, account in enumerate(accounts):
            while account.ledger.intervals[places[index]].end <= start:
                places[index] += 1
            read = holding(account.read, start) is not None
            said.append(_Word(account.label, account.ledger.intervals[places[index]], read))
        yield _Piece(start, end, tuple(said))


def _leader(said: Sequence[_Word]) -> _Word:
    """Of several that say the same: who had read the events, and learned it first."""
    return min(said, key=lambda one: (not one.read, one.interval.learned_at is None, one.interval.learned_at or FUTURE))


def _most_telling(said: Sequence[_Word]) -> Sequence[_Word]:
    return [one for one in said if one.interval.cause in _TELLING] or said


def _resolved(piece: _Piece, length: timedelta, rules: Rules) -> _Word | None:
    """Who is to be believed where they disagree for so long; None if it is a contradiction.

    A boot time and its event are apart by little: who had read the events knows better. Of two that see a change at different
    instants the first to see it is right. And what nothing says of a guest is not held against it: who found it silent
    had looked.
    """
    known = piece.known
    if length <= rules.boot_latency and (read := [one for one in known if one.read]):
        known = tuple(read)
    if len({one.state for one in known}) == 1:
        return _leader(known)
    if length <= rules.latency:
        newest = max(one.interval.start for one in known)
        ahead = [one for one in known if one.interval.start == newest]
        if len({one.state for one in ahead}) == 1:
            return _leader(ahead)
    if {one.state for one in known} == {State.UP, State.GUEST_SILENT}:
        return _leader([one for one in known if one.state is State.GUEST_SILENT])
    return None


def _taken(piece: _Piece, said: _Word) -> Interval:
    evidence = _labelled(said.interval.evidence, said.label)
    return replace(said.interval, start=piece.start, end=piece.end, evidence=evidence)


def _clash(piece: _Piece) -> Contradiction:
    one = piece.known[0]
    other = next(said for said in piece.known if said.state is not one.state)
    evidence = (*_labelled(one.interval.evidence, one.label), *_labelled(other.interval.evidence, other.label))
    return Contradiction(
        start=piece.start,
        end=piece.end,
        before=one.state.value,
        after=other.state.value,
        evidence=evidence,
        ledgers=(one.label, other.label),
    )


def _unknown(clash: Contradiction) -> Interval:
    learned = max((piece.learned_at for piece in clash.evidence), default=None)
    return Interval(
        start=clash.start,
        end=clash.end,
        state=State.UNKNOWN,
        cause=Cause.CONTRADICTION,
        evidence=clash.evidence,
        learned_at=learned,
    )


def _joined(intervals: Iterable[Interval]) -> Iterator[Interval]:
    last: Interval | None = None
    for one in intervals:
        if last is not None and (last.state, last.cause, last.who) == (one.state, one.cause, one.who):
            learned = [at for at in (last.learned_at, one.learned_at) if at is not None]
            evidence = tuple(dict.fromkeys((*last.evidence, *one.evidence)))
            last = replace(last, end=one.end, evidence=evidence, learned_at=max(learned, default=None))
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last


def _joined_clashes(found: Iterable[Contradiction]) -> Iterator[Contradiction]:
    last: Contradiction | None = None
    for one in found:
        same = last is not None and last.ledgers and replace(one, start=last.start, end=last.end) == last
        if last is not None and same and last.end == one.start:
            last = replace(last, end=one.end)
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last


def _moments(accounts: Sequence[SaidBy]) -> tuple[Moment, ...]:
    """Each once, as the first of them tells it."""
    found: dict[tuple[datetime, Cause, str | None], Moment] = {}
    for account in accounts:
        for one in account.ledger.moments:
            told = replace(one, evidence=_labelled(one.evidence, account.label))
            found.setdefault((one.at, one.cause, one.who), told)
    return tuple(sorted(found.values(), key=lambda one: (one.at, one.cause)))


def _labelled(evidence: Sequence[Evidence], label: str) -> tuple[Evidence, ...]:
    return tuple(replace(piece, ledger=label) for piece in evidence)
