"""The claim of a calendar month, judged by the agent from its ledger, beside the same figure made from the truth alone."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from agent.claims.evaluation import evaluate
from agent.collectors.month_evidence import month_evidence
from agent.config.builds import load_builds
from agent.ledger.database import Database
from agent.model.contract import Aggregation, DownState, DownWhen, Measurement
from agent.model.contract_time import PlannedWindow
from agent.model.verdict import ClaimResult, Tally
from tests.agent.claims.contracts import contract, folder
from tests.proofs.month.stage import Played
from tests.proofs.month.story import ZONE
from tests.proofs.month.truth import ABSENT, OFF, SUSPENDED, joined, overlap_s

MONTH = "2026-10"
START, END = datetime.fromisoformat("2026-09-30T22:00Z"), datetime.fromisoformat("2026-10-31T23:00Z")
"""Of October by the clocks of Copenhagen: an hour longer than its days."""
SERVICING = timedelta(hours=4)
_CONTRACT = folder(
    contract(
        aggregation=Aggregation.POOLED,
        measurement=Measurement(down_when=(DownWhen(state=DownState.POWERED_OFF),)),
        planned_windows=(
            PlannedWindow(
                id="sunday",
                start=datetime(2026, 1, 4, 2),  # noqa: DTZ001 - by the clock on the wall
                rrule="FREQ=WEEKLY;BYDAY=SU",
                duration=int(SERVICING.total_seconds()),
            ),
        ),
    )
)


@dataclass
class Judged:
    """Availabilities in per cent. `wrong` is empty if all is well."""

    true: Fraction
    lower: Fraction
    upper: Fraction
    servers: int = 0
    servers_exact: int = 0
    """of which the ledger knows every second, and has the true number of them"""
    unknown_s: int = 0
    wrong: list[str] = field(default_factory=list)


def _sundays(until: datetime) -> list[tuple[datetime, datetime]]:
    """Servicing, by the wall clock; where it shows 02:00 twice, the first time."""
    found = []
    for day in range(1, 32):
        at = datetime(2026, 10, day, 2, tzinfo=ZONE)
        if at.weekday() == 6:
            start = at.astimezone(UTC)
            found.append((start, min(start + SERVICING, until)))
    return [one for one in found if one[0] < one[1]]


def _true_tally(played: Played, vm_id: str, until: datetime) -> tuple[int, int]:
    """Agreed seconds and those that it was down in."""
    planned = joined(_sundays(until))
    agreed = down = 0.0
    for piece in played.truth.line(vm_id, START, until):
        if piece.state != ABSENT:
            seconds = piece.seconds - overlap_s(piece.start, piece.end, planned)
            agreed += seconds
            down += seconds if piece.state in {OFF, SUSPENDED} else 0.0
    return round(agreed), round(down)


def _twice_s(played: Played) -> int:
    """How many seconds vCenter's clock skipped or told twice: they have no one length."""
    return round(sum((end - start).total_seconds() for start, end in played.truth.jumps))


def judged_month(played: Played) -> Judged:
    """October, as far as it was played."""
    database = Database(played.database)
    try:
        with database.reading() as connection:
            told = month_evidence(connection, _CONTRACT, MONTH, played.end, load_builds())
            (claim,) = evaluate(_CONTRACT, MONTH, told).claims
    finally:
        database.close()
    return _compared(played, claim, told.until)


def _compared(played: Played, claim: ClaimResult, until: datetime) -> Judged:
    assert claim.bounds is not None
    tallies = {one.object_id: one.tally for one in claim.objects}
    true = {vm_id: _true_tally(played, vm_id, until) for vm_id in played.truth.power}
    agreed, down = (sum(one[place] for one in true.values()) for place in (0, 1))
    found = Judged(true=100 * (1 - Fraction(down, agreed)), lower=claim.bounds.lower, upper=claim.bounds.upper)
    if not found.lower <= found.true <= found.upper:
        found.wrong.append(
            f"availability is {float(found.true)} %, judged {float(found.lower)} to {float(found.upper)} %"
        )
    for vm_id, (agreed_s, down_s) in true.items():
        if not agreed_s:
            continue
        tally = tallies.pop(vm_id, None)
        if tally is None:
            found.wrong.append(f"{vm_id}: the claim does not count it")
            continue
        found.servers += 1
        found.unknown_s += tally.unknown_s
        found.servers_exact += (tally.agreed_s, tally.down_s, tally.unknown_s) == (agreed_s, down_s, 0)
        _hold(found, vm_id, tally, agreed_s=agreed_s, down_s=down_s, margin_s=_twice_s(played))
    found.wrong += [f"{vm_id}: the claim counts it" for vm_id, tally in tallies.items() if tally and tally.agreed_s]
    return found


def _hold(found: Judged, vm_id: str, tally: Tally, *, agreed_s: int, down_s: int, margin_s: int) -> None:
    if not tally.down_s - margin_s <= down_s <= tally.down_s + tally.unknown_s + margin_s:
        found.wrong.append(f"{vm_id}: down for {down_s} s, judged {tally.down_s} and {tally.unknown_s} unknown")
    if not agreed_s - margin_s <= tally.agreed_s <= agreed_s + tally.unknown_s + margin_s:
        found.wrong.append(f"{vm_id}: agreed are {agreed_s} s, judged {tally.agreed_s}")
