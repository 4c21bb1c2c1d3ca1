"""Custom attributes: their definitions, and the values on VMs and hosts."""

from datetime import datetime

from pyVmomi import vim

from agent.simulator.estate.plan import HostPlan, VmPlan

OWNER, LAST_BACKUP, COST_CENTRE, SYSTEM = 101, 102, 103, 104
_NAMES = {OWNER: "Owner", LAST_BACKUP: "Last backup", COST_CENTRE: "Cost centre", SYSTEM: "System"}


def custom_fields() -> list[vim.CustomFieldsManager.FieldDef]:
    """`CustomFieldsManager.field`."""
    return [
        vim.CustomFieldsManager.FieldDef(
            key=key,
            name=name,
            type=str,
            managedObjectType=vim.VirtualMachine if key == LAST_BACKUP else None,  # unset: for all kinds of objects
        )
        for key, name in _NAMES.items()
    ]


def value(key: int, text: str) -> vim.CustomFieldsManager.StringValue:
    """One value of `customValue`."""
    return vim.CustomFieldsManager.StringValue(key=key, value=text)


def backup_text(when: datetime) -> str:
    """The value of "Last backup" as the backup product writes it: ISO 8601 in UTC."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def vm_fields(vm: VmPlan, now: datetime) -> list[vim.CustomFieldsManager.StringValue]:
    """`customValue` of a VM."""
    values = [
        value(OWNER, vm.system.owner),
        value(COST_CENTRE, vm.system.cost_centre),
        value(SYSTEM, vm.system.name),
    ]
    if vm.backup_age is not None:
        values.insert(1, value(LAST_BACKUP, backup_text(now - vm.backup_age)))
    return values


def host_fields(host: HostPlan) -> list[vim.CustomFieldsManager.StringValue]:
    """`customValue` of a host."""
    return [value(OWNER, "Drift Vendor A/S"), value(COST_CENTRE, f"9000-IT-{host.number:02d}")]
