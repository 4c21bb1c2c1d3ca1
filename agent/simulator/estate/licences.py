"""Licences, and what each is assigned to."""

from datetime import timedelta
from typing import Any

from pyVmomi import vim, vmodl

from agent.simulator.estate.plan import STANDALONE_HOST
from agent.simulator.objects import Estate

_License = vim.LicenseManager.LicenseInfo


def _properties(estate: Estate, days_left: int | None, *features: str) -> list[vmodl.KeyAnyValue]:
    values = [
        vmodl.KeyAnyValue(key="ProductName", value="VMware ESX Server"),
        vmodl.KeyAnyValue(key="ProductVersion", value="8.0"),
        *(
            vmodl.KeyAnyValue(key="feature", value=vim.KeyValue(key=feature, value=feature.upper()))
            for feature in features
        ),
    ]
    if days_left is not None:
        values.append(vmodl.KeyAnyValue(key="expirationDate", value=estate.now() + timedelta(days=days_left)))
        values.append(vmodl.KeyAnyValue(key="expirationHours", value=days_left * 24))
    return values


def licences(estate: Estate) -> list[vim.LicenseManager.LicenseInfo]:
    """`LicenseManager.licenses`; the keys are made up. One expires soon, one is overused."""
    cores = sum(estate.get(host, "summary.hardware.numCpuCores") for host in estate.ids(vim.HostSystem))
    label = [vim.KeyValue(key="VpxClientLicenseLabel", value="Drift Vendor A/S")]
    return [
        _License(
            licenseKey="00000-SIMUL-ATED0-00000-00001",
            editionKey="vc.standard8.instance",
            name="vCenter Server 8 Standard",
            total=1,
            used=1,
            costUnit="server",
            properties=_properties(estate, None, "vimapi"),
            labels=label,
        ),
        _License(
            licenseKey="00000-SIMUL-ATED0-00000-00002",
            editionKey="esx.vvf.cpuCore",
            name="VMware vSphere Foundation 8",
            # 32 cores short of what the clusters have
            total=cores - 32,
            used=cores,
            costUnit="cpuCore",
            properties=_properties(estate, 47, "vmotion", "drs", "das", "dvs", "storagevmotion"),
            labels=label,
        ),
        _License(
            licenseKey="00000-00000-00000-00000-00000",
            editionKey="eval",
            name="Product Evaluation",
            total=0,
            used=None,
            costUnit="",
            properties=_properties(estate, 12),
            labels=[],
        ),
    ]


def assign_licences(estate: Estate) -> None:
    """Fill `estate.licence_assignments`: the standalone host runs on an evaluation that is about to end."""
    server, foundation, evaluation = licences(estate)
    assignment: Any = vim.LicenseAssignmentManager.LicenseAssignment
    estate.licence_assignments = [
        assignment(entityId="vcenter", scope="", entityDisplayName="vcenter.kommune.example", assignedLicense=server)
    ]
    for host in estate.ids(vim.HostSystem):
        estate.licence_assignments.append(
            assignment(
                entityId=host,
                scope="",
                entityDisplayName=estate.get(host, "name"),
                assignedLicense=evaluation if host == STANDALONE_HOST else foundation,
            )
        )
