"""The ledger held against the truth: no known second contradicts it, and nothing is unknown that could be known."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from agent.ledger.book import Book, listed
from agent.ledger.database import Database
from agent.ledger.recorded import vcenters
from agent.model.availability import Cause, Interval, Ledger, Outage, State
from tests.proofs.month.stage import Played
from tests.proofs.month.truth import ABSENT, OFF, ON, SUSPENDED, Piece, joined, overlap_s, without

_TRUE = {State.UP: ON, State.GUEST_SILENT: ON, State.DOWN: OFF, State.SUSPENDED: SUSPENDED}
GUEST_MARGIN = timedelta(seconds=20)
"""A counter tells of a guest once in 20 s."""
HOST_SILENCE = timedelta(seconds=60)


@dataclass(slots=True)
class Seconds:
    """In truth and in the ledger, summed over VMs."""

    true_up: float = 0.0
    true_down: float = 0.0
    true_suspended: float = 0.0
    true_silent: float = 0.0
    up: float = 0.0
    down: float = 0.0
    suspended: float = 0.0
    silent: float = 0.0
    unknown: float = 0.0
    unknown_was_up: float = 0.0


@dataclass
class Compared:
    """`wrong` is empty if all is well."""

    start: datetime
    end: datetime
    vms: int = 0
    seconds: Seconds = field(default_factory=Seconds)
    unknown_by_cause: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    outages: int = 0
    outages_exact: int = 0
    outages_within_bounds: int = 0
    outages_unknown: int = 0
    """in a time in which nothing could be known"""
    silences: int = 0
    silences_found: int = 0
    silences_excused: int = 0
    wrong: list[str] = field(default_factory=list)


def _state(one: Interval) -> str:
    return ABSENT if one.cause in {Cause.REMOVED, Cause.NOT_CREATED} else _TRUE.get(one.state, "unknown")


class _OneVm:
    """One VM's ledger and truth side by side."""

    def __init__(self, played: Played, vm_id: str, ledger: Ledger, compared: Compared) -> None:
        self._truth, self._id, self._ledger, self._compared = played.truth, vm_id, ledger, compared
        self._line = list(played.truth.line(vm_id, ledger.start, ledger.end))
        self._excused = played.truth.excused(vm_id, ledger.end)
        self._jumps = joined(list(played.truth.jumps))
        self._silent = played.truth.silent_spans(vm_id, ledger.start, ledger.end)
        self._away = joined(list(played.agent_away))

    def compare(self, outages: list[Outage]) -> None:
        self._add_seconds()
        self._states()
        self._silences()
        self._outages(outages)
        for clash in self._ledger.contradictions:
            if without(clash.start, clash.end, self._excused):
                self._wrong(clash.start, clash.end, f"contradiction of {clash.before} and {clash.after}")

    def _wrong(self, start: datetime, end: datetime, what: str) -> None:
        self._compared.wrong.append(f"{self._id} {start:%m-%d %H:%M:%S.%f} to {end:%m-%d %H:%M:%S.%f}: {what}")

    def _add_seconds(self) -> None:
        seconds = self._compared.seconds
        for piece in self._line:
            silent = overlap_s(piece.start, piece.end, self._silent) if piece.state == ON else 0.0
            seconds.true_silent += silent
            seconds.true_up += piece.seconds - silent if piece.state == ON else 0.0
            seconds.true_down += piece.seconds if piece.state == OFF else 0.0
            seconds.true_suspended += piece.seconds if piece.state == SUSPENDED else 0.0
        for one in self._ledger.intervals:
            state = _state(one)
            if one.state is State.UNKNOWN:
                seconds.unknown += one.seconds
                self._compared.unknown_by_cause[str(one.cause)] += one.seconds
                on = [(piece.start, piece.end) for piece in self._line if piece.state == ON]
                seconds.unknown_was_up += overlap_s(one.start, one.end, on)
            elif state == ON:
                seconds.silent += one.seconds if one.state is State.GUEST_SILENT else 0.0
                seconds.up += one.seconds if one.state is State.UP else 0.0
            elif state == OFF:
                seconds.down += one.seconds
            elif state == SUSPENDED:
                seconds.suspended += one.seconds

    def _states(self) -> None:
        for one in self._ledger.intervals:
            if one.state is State.UNKNOWN:
                for start, end in without(one.start, one.end, self._excused):
                    self._wrong(start, end, f"unknown ({one.cause}), and something could have told")
                continue
            state = _state(one)
            for piece in self._line:
                for start, end in without(max(one.start, piece.start), min(one.end, piece.end), self._jumps):
                    if piece.state != state:
                        self._wrong(start, end, f"called {one.state} ({one.cause}), in truth {piece.state}")

    def _silences(self) -> None:
        """What is called silent was; and what was silent is found while somebody could see it."""
        wider = [(start - GUEST_MARGIN, end + GUEST_MARGIN) for start, end in self._silent]
        called = [(one.start, one.end) for one in self._ledger.intervals if one.state is State.GUEST_SILENT]
        for start, end in called:
            for begin, stop in without(start, end, joined([*wider, *self._jumps])):
                self._wrong(begin, stop, "called silent, in truth it answered")
        blind = joined([*self._excused, *((a - timedelta(minutes=20), b) for a, b in self._away)])
        for start, end in self._silent:
            self._compared.silences += 1
            found = overlap_s(start, end, called)
            if found >= (end - start - 2 * GUEST_MARGIN).total_seconds():
                self._compared.silences_found += 1
            elif overlap_s(start, end, blind):
                self._compared.silences_excused += 1
            else:
                self._wrong(start, end, f"the guest was silent, {found:.0f} s of it were found")

    def _outages(self, outages: list[Outage]) -> None:
        listed = [one for one in outages if one.state in {State.DOWN, State.SUSPENDED, State.UNKNOWN}]
        unmatched = list(listed)
        for down in self._downs():
            self._compared.outages += 1
            meeting = [one for one in listed if one.earliest_start < down.end and down.start < max(one.end, one.start)]
            unmatched = [one for one in unmatched if one not in meeting]
            in_one_piece = bool(meeting) and all(one.end == after.start for one, after in pairwise(meeting))
            if in_one_piece and (meeting[0].start, meeting[-1].end) == (down.start, down.end):
                self._compared.outages_exact += 1
            elif len(meeting) == 1 and self._within_bounds(meeting[0], down):
                self._compared.outages_within_bounds += 1
            elif overlap_s(down.start, down.end, self._excused):
                self._compared.outages_unknown += 1
            else:
                told = [f"{one.earliest_start}/{one.start} to {one.end} {one.cause}" for one in meeting]
                self._wrong(down.start, down.end, f"was down, listed as {told}")
        for one in unmatched:
            if one.cause not in {Cause.REMOVED, Cause.NOT_CREATED} and without(
                one.earliest_start, one.end, joined([*self._excused, *self._jumps])
            ):
                self._wrong(one.earliest_start, one.end, f"listed as an outage ({one.cause}), there was none")

    def _downs(self) -> Iterator[Piece]:
        """What the ledger may list: off or suspended, but not from before its begin, nor never created."""
        for piece in self._line:
            if piece.state in {OFF, SUSPENDED}:
                yield piece

    @staticmethod
    def _within_bounds(one: Outage, down: Piece) -> bool:
        """A dead host is missed within a minute; the restart ends the outage to the microsecond."""
        return one.earliest_start <= down.start <= one.start <= down.start + HOST_SILENCE and one.end == down.end


def compare(played: Played, start: datetime, end: datetime) -> Compared:
    """All VMs in [start, end)."""
    database = Database(played.database)
    try:
        with database.reading() as connection:
            (known,) = vcenters(connection)
            book = Book(connection, known, start, end)
            compared = Compared(book.start, book.end)
            seen = set()
            for vm_id, ledger in book.ledgers():
                seen.add(vm_id)
                if vm_id not in played.truth.power:
                    compared.wrong.append(f"{vm_id}: there is no such VM")
                    continue
                compared.vms += 1
                _OneVm(played, vm_id, ledger, compared).compare(list(listed(ledger)))
            compared.wrong += [f"{vm_id}: not in the ledger" for vm_id in played.truth.power if vm_id not in seen]
    finally:
        database.close()
    return compared
