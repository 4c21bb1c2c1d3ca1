"""`configIssue`: what vCenter complains of on an entity's summary page, as the events that report it."""

from datetime import datetime, timedelta
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.events import context
from agent.simulator.objects import Estate


def _issue(estate: Estate, type_: Any, entity: str, message: str, when: datetime, **more: Any) -> vim.event.Event:
    event: vim.event.Event = type_(
        key=0,
        chainId=0,
        createdTime=when,
        userName="",
        fullFormattedMessage=message,
        **context(estate, entity),
        **more,
    )
    return event


def consolidation_issue(estate: Estate, vm: str, when: datetime) -> vim.event.Event:
    """The disks of a VM need consolidation."""
    name = estate.get(vm, "name")
    return _issue(
        estate,
        vim.event.EventEx,
        vm,
        f"Virtual machine {name} disks consolidation is needed.",
        when,
        eventTypeId="com.vmware.vc.VmDiskConsolidationNeeded",
        severity="warning",
        arguments=[],
        objectId=vm,
        objectType=vim.VirtualMachine,
        objectName=name,
    )


def initial_issues(estate: Estate, now: datetime) -> None:
    """The issues that the estate's own troubles raise: SSH left on, disks to consolidate."""
    for host in estate.ids(vim.HostSystem):
        services = estate.get(host, "config.service.service")
        if any(one.key == "TSM-SSH" and one.running for one in services):
            name = estate.get(host, "name")
            message = f"SSH for the host {name} has been enabled"
            issue = _issue(estate, vim.event.RemoteTSMEnabledEvent, host, message, now - timedelta(days=23))
            estate.set(host, "configIssue", [issue])
    for vm in estate.ids(vim.VirtualMachine):
        if estate.get(vm, "runtime.consolidationNeeded"):
            estate.set(vm, "configIssue", [consolidation_issue(estate, vm, now - timedelta(hours=31))])
