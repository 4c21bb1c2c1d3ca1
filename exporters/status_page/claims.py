"""The table of the contract's claims: what was promised, what the vendor says, what was measured, and the verdict."""

from agent.dataclass import dataclass
from agent.model.verdict import ClaimResult, CreditState, Verdict
from agent.model.verdict_sentences import in_short, sentence
from agent.model.verdict_words import VERDICTS, bounds_words, figure, target_words, with_unit
from agent.model.world import World
from exporters.status_page.columns import shown, text
from exporters.status_page.table import Cell, Kind, Layout, Level

_LEVELS = {
    Verdict.MET: Level.OK,
    Verdict.BREACHED: Level.BAD,
    Verdict.UNDECIDED: Level.WARNING,
    Verdict.NO_VERDICT: Level.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """A claim in one month; or a line that says why the contract cannot be used."""

    month: str
    result: ClaimResult | None = None
    problem: str = ""


def claim_rows(world: World) -> list[ClaimRow]:
    """What cannot be read first, then this month's claims, then last month's."""
    status = world.claims
    if status is None:
        return []
    rows = [ClaimRow(month="", problem=problem) for problem in status.problems]
    for name in (status.this_month, status.last_month):
        month = status.months.get(name) if name is not None else None
        rows += [ClaimRow(month=month.month, result=one) for one in month.claims] if month is not None else []
    return rows


def claim_layout(world: World) -> Layout[ClaimRow]:
    """In the contract's order."""
    status = world.claims
    name = (status.display_name or status.contract) if status is not None else None
    waiting = "Not judged yet." if status is not None and status.evaluated_at is None else "The contract has no claims."
    return Layout(
        key="claim",
        title=f"Contract: {name}" if name else "Contract",
        columns=(
            text("month", "Month", lambda row: row.month),
            shown("claim", "Claim", lambda row: row.result, _claim_cell, lambda result: result.claim.id),
            shown("verdict", "Verdict", lambda row: row, _verdict_cell, lambda row: _verdict_cell(row).text),
            text("target", "Promised", lambda row: target_words(row.result) if row.result else None),
            shown("reported", "Vendor says", lambda row: row.result, _reported_cell, _reported, kind=Kind.NUMBER),
            shown("measured", "Measured", lambda row: row.result, _measured_cell, _measured, kind=Kind.NUMBER),
            shown("worth", "Worth", lambda row: row.result, _worth_cell, _worth, kind=Kind.NUMBER),
            shown("why", "Why", lambda row: row, _why_cell, lambda row: _why_cell(row).title, kind=Kind.PROSE),
        ),
        order="",
        empty=waiting,
        stale=lambda _: False,
    )


def _claim_cell(result: ClaimResult) -> Cell:
    return Cell(text=result.claim.id, note=result.claim.clause, title=result.claim.says or "")


def _why_cell(row: ClaimRow) -> Cell:
    """In short; the whole sentence is its title."""
    if row.result is None:
        return Cell(text=row.problem, title=row.problem)
    return Cell(text=in_short(row.result), title=sentence(row.result))


def _verdict_cell(row: ClaimRow) -> Cell:
    if row.result is None:
        return Cell(text="unusable", level=Level.BAD)
    if row.result.false_claim:
        return Cell(text="breached", level=Level.BAD, note="reported as met")
    verdict = row.result.verdict
    return Cell(text=VERDICTS["en"][verdict], level=_LEVELS[verdict])


def _reported(result: ClaimResult) -> float | None:
    return None if result.reported is None else float(result.reported)


def _reported_cell(result: ClaimResult) -> Cell:
    if result.reported is None:
        return Cell(text="nothing yet")
    return Cell(text=with_unit(figure(result.reported, result.decimals), result.claim.target.unit))


def _measured(result: ClaimResult) -> float | None:
    return None if result.bounds is None else float(result.bounds.lower)


def _measured_cell(result: ClaimResult) -> Cell:
    if result.bounds is None:
        return Cell(text="unknown")
    known = "" if result.coverage is None else f"{figure(100 * result.coverage, 2)} % known"
    return Cell(text=bounds_words(result.bounds, result.claim.target.unit, result.decimals), title=known)


def _worth(result: ClaimResult) -> float:
    return float(result.credit.amount or 0) if result.credit is not None else 0.0


def _worth_cell(result: ClaimResult) -> Cell:
    credit = result.credit
    if credit is None or credit.state is CreditState.NONE:
        return Cell(text="")
    text_ = (
        f"{figure(credit.percent, 2)} %" if credit.amount is None else f"{figure(credit.amount, 2)} {credit.currency}"
    )
    note = "too late" if credit.state is CreditState.EXPIRED else f"until {credit.last_day}" if credit.last_day else ""
    return Cell(text=text_, note=note)
