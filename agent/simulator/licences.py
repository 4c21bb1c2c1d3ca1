"""LicenseAssignmentManager: which licence each host, cluster and vCenter itself uses."""

from typing import Any

from agent.simulator.call import Call


def QueryAssignedLicenses(call: Call, entity: str | None) -> Any:
    """The assignments of one entity, or all."""
    return [one for one in call.estate.licence_assignments if entity in (None, one.entityId)]
