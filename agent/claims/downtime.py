"""From a server's ledger to seconds that the contract calls down, or of which nothing could tell."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from agent.claims.seconds import NOTHING, Stretch, Stretches, second, total, united, without
from agent.dataclass import dataclass
from agent.model.availability import Cause, Interval, Ledger, State
from agent.model.contract import DownState, DownWhen, Measurement

NOT_THERE = frozenset({Cause.NOT_CREATED, Cause.REMOVED})
"""Causes of a ledger's down time in which there was no server."""
_STATES = {
    DownState.POWERED_OFF: lambda one: (
        one.state in {State.DOWN, State.SUSPENDED} and one.cause not in NOT_THERE
    ),
    DownState.GUEST_HEARTBEAT_RED: lambda one: one.state is State.GUEST_SILENT,
    DownState.HOST_NOT_RESPONDING: lambda one: (
        one.state is State.UNKNOWN and one.cause is Cause.HOST_NOT_RESPONDING
    ),
    DownState.VM_INACCESSIBLE: lambda one: (
        one.state is State.UNKNOWN and one.cause in {Cause.NOT_CONNECTED, Cause.DATASTORE_LOSS}
    ),
    DownState.REMOVED: lambda one: one.state is State.DOWN and one.cause is Cause.REMOVED,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DownRun:
    """A server was down without a break; it may have begun before, and gone on after, the time that is judged."""

    stretch: Stretch
    """as counted: rounded where the contract rounds"""
    intervals: tuple[Interval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What the contract's words make of a ledger."""

    runs: tuple[DownRun, ...]
    ignored: tuple[DownRun, ...]
    """down for less than the contract counts"""
    unknown: Stretches
    customer: Stretches
    """down because a user of the customer wanted it"""
    customer_runs: tuple[DownRun, ...]
    absent: Stretches
    """the server was not there: not created yet, or removed"""

    @property
    def down(self) -> Stretches:
        """All seconds that count as down."""
        return united(run.stretch for run in self.runs)


def condition(ledger: Ledger, measurement: Measurement, group: str | None, start: int, end: int) -> Condition:
    """What a server's ledger is worth by the contract; `start` to `end` is the time that is judged.

    What the ledger does not reach within it is unknown. Runs are told whole, as far as the ledger goes.
    """
    rules = [rule for rule in measurement.down_when if not rule.counts_for or group in rule.counts_for]
    by_customer = _customer(measurement)
    counting: dict[int, DownWhen] = {}
    customers: set[int] = set()
    for rule in rules:
        matching = [at for at, one in enumerate(ledger.intervals) if _STATES[rule.state](one)]
        for run in _neighbours(matching, ledger.intervals):
            if _length(ledger.intervals, run) < rule.for_:
                continue
            for at in run:
                if rule.unless is not None and by_customer(ledger.intervals[at]):
                    customers.add(at)
                else:
                    counting.setdefault(at, rule)
    unknown_at = {at for at, one in enumerate(ledger.intervals) if one.state is State.UNKNOWN and at not in counting}
    absent_at = {at for at, one in enumerate(ledger.intervals) if one.cause in NOT_THERE and at not in counting}
    reached = ((second(ledger.start), second(ledger.end)),)
    unreached = without(((start, end),), reached if reached[0][0] < reached[0][1] else NOTHING)
    unknown = united(_stretches(ledger.intervals, unknown_at), unreached)
    runs, ignored, doubtful = _counted(ledger.intervals, sorted(counting), unknown, measurement)
    down = united(run.stretch for run in runs)
    return Condition(
        runs=tuple(runs),
        ignored=tuple(ignored),
        unknown=without(united(unknown, doubtful), down),
        customer=without(_stretches(ledger.intervals, customers), down),
        customer_runs=tuple(_runs(ledger.intervals, sorted(customers))),
        absent=_stretches(ledger.intervals, absent_at),
    )


def known_from(run: DownRun, told: Sequence[datetime]) -> int:
    """The second from which the vendor knew of an outage: the first of its tickets, else when the agent learned of it."""
    if told:
        return max(run.stretch[0], second(min(told)))
    learned = [piece.learned_at for one in run.intervals for piece in one.evidence]
    learned += [one.learned_at for one in run.intervals if one.learned_at is not None and not one.evidence]
    return max(run.stretch[0], second(min(learned))) if learned else run.stretch[0]


def _counted(
    intervals: Sequence[Interval], counting: list[int], unknown: Stretches, measurement: Measurement
) -> tuple[list[DownRun], list[DownRun], Stretches]:
    """Runs that are long enough, those that are not, and the seconds of those that may have been longer than is known."""
    runs, ignored, doubtful = [], [], []
    for run in _runs(intervals, counting):
        begin, end = run.stretch
        if end - begin >= measurement.minimum_outage:
            if measurement.round_outages == "up-to-minute":
                end = begin + -(-(end - begin) // 60) * 60
            runs.append(DownRun(stretch=(begin, end), intervals=run.intervals))
        elif end - begin + _beside(run.stretch, unknown) >= measurement.minimum_outage:
            doubtful.append(run.stretch)
        else:
            ignored.append(run)
    return runs, ignored, united(doubtful)


def _beside(stretch: Stretch, unknown: Stretches) -> int:
    """How long nothing could tell right before and right after."""
    return total(tuple(one for one in unknown if stretch[0] in one or stretch[1] in one))


def _runs(intervals: Sequence[Interval], chosen: Sequence[int]) -> list[DownRun]:
    found = []
    for run in _neighbours(chosen, intervals):
        begin, end = second(intervals[run[0]].start), second(intervals[run[-1]].end)
        found.append(DownRun(stretch=(begin, end), intervals=tuple(intervals[at] for at in run)))
    return found


def _neighbours(chosen: Sequence[int], intervals: Sequence[Interval]) -> list[list[int]]:
    found: list[list[int]] = []
    for at in chosen:
        if found and found[-1][-1] == at - 1 and intervals[at - 1].end == intervals[at].start:
            found[-1].append(at)
        else:
            found.append([at])
    return found


def _length(intervals: Sequence[Interval], run: Sequence[int]) -> int:
    return second(intervals[run[-1]].end) - second(intervals[run[0]].start)


def _stretches(intervals: Sequence[Interval], chosen: set[int]) -> Stretches:
    return united((second(intervals[at].start), second(intervals[at].end)) for at in chosen)


def _customer(measurement: Measurement) -> Callable[[Interval], bool]:
    users = [re.compile(one, re.IGNORECASE) for one in measurement.customer_users]
    return lambda one: one.who is not None and any(user.search(one.who) for user in users)
