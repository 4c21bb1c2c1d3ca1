"""EventManager.description: event types with their category, as clients use it to sort events by severity."""

from functools import cache

from pyVmomi import vim

_CATEGORIES = ("info", "warning", "error", "user")
_ERROR = (
    "DasAdmissionControlDisabledEvent HostConnectionLostEvent HostDisconnectedEvent HostReconnectionFailedEvent "
    "VmDasResetFailedEvent VmDisconnectedEvent VmFailedMigrateEvent VmFailedToPowerOffEvent VmFailedToPowerOnEvent "
    "VmFailedToResetEvent VmFailoverFailed VmGuestOSCrashedEvent VmMaxRestartCountReached VmOrphanedEvent"
)
_WARNING = (
    "BadUsernameSessionEvent HostShutdownEvent NoAccessUserEvent VmDasBeingResetEvent VmPowerOffOnIsolationEvent "
    "VmShutdownOnIsolationEvent VmDasBeingResetWithScreenshotEvent"
)
_INFO = (
    "AlarmAcknowledgedEvent AlarmClearedEvent AlarmStatusChangedEvent DrsVmMigratedEvent DrsVmPoweredOnEvent "
    "EnteredMaintenanceModeEvent EnteringMaintenanceModeEvent ExitMaintenanceModeEvent HostConnectedEvent TaskEvent "
    "UserLoginSessionEvent UserLogoutSessionEvent SessionTerminatedEvent VmBeingMigratedEvent VmClonedEvent "
    "VmConnectedEvent VmCreatedEvent VmDeployedEvent VmGuestRebootEvent VmGuestShutdownEvent VmGuestStandbyEvent "
    "VmInstanceUuidChangedEvent VmMigratedEvent VmPoweredOffEvent VmPoweredOnEvent VmReconfiguredEvent "
    "VmRegisteredEvent VmRelocatedEvent VmRemovedEvent VmRenamedEvent VmResettingEvent VmResumingEvent "
    "VmRestartedOnAlternateHostEvent VmStartingEvent VmStoppingEvent VmSuspendedEvent VmSuspendingEvent "
    "VmUuidChangedEvent"
)
_EXTENDED = {
    "com.vmware.vc.ha.VmRestartedByHAEvent": "warning",
    "com.vmware.vc.HA.DasHostFailedEvent": "error",
    "com.vmware.vc.HA.DasHostIsolatedEvent": "error",
    "com.vmware.vc.HA.HostStateChangedEvent": "info",
    "com.vmware.vc.HA.VmDasResetAbortedEvent": "error",
    "com.vmware.vc.HA.VmcpTerminatingVm": "error",
    "com.vmware.vc.VmDiskConsolidationNeeded": "info",
    "com.vmware.vc.stats.HostQuickStatesNotUpToDateEvent": "warning",
    "com.vmware.vc.stats.StatsInsertErrorEvent": "error",
    "esx.audit.host.boot": "info",
    "esx.problem.host.coredump": "warning",
    "esx.problem.vm.kill.unexpected.fault.failure": "error",
}


@cache
def categories() -> dict[str, str]:
    """The category of each event type: a class name, or the eventTypeId of an extended event."""
    named = ((_ERROR, "error"), (_WARNING, "warning"), (_INFO, "info"))
    return {name: category for names, category in named for name in names.split()} | _EXTENDED


def event_description() -> vim.event.EventDescription:
    """The description property of EventManager."""
    return vim.event.EventDescription(
        category=[
            vim.ElementDescription(key=key, label=key.capitalize(), summary=key.capitalize()) for key in _CATEGORIES
        ],
        eventInfo=[_detail(name, category) for name, category in categories().items()],
    )


def _detail(name: str, category: str) -> vim.event.EventDescription.EventDetail:
    extended = "." in name
    return vim.event.EventDescription.EventDetail(
        key=vim.event.EventEx if extended else getattr(vim.event, name),
        description=name,
        category=category,
        formatOnDatacenter="",
        formatOnComputeResource="",
        formatOnHost="",
        formatOnVm="",
        # An extended event's own id is the first part of its full format (API reference of EventDescriptionEventDetail).
        fullFormat=f"{name}|" if extended else "",
        longDescription="",
    )
