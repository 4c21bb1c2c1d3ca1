"""The list that a person reads, made of a ledger's intervals."""

from collections.abc import Sequence
from itertools import pairwise

from agent.model.availability import Cause, Interval, Ledger, Moment, Outage, State

_FINE = frozenset({State.UP, State.CONNECTED, State.MAINTENANCE, State.ACCESSIBLE})
_PROVED = frozenset({Cause.HOST_FAILURE, Cause.RESTART_UNSEEN})
"""An unknown time of such a cause is known to hold an outage, only not since when."""
_NO_OUTAGES = frozenset({Cause.NOT_CREATED})
_INTERRUPTIONS = frozenset({Cause.RESET, Cause.GUEST_REBOOT, Cause.CRASH})


def outages(ledger: Ledger) -> tuple[Outage, ...]:
    """Every time it was certainly not up, in order; unknown times only where they are known to hold an outage.

    What follows without a gap is one outage, named after its first certain cause: a host failure with the time in which
    nobody had missed the host yet, a power-off of a VM that hung. A reset or reboot whose length nothing measured is
    listed with 0 seconds; a migration is not an outage.
    """
    found = [_outage(ledger, run) for run in _runs(ledger.intervals)]
    found += [_interruption(ledger, one) for one in ledger.moments if one.cause in _INTERRUPTIONS]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _runs(intervals: Sequence[Interval]) -> list[list[Interval]]:
    runs: list[list[Interval]] = []
    for before, one in pairwise([None, *intervals]):
        if one is None or not _counts(one):
            continue
        if before is not None and _counts(before) and _belongs(before, one):
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _counts(one: Interval) -> bool:
    if one.state is State.UNKNOWN:
        return one.cause in _PROVED
    return one.state not in _FINE and one.cause not in _NO_OUTAGES


def _belongs(before: Interval, one: Interval) -> bool:
    """Suspended, then switched off, then removed are lines of their own: other people may have done them."""
    return before.state is State.UNKNOWN or (before.state, before.cause, before.who) == (one.state, one.cause, one.who)


def _outage(ledger: Ledger, run: Sequence[Interval]) -> Outage:
    certain = [one for one in run if one.state is not State.UNKNOWN]
    first = certain[0] if certain else run[0]
    last = run[-1]
    learned = [one.learned_at for one in run if one.learned_at is not None]
    return Outage(
        object_id=ledger.object_id,
        start=first.start if certain else last.end,
        end=last.end,
        earliest_start=run[0].start,
        ongoing=last is ledger.intervals[-1] or _followed_by_unknown(ledger, last),
        state=first.state,
        cause=first.cause,
        who=first.who,
        evidence=tuple(dict.fromkeys(piece for one in run for piece in one.evidence)),
        learned_at=max(learned, default=None),
    )


def _followed_by_unknown(ledger: Ledger, last: Interval) -> bool:
    position = ledger.intervals.index(last)
    return all(one.state is State.UNKNOWN for one in ledger.intervals[position + 1 :])


def _interruption(ledger: Ledger, moment: Moment) -> Outage:
    return Outage(
        object_id=ledger.object_id,
        start=moment.at,
        end=moment.at,
        earliest_start=moment.at,
        ongoing=False,
        state=State.GUEST_SILENT,
        cause=moment.cause,
        who=moment.who,
        evidence=moment.evidence,
        learned_at=moment.learned_at,
    )
