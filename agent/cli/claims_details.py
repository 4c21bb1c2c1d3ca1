"""What a claim rests on, object by object, down to the events: `checkmeter claims --claim ID`."""

from collections.abc import Iterator
from datetime import tzinfo

from agent.cli.ledger_wording import both_clocks, evidence_line, length
from agent.model.availability_words import STATES, cause_words
from agent.model.contract import Aggregation
from agent.model.contract_claims import Unit
from agent.model.verdict import ClaimResult, CountedOutage, MeasuredObject, Outside
from agent.model.verdict_words import VERDICTS, bounds_words

_OUTSIDE = {
    Outside.SERVICE_HOURS: "outside of service hours",
    Outside.PLANNED: "planned work",
    Outside.EXCLUDED: "excluded",
    Outside.TOO_SHORT: "shorter than the contract counts",
    Outside.NOT_NOTIFIED: "before the vendor was told",
    Outside.CUSTOMER: "by a user of the customer",
}


def details(result: ClaimResult, zone: tzinfo) -> Iterator[str]:
    """The figures of both clocks and all aggregations, then each object that is not flawless, the worst first."""
    unit, decimals = result.claim.target.unit, result.decimals
    if result.figures:
        yield "all figures, by clock and aggregation:"
        for (clock, aggregation), bounds in result.figures.items():
            picked = (clock, aggregation) == (result.clock, result.aggregation)
            mark = "  (the contract's)" if picked else ""
            yield f"  {clock}, {aggregation}: {bounds_words(bounds, unit, decimals)}{mark}"
    flawless = 0
    for one in result.objects:
        if one.tally is not None and not one.outages and not one.tally.unknown_s:
            flawless += 1
            continue
        yield from _object(one, result, unit, zone)
    if flawless:
        yield f"{flawless} more without outages and unknown time"


def _object(one: MeasuredObject, result: ClaimResult, unit: Unit, zone: tzinfo) -> Iterator[str]:
    shown = bounds_words(one.bounds, unit, result.decimals) if one.bounds is not None else "unknown"
    verdict = f", {VERDICTS['en'][one.verdict]}" if result.aggregation in {None, Aggregation.PER_VM} else ""
    name = "all together" if one.name == "*" else f"{one.name} ({one.vcenter})" if one.vcenter else one.name
    yield f"{name}: {shown}{verdict}"
    if one.tally is not None:
        tally = one.tally
        yield (
            f"  agreed {length(tally.agreed_s)}, down {length(tally.down_s)}, unknown {length(tally.unknown_s)}, "
            f"planned {length(tally.planned_s)}, excluded {length(tally.excluded_s)}"
        )
    if one.looks and one.tally is None:
        yield f"  missed in {one.failed:,} of {one.looks:,} looks"
    if one.worst_at is not None:
        yield f"  at worst in the time from {both_clocks(one.worst_at, zone)}"
    if one.detail:
        yield f"  {one.detail}"
    for outage in one.outages:
        yield from _outage(outage, zone)


def _outage(outage: CountedOutage, zone: tzinfo) -> Iterator[str]:
    rest = ""
    if outage.outside:
        why = ", ".join(_OUTSIDE[one] for one in outage.outside)
        named = f" ({', '.join(outage.references)})" if outage.references else ""
        rest = f"; the rest: {why}{named}"
    yield f"  {both_clocks(outage.start, zone)}  {length(outage.seconds)}, counted {length(outage.counted_s)}{rest}"
    for part in outage.intervals:
        why_down = cause_words(part.cause, part.who)
        yield f"    {STATES[part.state]}{f', {why_down}' if why_down else ''}"
        for piece in part.evidence:
            yield f"      {evidence_line(piece, zone)}"
