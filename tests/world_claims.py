"""What the claims collector made of a contract, in the world where every metric has a value."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from agent.model.claims_status import ClaimsStatus, Papers, PastFigure
from agent.model.contract import Aggregation, Clock
from agent.model.contract_claims import Claim, EvidenceClass, Operator, Scope, Target, Unit
from agent.model.verdict import (
    Bounds,
    ClaimResult,
    Credit,
    CreditState,
    MeasuredObject,
    MonthResult,
    Reason,
    Tally,
    Verdict,
)
from tests.world_papers import PAPERS

_START, _END = datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)
_TALLY = Tally(agreed_s=2_667_600, down_s=9000, unknown_s=900, planned_s=14_400, excluded_s=0)
_SQL = ClaimResult(
    claim=Claim(
        id="avail-sql",
        clause="7.5.1",
        says="99,9 % pr. server",
        measure="availability",
        scope=Scope(service_group="sql"),
        target=Target(op=Operator.AT_LEAST, value=Fraction("99.9"), unit=Unit.PERCENT),
    ),
    revision=1,
    month="2026-10",
    start=_START,
    end=_END,
    judged_until=_END,
    verdict=Verdict.BREACHED,
    reason=None,
    bounds=_TALLY.bounds,
    coverage=_TALLY.coverage,
    evidence=EvidenceClass.MEASURABLE,
    decimals=3,
    objects=(
        MeasuredObject(
            vcenter="vc1",
            object_id="50050050-0001",
            name="erp-db-01",
            bounds=_TALLY.bounds,
            verdict=Verdict.BREACHED,
            tally=_TALLY,
        ),
    ),
    aggregation=Aggregation.PER_VM,
    clock=Clock.EVENT,
    tally=_TALLY,
    budget_s=Fraction("2667.6"),
    reported=Fraction("99.98"),
    credit=Credit(
        base="sql",
        percent=Fraction(5),
        amount=Fraction(2400),
        uncapped=Fraction(2400),
        capped_by=None,
        currency="DKK",
        last_day=date(2026, 11, 30),
        state=CreditState.DUE,
        at_most_percent=Fraction(5),
    ),
)
_SNAPSHOTS = ClaimResult(
    claim=Claim(
        id="snapshots",
        clause="7.8.2",
        measure="snapshot-max-age",
        target=Target(op=Operator.AT_MOST, value=Fraction(72), unit=Unit.HOURS),
    ),
    revision=1,
    month="2026-10",
    start=_START,
    end=_END,
    judged_until=_END - timedelta(days=7),
    verdict=Verdict.NO_VERDICT,
    reason=Reason.LOW_COVERAGE,
    bounds=Bounds(Fraction(12), Fraction(12)),
    coverage=Fraction(3, 4),
    evidence=EvidenceClass.MEASURABLE,
    decimals=3,
    looks=24,
    looks_unknown=8,
)


def _month(name: str, *results: ClaimResult) -> MonthResult:
    return MonthResult(
        contract="drift", month=name, start=_START, end=_END, judged_until=_END, revisions=(1,), claims=results
    )


CLAIMS = ClaimsStatus(
    contract="drift",
    display_name="Driftsaftale",
    revision=1,
    valid=True,
    months={"2026-10": _month("2026-10", _SQL, _SNAPSHOTS), "2026-11": _month("2026-11", _SNAPSHOTS)},
    papers={"2026-10": PAPERS, "2026-11": Papers(bill=None)},
    this_month="2026-11",
    last_month="2026-10",
    history=(PastFigure(month="2026-09", claim="avail-sql", bounds=Bounds(Fraction("99.95"), Fraction("99.97"))),),
    evaluated_at=_END,
)
