"""The contract: what was promised, what the vendor reports, what was measured, and the verdict. One section a kind of figure."""

from collections.abc import Iterable
from fractions import Fraction

from agent.dataclass import dataclass
from agent.model.claims_status import ClaimsStatus, PastFigure
from agent.model.contract_claims import Measure
from agent.model.verdict import ClaimResult, CreditState, MonthResult, Verdict
from agent.model.world import World
from exporters.prometheus.family import AGENT, Family, Kind, Origin, Sample
from exporters.prometheus.section import Section, Subject

CONTRACT = (Origin("contract", None),)
LEDGER = (Origin("ledger", None),)
BOTH = (*CONTRACT, *LEDGER)
PERCENT = 100


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim in the running month or the last one."""

    result: ClaimResult


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _bounds(item: Judged, share: int = 1) -> Iterable[Sample]:
    bounds = item.result.bounds
    if bounds is None:
        return ()
    return ((("lower",), float(bounds.lower / share)), (("upper",), float(bounds.upper / share)))


def _verdict(item: Judged) -> Iterable[Sample]:
    return (((verdict.value,), item.result.verdict is verdict) for verdict in Verdict)


def _info(item: Judged) -> Iterable[Sample]:
    claim = item.result.claim
    return (
        (
            (
                item.result.month,
                claim.clause,
                claim.measure,
                claim.target.unit.value,
                claim.scope.service_group,
                item.result.evidence.value,
                str(item.result.revision),
            ),
            1,
        ),
    )


def _credit(item: Judged) -> Iterable[Sample]:
    credit = item.result.credit
    if credit is None or credit.amount is None:
        return ()
    return (((credit.currency,), float(credit.amount)),)


def _seconds(field: str) -> Family[Judged]:
    explanations = {
        "agreed": "Time in which the vendor promised availability, as far as it is judged: service hours without planned and excluded time.",
        "down": "Of the agreed time, what was certainly down.",
        "unknown": "Of the agreed time, that of which nothing could tell.",
        "planned": "Of the service hours, accepted planned work.",
        "excluded": "Of the service hours, what was excluded for other reasons.",
    }

    def samples(item: Judged) -> Iterable[Sample]:
        tally = item.result.tally
        return (((), None if tally is None else getattr(tally, f"{field}_s")),)

    return Family(
        name=f"vsphere_sla_{field}_seconds",
        help=f"{explanations[field]} For per-vm that of the worst server.",
        source=BOTH,
        samples=samples,
    )


CLAIM_FAMILIES: tuple[Family[Judged], ...] = (
    Family(
        name="vsphere_claim_info",
        help="What the claim is: month, clause, measure, unit of its figures, service group, evidence class, revision.",
        source=CONTRACT,
        kind=Kind.INFO,
        labels=("month", "clause", "measure", "unit", "service_group", "evidence", "revision"),
        samples=_info,
    ),
    Family(
        name="vsphere_claim_verdict_state",
        help="What the ledger says of the claim: 1 for the verdict that holds.",
        source=BOTH,
        labels=("state",),
        states=tuple(verdict.value for verdict in Verdict),
        samples=_verdict,
    ),
    Family(
        name="vsphere_claim_target",
        help="What was promised, in the claim's own unit (see vsphere_claim_info).",
        source=CONTRACT,
        samples=lambda item: (((), float(item.result.claim.target.value)),),
    ),
    Family(
        name="vsphere_claim_measured",
        help="What was measured, in the claim's own unit: with unknown time at its worst and at its best.",
        source=BOTH,
        labels=("bound",),
        samples=_bounds,
    ),
    Family(
        name="vsphere_claim_reported",
        help="What the vendor reports, in the claim's own unit.",
        source=(Origin("vendor's report", None),),
        samples=lambda item: (((), _number(item.result.reported)),),
    ),
    Family(
        name="vsphere_claim_false",
        help="Whether the vendor reports the target as met although it was certainly missed.",
        source=BOTH,
        samples=lambda item: (((), None if item.result.reported is None else item.result.false_claim),),
    ),
    Family(
        name="vsphere_claim_coverage_ratio",
        help="Share of what the claim is about that is known.",
        source=LEDGER,
        samples=lambda item: (((), _number(item.result.coverage)),),
    ),
    Family(
        name="vsphere_claim_failed_looks",
        help="How often a value that is looked at again and again was beyond the target.",
        source=LEDGER,
        samples=lambda item: (((), item.result.looks_failed if item.result.looks else None),),
    ),
    Family(
        name="vsphere_claim_credit",
        help="What the breach is worth after caps, in the contract's currency; only what is certain.",
        source=BOTH,
        labels=("currency",),
        samples=_credit,
    ),
    Family(
        name="vsphere_claim_credit_due",
        help="Whether a credit can still be claimed.",
        source=BOTH,
        samples=lambda item: (
            ((), None if item.result.credit is None else item.result.credit.state is CreditState.DUE),
        ),
    ),
)
SLA_FAMILIES: tuple[Family[Judged], ...] = (
    Family(
        name="vsphere_sla_availability_ratio",
        help="Availability of the agreed time, unknown time counted as down and as up.",
        source=BOTH,
        labels=("bound",),
        samples=lambda item: _bounds(item, PERCENT),
    ),
    Family(
        name="vsphere_sla_target_ratio",
        help="The availability that was promised.",
        source=CONTRACT,
        samples=lambda item: (((), float(item.result.claim.target.value / PERCENT)),),
    ),
    *map(_seconds, ("agreed", "down", "unknown", "planned", "excluded")),
    Family(
        name="vsphere_sla_budget_seconds",
        help="How long may be down in the whole month without breaking the promise. For per-vm that of the worst server.",
        source=BOTH,
        samples=lambda item: (((), _number(item.result.budget_s)),),
    ),
    Family(
        name="vsphere_sla_budget_remaining_seconds",
        help="What is left of it; below 0 the promise is broken, whatever the rest of the month brings.",
        source=BOTH,
        samples=lambda item: (((), _remaining(item.result)),),
    ),
    Family(
        name="vsphere_sla_vms",
        help="Servers of the claim by what the ledger says of each.",
        source=BOTH,
        labels=("verdict",),
        samples=lambda item: (
            ((verdict.value,), sum(one.verdict is verdict for one in item.result.objects)) for verdict in Verdict
        ),
    ),
)
PAST_FAMILIES: tuple[Family[PastFigure], ...] = (
    Family(
        name="vsphere_sla_month_availability_ratio",
        help="Availability in months that are over, at most the last thirteen.",
        source=BOTH,
        labels=("bound",),
        samples=lambda past: (
            (("lower",), float(past.bounds.lower / PERCENT)),
            (("upper",), float(past.bounds.upper / PERCENT)),
        ),
    ),
)
STATUS_FAMILIES: tuple[Family[ClaimsStatus], ...] = (
    Family(
        name="checkmeter_contract_valid",
        help="Whether the contract's files can be used; `checkmeter claims check` says what is wrong.",
        source=AGENT,
        samples=lambda status: (((), status.valid),),
    ),
    Family(
        name="checkmeter_contract_problem",
        help="How many things keep the claims from being judged.",
        source=AGENT,
        samples=lambda status: (((), len(status.problems)),),
    ),
    Family(
        name="checkmeter_claims_evaluated_timestamp_seconds",
        help="When the claims were judged last.",
        source=AGENT,
        samples=lambda status: (((), status.evaluated_at.timestamp() if status.evaluated_at else None),),
    ),
)


def _remaining(result: ClaimResult) -> float | None:
    if result.budget_s is None or result.tally is None:
        return None
    return float(result.budget_s - result.tally.down_s)


def _months(world: World) -> Iterable[tuple[str, str, MonthResult]]:
    status = world.claims
    if status is None or status.contract is None:
        return
    for period, name in (("this_month", status.this_month), ("last_month", status.last_month)):
        if name is not None and name in status.months:
            yield status.contract, period, status.months[name]


def _claims(world: World) -> Iterable[Subject[Judged]]:
    """Of a claim that a revision changed within the month, what holds last."""
    for contract, period, month in _months(world):
        for claim, result in {one.claim.id: one for one in month.claims}.items():
            yield Subject(f"{period}/{claim}", (contract, claim, period), Judged(result))


def _availabilities(world: World) -> Iterable[Subject[Judged]]:
    return (one for one in _claims(world) if one.record.result.claim.measure == Measure.AVAILABILITY)


def _past(world: World) -> Iterable[Subject[PastFigure]]:
    status = world.claims
    for one in status.history if status is not None and status.contract is not None else ():
        yield Subject(f"{one.month}/{one.claim}", (status.contract or "", one.claim, one.month), one)  # type: ignore[union-attr]  # told above


def _status(world: World) -> Iterable[Subject[ClaimsStatus]]:
    if world.claims is not None:
        yield Subject("", (), world.claims)


CLAIM_SECTION = Section(
    title="Claims", labels=("contract", "claim", "period"), families=CLAIM_FAMILIES, subjects=_claims
)
SLA_SECTION = Section(
    title="Service levels", labels=("contract", "claim", "period"), families=SLA_FAMILIES, subjects=_availabilities
)
PAST_SECTION = Section(
    title="Service levels of past months", labels=("contract", "claim", "month"), families=PAST_FAMILIES, subjects=_past
)
STATUS_SECTION = Section(title="The contract", labels=(), families=STATUS_FAMILIES, subjects=_status)
