"""What the health checks said of the world where every metric has a value."""

from datetime import timedelta

from agent.model.health import Acknowledgement, Finding, Gap, HealthReport, Reason, State
from tests.world_vms import NOW


def _found(state: State, vm: str, name: str, **more: Acknowledgement) -> Finding:
    return Finding(
        check="vm_snapshot_old",
        state=state,
        kind="vm",
        object_id=vm,
        moid=vm,
        object_name=name,
        part="snapshot-1",
        message="snapshot 'before patch' is 9 days old",
        since=NOW - timedelta(hours=41),
        **more,
    )


_KNOWN = Acknowledgement(reason="wanted until the audit", until=NOW + timedelta(days=5))
HEALTH = HealthReport(
    evaluated_at=NOW,
    findings=(
        _found(State.CRITICAL, "50050050-0001", "erp-db-01"),
        _found(State.WARNING, "50050050-0002", "web-01"),
        _found(State.WARNING, "50050050-0003", "web-02", acknowledged=_KNOWN),
    ),
    gaps=(
        Gap(
            check="licence_expiring",
            kind="vcenter",
            reason=Reason.NO_PRIVILEGE,
            source="LicenseManager.licenses",
            privilege="Global.Licenses",
            objects=("dc1",),
        ),
    ),
    tally={
        "vm_snapshot_old": {State.CRITICAL: 1, State.WARNING: 2, State.OK: 77},
        "licence_expiring": {State.UNKNOWN: 1},
    },
    notes=("releases and ends of support are known up to 2026-02-24",),
)
