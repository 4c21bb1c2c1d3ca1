"""Alarm definitions ('alarm-N') and the alarms that are triggered on entities."""

from datetime import datetime, timedelta
from typing import Any

from pyVmomi import vim

from agent.dataclass import dataclass
from agent.simulator.estate.copies import vary
from agent.simulator.objects import Estate

_alarm = vim.alarm
_VM, _HOST, _CLUSTER, _DATASTORE = vim.VirtualMachine, vim.HostSystem, vim.ClusterComputeResource, vim.Datastore


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """An alarm definition: what it watches and by what."""

    moid: str
    name: str
    system: str
    on: Any
    path: str | None = None
    red: str | None = None
    yellow: str | None = None
    counter: int | None = None
    yellow_at: int = 7500
    red_at: int = 9000
    event: Any = None


HOST_CONNECTION = "alarm-1"
VM_CPU = "alarm-6"
DATASTORE_USAGE = "alarm-8"
CONSOLIDATION = "alarm-62"
HOST_HARDWARE = "alarm-24"
HA_FAILOVER = "alarm-19"
NETWORK_REDUNDANCY = "alarm-46"
VM_HEARTBEAT = "alarm-133"
LICENCE = "alarm-52"

DEFINITIONS = (
    Definition(
        moid=HOST_CONNECTION,
        name="Host connection and power state",
        system="alarm.HostConnectionStateAlarm",
        on=_HOST,
        path="runtime.connectionState",
        red="notResponding",
        yellow="disconnected",
    ),
    Definition(moid=VM_CPU, name="Virtual machine CPU usage", system="alarm.VmCPUUsageAlarm", on=_VM, counter=2),
    Definition(
        moid="alarm-7", name="Virtual machine memory usage", system="alarm.VmMemoryUsageAlarm", on=_VM, counter=24
    ),
    Definition(
        moid=DATASTORE_USAGE,
        name="Datastore usage on disk",
        system="alarm.DatastoreDiskUsageAlarm",
        on=_DATASTORE,
        counter=289,
        red_at=8500,
    ),
    Definition(
        moid=HA_FAILOVER,
        name="vSphere HA host status",
        system="alarm.HAhostStatus",
        on=_CLUSTER,
        event=vim.event.EventEx,
    ),
    Definition(
        moid=HOST_HARDWARE,
        name="Host hardware fan status",
        system="alarm.FanHealthAlarm",
        on=_HOST,
        event=vim.event.EventEx,
    ),
    Definition(
        moid=NETWORK_REDUNDANCY,
        name="Network uplink redundancy degraded",
        system="alarm.NetworkRedundancyDegradedAlarm",
        on=_HOST,
        event=vim.event.EventEx,
    ),
    Definition(
        moid=LICENCE, name="License capacity monitoring", system="alarm.LicenseError", on=_HOST, event=vim.event.EventEx
    ),
    Definition(
        moid=CONSOLIDATION,
        name="Virtual machine Consolidation Needed status",
        system="alarm.VmDiskConsolidationNeeded",
        on=_VM,
        event=vim.event.EventEx,
    ),
    Definition(
        moid=VM_HEARTBEAT,
        name="KOMMUNE: Guest heartbeat lost",
        system="",
        on=_VM,
        path="guestHeartbeatStatus",
        red="red",
        yellow="yellow",
    ),
)


def _expression(one: Definition) -> Any:
    if one.path is not None:
        return _alarm.StateAlarmExpression(
            operator="isEqual", type=one.on, statePath=one.path, yellow=one.yellow, red=one.red
        )
    if one.counter is not None:
        return _alarm.MetricAlarmExpression(
            operator="isAbove",
            type=one.on,
            metric=vim.PerformanceManager.MetricId(counterId=one.counter, instance=""),
            yellow=one.yellow_at,
            red=one.red_at,
        )
    return _alarm.EventAlarmExpression(eventType=one.event, objectType=one.on, status="red", comparisons=[])


def add_alarms(estate: Estate, root: vim.Folder, now: datetime) -> None:
    """Add the definitions, all on the root folder."""
    for one in DEFINITIONS:
        ref = _alarm.Alarm(one.moid)
        estate.add(
            _alarm.Alarm,
            one.moid,
            value=[],
            availableField=[],
            info=_alarm.AlarmInfo(
                name=one.name,
                systemName=one.system or None,
                description=f"Default alarm: {one.name}" if one.system else "Kommunens egen alarm",
                enabled=one.moid != LICENCE,
                expression=_alarm.OrAlarmExpression(expression=[_expression(one)]),
                setting=_alarm.AlarmSetting(toleranceRange=0, reportingFrequency=300),
                key=one.moid,
                alarm=ref,
                entity=root,
                lastModifiedTime=now - timedelta(days=600),
                lastModifiedUser="" if one.system else "KOMMUNE\\drift-vendor",
                creationEventId=0,
            ),
        )


def _holders(estate: Estate, entity: str) -> list[str]:
    """The entity and what contains it: a triggered alarm shows on all of them."""
    return [entity, *(one for one in estate.ancestors(entity) if one in estate)]


def triggered(estate: Estate, entity: str, alarm: str) -> vim.alarm.AlarmState | None:
    """The state of an alarm that is triggered on an entity."""
    key = f"{alarm}.{_number(entity)}"
    return next((one for one in estate.get(entity, "triggeredAlarmState") or [] if one.key == key), None)


def trigger(
    estate: Estate, entity: str, alarm: str, status: str, when: datetime, *, acknowledged_by: str | None = None
) -> None:
    """Set an alarm to yellow or red on an entity, or to green: then it is gone. Its containers' lists follow."""
    key = f"{alarm}.{_number(entity)}"
    state = _alarm.AlarmState(
        key=key,
        entity=estate.entry(entity).ref,
        alarm=_alarm.Alarm(alarm),
        overallStatus=status,
        time=when,
        acknowledged=acknowledged_by is not None,
        acknowledgedByUser=acknowledged_by,
        acknowledgedTime=when + timedelta(minutes=18) if acknowledged_by else None,
        eventKey=len(estate.events) + 1,
        disabled=False,
    )
    show(estate, entity, state)


def show(estate: Estate, entity: str, state: vim.alarm.AlarmState) -> None:
    """Put an alarm's state in the lists of its entity and of everything that contains it, in place of the one before."""
    for holder in _holders(estate, entity):
        others = [one for one in estate.get(holder, "triggeredAlarmState") or [] if one.key != state.key]
        gone = state.overallStatus == "green"
        estate.set(holder, "triggeredAlarmState", others if gone else [*others, state])
    declared = [one for one in estate.get(entity, "declaredAlarmState") or [] if one.key != state.key]
    estate.set(entity, "declaredAlarmState", [*declared, vary(state)])


def initial_alarms(estate: Estate, now: datetime) -> None:
    """What the estate's own troubles have triggered before it is first looked at."""
    for host in estate.ids(vim.HostSystem):
        sensors = estate.get(host, "runtime.healthSystemRuntime.systemHealthInfo.numericSensorInfo")
        if any(one.healthState.key == "yellow" for one in sensors):
            trigger(
                estate, host, HOST_HARDWARE, "yellow", now - timedelta(days=11), acknowledged_by="KOMMUNE\\drift-vagt"
            )
        if any(one.linkSpeed is None for one in estate.get(host, "config.network.pnic")):
            trigger(estate, host, NETWORK_REDUNDANCY, "red", now - timedelta(days=6, hours=2))
    for datastore in estate.ids(vim.Datastore):
        summary = estate.get(datastore, "summary")
        if summary.freeSpace < summary.capacity * 0.15:
            trigger(estate, datastore, DATASTORE_USAGE, "red", now - timedelta(days=2, hours=7))
    for vm in estate.ids(vim.VirtualMachine):
        if estate.get(vm, "runtime.consolidationNeeded"):
            trigger(estate, vm, CONSOLIDATION, "yellow", now - timedelta(hours=31))


def alarm_name(estate: Estate, alarm: str) -> str:
    """The name of an alarm definition."""
    return str(estate.get(alarm, "info.name"))


def _number(entity: str) -> str:
    return entity.rpartition("-")[2]
