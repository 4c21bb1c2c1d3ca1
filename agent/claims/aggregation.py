"""The time of several servers as one figure: four ways, of which the contract picks one."""

from collections.abc import Sequence

from agent.claims.seconds import Stretches, common, total, united, without
from agent.claims.server_time import ServerTime
from agent.model.contract import Aggregation, Clock, UnknownTime
from agent.model.verdict import Bounds, Tally


def group_tally(times: Sequence[ServerTime], clock: Clock, aggregation: Aggregation) -> Tally | None:
    """The seconds of the group; for per-vm those of its worst server; None where nothing was agreed."""
    tallies = [tally for tally in (time.tally(clock) for time in times) if tally.agreed_s]
    if not tallies:
        return None
    match aggregation:
        case Aggregation.PER_VM:
            return min(tallies, key=badness)
        case Aggregation.POOLED:
            return Tally(
                agreed_s=sum(one.agreed_s for one in tallies),
                down_s=sum(one.down_s for one in tallies),
                unknown_s=sum(one.unknown_s for one in tallies),
                planned_s=sum(one.planned_s for one in tallies),
                excluded_s=sum(one.excluded_s for one in tallies),
            )
        case Aggregation.ANY_DOWN:
            down = united(*(time.down[clock] for time in times))
            unknown = united(*(time.unknown for time in times))
            return _together(times, down, unknown)
        case Aggregation.ALL_DOWN:
            agreed = united(*(time.agreed for time in times))
            not_down = united(*(without(time.agreed, time.down[clock]) for time in times))
            surely_up = united(*(without(without(time.agreed, time.down[clock]), time.unknown) for time in times))
            return _together(times, without(agreed, not_down), without(agreed, surely_up))


def group_bounds(
    times: Sequence[ServerTime], clock: Clock, aggregation: Aggregation, unknown: UnknownTime
) -> Bounds | None:
    """The group's availability in percent; None where nothing was agreed."""
    if aggregation is Aggregation.PER_VM:
        each = [bounds for bounds in (by_contract(time.tally(clock).bounds, unknown) for time in times) if bounds]
        if not each:
            return None
        return Bounds(min(one.lower for one in each), min(one.upper for one in each))
    tally = group_tally(times, clock, aggregation)
    return by_contract(tally.bounds, unknown) if tally else None


def agreed_in_all(times: Sequence[ServerTime], aggregation: Aggregation) -> int:
    """The agreed seconds of the whole stretch, also what is still to come of it: of all servers in one pot, or at once."""
    if aggregation is Aggregation.POOLED:
        return sum(total(time.agreed_in_all) for time in times)
    return total(united(*(time.agreed_in_all for time in times)))


def by_contract(bounds: Bounds | None, unknown: UnknownTime) -> Bounds | None:
    """The bounds, or the one of them that the contract holds unknown time to be."""
    if bounds is None or unknown is UnknownTime.REPORT_BOTH:
        return bounds
    one = bounds.upper if unknown is UnknownTime.COUNTS_AS_UP else bounds.lower
    return Bounds(one, one)


def badness(tally: Tally) -> tuple[object, ...]:
    """Sorts the worst first: by what is certain, then by what is possible."""
    bounds = tally.bounds
    return (bounds.upper, bounds.lower) if bounds else (101, 101)


def _together(times: Sequence[ServerTime], down: Stretches, unknown: Stretches) -> Tally:
    agreed = united(*(time.agreed for time in times))
    planned = without(united(*(time.planned for time in times)), agreed)
    excluded = without(without(united(*(time.excluded for time in times)), agreed), planned)
    certain = common(down, agreed)
    return Tally(
        agreed_s=total(agreed),
        down_s=total(certain),
        unknown_s=total(without(common(unknown, agreed), certain)),
        planned_s=total(planned),
        excluded_s=total(excluded),
    )
