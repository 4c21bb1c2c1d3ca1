"""From bounds and coverage to a verdict."""

from collections.abc import Sequence
from fractions import Fraction

from agent.model.contract_claims import Target
from agent.model.verdict import Bounds, MeasuredObject, Reason, Verdict


def judge(
    target: Target,
    bounds: Bounds | None,
    coverage: Fraction | None = None,
    least_coverage: Fraction = Fraction(0),
    still_possible: Fraction | None = None,
) -> tuple[Verdict, Reason | None]:
    """One figure against its target. Below the least coverage there is no verdict, however clear the figure.

    Args:
        target: What was promised.
        bounds: What was measured; None: nothing was agreed.
        coverage: The known share, 0 to 1.
        least_coverage: That the contract asks for, percent.
        still_possible: While the month runs, the figure that it can still end with at best.
    """
    if bounds is None:
        return Verdict.NO_VERDICT, Reason.NO_AGREED_TIME
    if coverage is not None and 100 * coverage < least_coverage:
        return Verdict.NO_VERDICT, Reason.LOW_COVERAGE
    verdict, reason = by_bounds(target, bounds)
    if verdict is Verdict.BREACHED and still_possible is not None and target.holds(still_possible):
        return Verdict.UNDECIDED, Reason.MONTH_RUNS
    return verdict, reason


def by_bounds(target: Target, bounds: Bounds) -> tuple[Verdict, Reason | None]:
    """What the bounds alone say: certain only where the target holds at both of them, or at neither."""
    held = {target.holds(bounds.lower), target.holds(bounds.upper)}
    if held == {True}:
        return Verdict.MET, None
    return (Verdict.BREACHED, None) if held == {False} else (Verdict.UNDECIDED, Reason.UNKNOWN_TIME)


def together(objects: Sequence[MeasuredObject], reasons: Sequence[Reason | None]) -> tuple[Verdict, Reason | None]:
    """Each must hold: one breach is a breach, whatever the others are; then one doubt is a doubt."""
    by_verdict = dict(zip((one.verdict for one in reversed(objects)), reversed(reasons), strict=True))
    for verdict in (Verdict.BREACHED, Verdict.UNDECIDED, Verdict.NO_VERDICT, Verdict.MET):
        if verdict in by_verdict:
            return verdict, by_verdict[verdict]
    return Verdict.NO_VERDICT, Reason.NO_OBJECTS
