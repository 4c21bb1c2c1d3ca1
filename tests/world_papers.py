"""A bill and incidents beside what was measured, in the world where every metric has a value."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from agent.model.availability import Cause
from agent.model.billing import BillLine, BillResult, BillVerdict, Dimension, Size
from agent.model.claims_status import Papers
from agent.model.contract_files import BilledServer, ReceivedIncident, VendorIncident
from agent.model.incident_match import IncidentMatch, Match, OwnIncident, ServerOutage

_START = datetime(2026, 10, 14, 1, 12, 40, tzinfo=UTC)
_HIDDEN, _TOLD = (
    ServerOutage(
        vcenter="vc1",
        vm_id="50050050-0001",
        name="erp-db-01",
        start=start,
        end=start + timedelta(minutes=47),
        earliest_start=start,
        cause=Cause.POWER_OFF,
        who="VENDOR\\operator",
    )
    for start in (_START, _START + timedelta(days=2))
)
_INCIDENT = VendorIncident(
    id="INC-1", from_=_TOLD.start + timedelta(minutes=9), to=_TOLD.end - timedelta(minutes=12), vms=1
)
PAPERS = Papers(
    bill=BillResult(
        month="2026-10",
        file="vendor/billed-2026-10.csv",
        judged_until=datetime(2026, 10, 31, 23, tzinfo=UTC),
        disk_basis="provisioned",
        day_rule="month-end",
        currency="DKK",
        lines=(
            BillLine(
                name="erp-db-01",
                vcenter="vc1",
                vm_id="50050050-0001",
                billed=BilledServer("erp-db-01", 8, Fraction(48), Fraction(250), Fraction(1200), 2),
                measured=Size(Fraction(4), Fraction(32), Fraction(200)),
                verdict=BillVerdict.DIFFERENT,
                differences={
                    Dimension.VCPU: Fraction(4),
                    Dimension.MEMORY: Fraction(16),
                    Dimension.DISK: Fraction(50),
                },
            ),
            BillLine(
                name="gone-01",
                vcenter=None,
                vm_id=None,
                billed=BilledServer("gone-01", 2, Fraction(8), Fraction(40), Fraction(300), 3),
                measured=None,
                verdict=BillVerdict.ABSENT,
            ),
        ),
        billed=Size(Fraction(10), Fraction(56), Fraction(290)),
        measured=Size(Fraction(4), Fraction(32), Fraction(200)),
        billed_price=Fraction(1500),
        contested_price=Fraction(1500),
    ),
    incidents=(
        IncidentMatch(
            match=Match.ONLY_OURS, ours=OwnIncident(outages=(_HIDDEN,), start=_HIDDEN.start, end=_HIDDEN.end)
        ),
        IncidentMatch(
            match=Match.MATCHED,
            ours=OwnIncident(outages=(_TOLD,), start=_TOLD.start, end=_TOLD.end),
            theirs=ReceivedIncident(incident=_INCIDENT, file="vendor/incidents-2026-10.csv"),
        ),
    ),
)
