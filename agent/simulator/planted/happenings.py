"""Faults that events tell of: one event, or several, of each kind, some minutes ago."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from pyVmomi import vim, vmodl

from agent.simulator.estate.events import host_argument, post, post_ex, post_task
from agent.simulator.objects import Estate
from agent.simulator.planted.table import Plant

_event = vim.event
ROOT, FIRST_HOST = "group-d1", "host-301"
_JUST_NOW = timedelta(minutes=5)
"""Events stand in the order in which they were posted: nothing is posted before what is there already."""
_VENDOR = "DRIFT-VENDOR\\ole"


def _told(
    check: str, type_: Any, about: str, *, times: int = 1, user: str = "", causes: Collection[str] = (), **more: Any
) -> Plant:
    """Events of a class, or with an EventEx's id, about an object (the root folder stands for vCenter itself)."""

    def alter(estate: Estate) -> Iterator[str]:
        for _ in range(times):
            when = estate.now() - _JUST_NOW
            if isinstance(type_, str):
                post_ex(estate, type_, about, f"Planted: {type_}", user=user, when=when)
            else:
                entity = None if about == ROOT else about
                post(estate, type_, entity, f"Planted: {type_.__name__}", user=user, when=when, **more)
        yield about

    return Plant(check=check, alter=alter, round=0, causes=frozenset(causes), hides=False, silences=frozenset())


def _backups(estate: Estate) -> Iterator[str]:
    """A backup account takes a snapshot of every VM but one, last night."""
    missing = "vm-2050"
    for vm in estate.ids(vim.VirtualMachine):
        on = estate.get(vm, "runtime.powerState") == "poweredOn" and not estate.get(vm, "config.template")
        if on and vm != missing and estate.get(vm, "runtime.connectionState") == "connected":
            post_task(
                estate,
                vm,
                "VirtualMachine.createSnapshot",
                "Create virtual machine snapshot",
                user="KOMMUNE\\svc-veeam",
                when=estate.now() - _JUST_NOW,
            )
    yield missing


def _moves(estate: Estate) -> Iterator[str]:
    """A VM is moved to and fro."""
    host = host_argument(estate, FIRST_HOST)
    datacenter = vim.event.DatacenterEventArgument(name="DC", datacenter=vim.Datacenter("datacenter-2"))
    for _ in range(6):
        post(
            estate,
            _event.DrsVmMigratedEvent,
            "vm-2018",
            "Planted: moved",
            when=estate.now() - _JUST_NOW,
            sourceHost=host,
            sourceDatacenter=datacenter,
        )
    yield "vm-2018"


def _cleared(estate: Estate) -> Iterator[str]:
    """An alarm was set back to green by hand."""
    alarm = vim.event.AlarmEventArgument(name="Fan status", alarm=vim.alarm.Alarm("alarm-24"))
    host = vim.event.ManagedEntityEventArgument(name="esx01", entity=vim.HostSystem(FIRST_HOST))
    when = estate.now() - _JUST_NOW
    before: dict[str, Any] = {"from": "red"}  # a word of Python's, so no keyword
    post(
        estate,
        _event.AlarmClearedEvent,
        FIRST_HOST,
        "Planted: alarm cleared",
        user=_VENDOR,
        when=when,
        alarm=alarm,
        source=host,
        entity=host,
        **before,
    )
    yield FIRST_HOST


PLANTS: tuple[Plant, ...] = (
    Plant(check="vm_backup_not_seen", alter=_backups, round=4, causes=frozenset(), hides=False, silences=frozenset()),
    _told("vm_restarted_by_ha", "com.vmware.vc.ha.VmRestartedByHAEvent", "vm-2001"),
    _told("vm_restart_failed", "com.vmware.vc.HA.VmNotProtectedEvent", "vm-2002"),
    _told("vm_killed", "esx.problem.vm.kill.unexpected.fault.failure", "vm-2006"),
    _told("vm_reset", _event.VmResettingEvent, "vm-2007", user=_VENDOR),
    _told("vm_powered_off_by_others", _event.VmPoweredOffEvent, "vm-2008", user=_VENDOR),
    _told("vm_consolidation_failed", "com.vmware.vc.VmDiskFailedToConsolidateEvent", "vm-2009"),
    _told("vm_changed", _event.VmReconfiguredEvent, "vm-2014", user=_VENDOR, configSpec=vim.vm.ConfigSpec()),
    _told("vm_removed", _event.VmRemovedEvent, "vm-2015", user=_VENDOR),
    _told("vm_created", _event.VmCreatedEvent, "vm-2016", user=_VENDOR),
    _told("vm_identity_changed", _event.VmRenamedEvent, "vm-2017", oldName="old", newName="new"),
    Plant(check="vm_migrated_often", alter=_moves, round=0, causes=frozenset(), hides=False, silences=frozenset()),
    _told("vm_console_opened", _event.VmAcquiredMksTicketEvent, "vm-2019", user=_VENDOR),
    _told("vm_task_failed", _event.VmFailedToPowerOnEvent, "vm-2020", user=_VENDOR, reason=vmodl.MethodFault()),
    _told("datastore_connection_lost", "esx.problem.storage.apd.start", FIRST_HOST),
    _told(
        "vcenter_conflict_seen",
        _event.DuplicateIpDetectedEvent,
        "host-302",
        duplicateIP="10.0.0.1",
        macAddress="00:50:56:00:00:01",
    ),
    _told("vcenter_certificate_event", "com.vmware.vc.certmgr.HostCertExpiringEvent", FIRST_HOST),
    _told("vcenter_root_password_expired", "com.vmware.vc.system.RootPasswordExpiredEvent", ROOT),
    _told(
        "vcenter_permission_changed",
        _event.RoleAddedEvent,
        ROOT,
        user=_VENDOR,
        role=_event.RoleEventArgument(roleId=77, name="Temp"),
        privilegeList=[],
    ),
    _told("vcenter_logins_failed", _event.BadUsernameSessionEvent, ROOT, times=8, ipAddress="10.0.0.9"),
    _told("vcenter_backup_failed", "com.vmware.applmgmt.backup.job.failed.event", ROOT),
    _told("vcenter_services_troubled", "com.vmware.vc.stats.StatsInsertErrorEvent", ROOT),
    _told("licence_event", "com.vmware.license.LicenseCapacityExceededEvent", ROOT),
    Plant(
        check="alarm_definition_changed", alter=_cleared, round=0, causes=frozenset(), hides=False, silences=frozenset()
    ),
)
