"""Figures of claims and bills in words, and the sentences that explain verdicts. Pure."""

from fractions import Fraction

from agent.model.billing import BillLine, BillVerdict, Dimension
from agent.model.contract_claims import Operator, Unit
from agent.model.incident_match import IncidentMatch
from agent.model.verdict import Bounds, ClaimResult
from exporters.report.language import Language

_SIGNS = {Operator.AT_LEAST: "≥", Operator.AT_MOST: "≤", Operator.MORE_THAN: ">", Operator.LESS_THAN: "<"}


def value(claim: ClaimResult, figure: Fraction | None, language: Language) -> str:
    """A figure in the unit of the claim's target, cut off as the contract says."""
    if figure is None:
        return language.text("words", "unknown")
    unit = claim.claim.target.unit
    if unit is Unit.PERCENT:
        return f"{language.number(figure, claim.decimals)} %"
    word = language.text("unit", unit.value)
    return f"{language.number(figure, 2, whole=True)} {word}".strip()


def bounds(claim: ClaimResult, found: Bounds | None, language: Language) -> str:
    """From the lower to the upper; one figure where both are the same when printed."""
    if found is None:
        return language.text("words", "unknown")
    low, high = value(claim, found.lower, language), value(claim, found.upper, language)
    return low if low == high else f"{low.removesuffix(' %')} – {high}"  # noqa: RUF001 - the dash of a range


def told(claim: ClaimResult, figure: Fraction, language: Language) -> str:
    """A figure of the vendor's, or of the contract, with as many decimals as it has, up to six."""
    unit = claim.claim.target.unit
    word = "%" if unit is Unit.PERCENT else language.text("unit", unit.value)
    return f"{language.number(figure, 6, whole=True)} {word}".strip()


def target(claim: ClaimResult, language: Language) -> str:
    """`≥ 99.9 %`."""
    wanted = claim.claim.target
    return f"{_SIGNS[wanted.op]} {told(claim, wanted.value, language)}"


def difference(claim: ClaimResult, language: Language) -> str:
    """The vendor's figure minus ours, from our best to our worst."""
    found = claim.difference
    if found is None:
        return ""
    decimals = claim.decimals if claim.claim.target.unit is Unit.PERCENT else 2
    low, high = language.signed(found.lower, decimals), language.signed(found.upper, decimals)
    return low if low == high else f"{low} … {high}"


def size(dimension: Dimension, amount: Fraction | None, language: Language) -> str:
    """`8 vCPU`, `16 GiB`."""
    if amount is None:
        return language.text("words", "none")
    unit = "vCPU" if dimension is Dimension.VCPU else "GiB"
    return f"{language.number(amount, 2, whole=True)} {unit}"


def bill_sentence(line: BillLine, language: Language) -> str:
    """What is wrong with a line."""
    if line.verdict is BillVerdict.DIFFERENT:
        parts = [
            language.text(
                "bill_sentence",
                "different",
                what=language.text("dimension", dimension.value),
                billed=size(dimension, _billed(line, dimension), language),
                measured=size(dimension, line.measured.of(dimension) if line.measured else None, language),
            )
            for dimension in line.differences
        ]
        return "; ".join(parts)
    key = "gone" if line.verdict is BillVerdict.ABSENT and line.gone_at is not None else line.verdict.value
    return language.text("bill_sentence", key)


def servers(count: int, language: Language) -> str:
    """`1 server`, `8 servers`."""
    return language.text("words", "server") if count == 1 else language.text("words", "servers", count=count)


def incident_sentence(one: IncidentMatch, language: Language) -> str:
    """What both sides say of an incident."""
    ours, theirs = one.ours, one.theirs
    said = []
    if ours is not None:
        said.append(
            language.text(
                "incident_sentence",
                "ours",
                servers=servers(len(ours.servers), language),
                length=language.length(ours.seconds),
            )
        )
    if theirs is not None:
        length = (theirs.incident.to - theirs.incident.from_).total_seconds()
        said.append(
            language.text(
                "incident_sentence",
                "theirs",
                id=theirs.incident.id,
                length=language.length(length),
                servers=language.text("words", "not_told")
                if theirs.incident.vms is None
                else servers(theirs.incident.vms, language),
            )
        )
    said.append(language.text("incident_sentence", one.match.value))
    return " ".join(said)


def _billed(line: BillLine, dimension: Dimension) -> Fraction | None:
    if line.billed is None:
        return None
    told = {
        Dimension.VCPU: None if line.billed.vcpu is None else Fraction(line.billed.vcpu),
        Dimension.MEMORY: line.billed.memory_gib,
        Dimension.DISK: line.billed.disk_gib,
    }
    return told[dimension]
