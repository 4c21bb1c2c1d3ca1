"""Which events are read: all that say something of availability, of who did what, and of vCenter's own data quality.

vCenter compares an EventFilterSpec's `eventTypeId` with the class of a plain event and with the type id of an EventEx
or ExtendedEvent. Ids that a vCenter does not know match nothing. Logins that succeeded are left out: monitoring tools,
this one among them, make more of them than everything else together.
"""

_POWER = (
    "VmPoweredOnEvent DrsVmPoweredOnEvent VmPoweredOffEvent VmSuspendedEvent VmSuspendingEvent VmResumingEvent "
    "VmStartingEvent VmStoppingEvent VmResettingEvent VmPowerOffOnIsolationEvent VmShutdownOnIsolationEvent "
    "VmGuestShutdownEvent VmGuestRebootEvent VmGuestStandbyEvent VmGuestOSCrashedEvent VmDasBeingResetEvent "
    "VmDasBeingResetWithScreenshotEvent VmDasResetFailedEvent VmFailedToPowerOnEvent VmFailedToPowerOffEvent "
    "VmFailedToResetEvent VmFailedToSuspendEvent VmFailedToShutdownGuestEvent VmFailedToRebootGuestEvent "
    "VmFailoverFailed VmMaxRestartCountReached VmRestartedOnAlternateHostEvent VmNoCompatibleHostForSecondaryEvent"
)
_PLACE = (
    "VmCreatedEvent VmBeingCreatedEvent VmClonedEvent VmBeingClonedEvent VmDeployedEvent VmRegisteredEvent "
    "VmRemovedEvent VmRenamedEvent VmReconfiguredEvent VmMigratedEvent VmBeingMigratedEvent VmBeingHotMigratedEvent "
    "VmEmigratingEvent VmRelocatedEvent VmBeingRelocatedEvent VmFailedMigrateEvent VmRelocateFailedEvent "
    "DrsVmMigratedEvent VmUuidChangedEvent VmInstanceUuidChangedEvent VmConnectedEvent VmDisconnectedEvent "
    "VmOrphanedEvent VmDiscoveredEvent VmUpgradeCompleteEvent VmMessageEvent VmMessageErrorEvent "
    "VmMessageWarningEvent VmConfigMissingEvent VmResourcePoolMovedEvent VmAutoRenameEvent VmAcquiredTicketEvent"
)
_PLATFORM = (
    "HostConnectionLostEvent HostDisconnectedEvent HostConnectedEvent HostReconnectionFailedEvent HostShutdownEvent "
    "HostAddedEvent HostRemovedEvent HostIsolationIpPingFailedEvent EnteringMaintenanceModeEvent "
    "EnteredMaintenanceModeEvent ExitMaintenanceModeEvent EnteringStandbyModeEvent EnteredStandbyModeEvent "
    "ExitedStandbyModeEvent DrsEnteredStandbyModeEvent DrsExitedStandbyModeEvent HostDasErrorEvent DasEnabledEvent "
    "DasDisabledEvent DasHostFailedEvent DasHostIsolatedEvent DrsEnabledEvent DrsDisabledEvent InsufficientFailoverResourcesEvent "
    "FailoverLevelRestored ClusterReconfiguredEvent ClusterOvercommittedEvent DatastoreDiscoveredEvent DatastoreRemovedOnHostEvent "
    "DatastoreDestroyedEvent DatastoreRenamedEvent NASDatastoreCreatedEvent VMFSDatastoreCreatedEvent "
    "VMFSDatastoreExpandedEvent VMFSDatastoreExtendedEvent LicenseExpiredEvent"
)
_PEOPLE = (
    "TaskEvent ScheduledTaskStartedEvent ScheduledTaskFailedEvent AlarmStatusChangedEvent AlarmAcknowledgedEvent "
    "AlarmClearedEvent BadUsernameSessionEvent NoAccessUserEvent SessionTerminatedEvent ServerStartedSessionEvent "
    "PermissionAddedEvent PermissionUpdatedEvent PermissionRemovedEvent RoleUpdatedEvent"
)
_EXTENDED = (
    # the two spellings of HA are vCenter's own
    "com.vmware.vc.ha.VmRestartedByHAEvent com.vmware.vc.HA.VmcpTerminatingVm com.vmware.vc.HA.DasHostFailedEvent "
    "com.vmware.vc.HA.DasHostIsolatedEvent com.vmware.vc.HA.DasHostCompleteNetworkFailureEvent "
    "com.vmware.vc.HA.DasHostCompleteDatastoreFailureEvent com.vmware.vc.HA.DasTotalClusterFailureEvent "
    "com.vmware.vc.HA.HostStateChangedEvent com.vmware.vc.HA.ClusterFailoverActionInitiatedEvent "
    "com.vmware.vc.HA.ClusterFailoverActionCompletedEvent com.vmware.vc.HA.ClusterFailoverInProgressEvent "
    "com.vmware.vc.HA.VmDasResetAbortedEvent com.vmware.vc.HA.FailedRestartAfterIsolationEvent "
    "com.vmware.vc.HA.VmUnprotectedEvent com.vmware.vc.HA.VmProtectedEvent "
    "com.vmware.vc.vmam.VmAppHealthMonitoringStateChangedEvent com.vmware.vc.VmDiskConsolidationNeeded "
    "com.vmware.vc.VmDiskConsolidatedEvent com.vmware.vc.VmDiskFailedToConsolidateEvent "
    "com.vmware.vc.stats.HostQuickStatesNotUpToDateEvent com.vmware.vc.stats.StatsInsertErrorEvent "
    "esx.audit.host.boot esx.audit.host.stop.reboot esx.audit.host.stop.shutdown esx.problem.host.coredump "
    "esx.problem.vm.kill.unexpected.fault.failure esx.problem.vm.kill.unexpected.forcefulPageRetire "
    "esx.problem.vm.kill.unexpected.forcefulPageRetire.64 esx.problem.vm.kill.unexpected.noSwapResponse "
    "esx.problem.vm.kill.unexpected.vmtrack esx.problem.storage.apd.start esx.problem.storage.apd.timeout "
    "esx.clear.storage.apd.exit esx.problem.storage.connectivity.lost esx.clear.storage.connectivity.restored "
    "esx.problem.storage.redundancy.lost esx.clear.storage.redundancy.restored esx.problem.scsi.device.state.permanentloss "
    "esx.problem.vmfs.heartbeat.timedout esx.problem.vmfs.heartbeat.unrecoverable esx.problem.vmfs.heartbeat.recovered "
    "esx.problem.net.connectivity.lost esx.clear.net.connectivity.restored"
)

_HEALTH = (
    # what only health checks look at
    "AlarmEmailFailedEvent AlarmReconfiguredEvent AlarmRemovedEvent AlarmScriptFailedEvent AlarmSnmpFailedEvent "
    "DasAdmissionControlDisabledEvent DuplicateIpDetectedEvent LocalTSMEnabledEvent NoLicenseEvent "
    "RemoteTSMEnabledEvent RoleAddedEvent RoleRemovedEvent TaskTimeoutEvent VmAcquiredMksTicketEvent "
    "VmCloneFailedEvent VmDeployFailedEvent VmFailedRelayoutEvent VmFailedStartingSecondaryEvent VmMacConflictEvent "
    "VmRemoteConsoleConnectedEvent VmResourceReallocatedEvent VmStaticMacConflictEvent VmUuidConflictEvent "
    "com.vmware.applmgmt.backup.job.failed.event com.vmware.license.LicenseCapacityExceededEvent "
    "com.vmware.sso.LoginFailure com.vmware.vc.HA.DasHostMonitoringDisabledEvent "
    "com.vmware.vc.HA.HeartbeatDatastoreChanged com.vmware.vc.HA.HeartbeatDatastoreNotSufficient "
    "com.vmware.vc.HA.HostHasNoIsolationAddrsDefined com.vmware.vc.HA.InsufficientFailoverLevelEvent "
    "com.vmware.vc.HA.VmNotProtectedEvent com.vmware.vc.certificatemanagement.CertificateExpirationImminentEvent "
    "com.vmware.vc.certificatemanagement.CertificateExpiringEvent "
    "com.vmware.vc.certmgr.HostCertExpirationImminentEvent com.vmware.vc.certmgr.HostCertExpiringEvent "
    "com.vmware.vc.certmgr.HostCertManagementModeChangedEvent com.vmware.vc.ha.VmRestartFailedEvent "
    "com.vmware.vc.system.RootPasswordExpiredEvent esx.audit.dcui.login.failed esx.audit.shell.enabled "
    "esx.audit.ssh.enabled esx.audit.ssh.session.opened esx.problem.clock.correction.adjtime.lostsync "
    "esx.problem.clock.correction.adjtime.unsync esx.problem.clock.correction.delta.failed "
    "esx.problem.clock.correction.delta.warning esx.problem.clock.correction.step.unsync "
    "esx.problem.clock.state.reset esx.problem.cpu.mce.invalid esx.problem.cpu.page.correctederrors.high "
    "esx.problem.net.dvport.redundancy.lost esx.problem.net.redundancy.degraded esx.problem.net.redundancy.lost "
    "esx.problem.net.vmnic.linkstate.down esx.problem.net.vmnic.linkstate.flapping "
    "esx.problem.ntpd.clock.correction.error esx.problem.storage.redundancy.degraded "
    "esx.problem.vm.kill.unexpected.noSwapResponse.64 esx.problem.vmfs.nfs.server.disconnect "
    "vim.event.ResourceExhaustionStatusChangedEvent"
)

EVENT_KINDS: tuple[str, ...] = tuple(
    kind for group in (_POWER, _PLACE, _PLATFORM, _PEOPLE, _EXTENDED, _HEALTH) for kind in group.split()
)
"""Every type id that is asked for."""
