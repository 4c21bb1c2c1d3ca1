"""Every property that health and inventory read has a believable value somewhere in the simulated municipality."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pyVmomi import vim

from agent.simulator.estate import municipality
from agent.simulator.objects import Estate

# For each type: the properties below each path. `[type]` takes only the elements (or the value) of that type.
PATHS = {
    vim.VirtualMachine: {
        "": (
            "name configStatus overallStatus guestHeartbeatStatus network resourcePool parent parentVApp "
            "customValue datastore triggeredAlarmState alarmActionsEnabled effectiveRole configIssue"
        ),
        "config": (
            "instanceUuid uuid template createDate changeVersion cpuHotAddEnabled cpuHotRemoveEnabled "
            "memoryReservationLockedToMax memoryHotAddEnabled fixedPassthruHotPlugEnabled changeTrackingEnabled "
            "rebootPowerOff firmware version annotation guestFullName migrateEncryption datastoreUrl extraConfig"
        ),
        "runtime": (
            "powerState connectionState consolidationNeeded bootTime suspendedToMemory suspendTime "
            "suspendInterval cleanPowerOff maxCpuUsage memoryOverhead maxMemoryUsage minRequiredEVCModeKey "
            "opNotificationTimeout faultToleranceState vmFailoverInProgress host numMksConnections "
            "toolsInstallerMounted snapshotInBackground consolidateWorkTotal diskChainBroken"
        ),
        "config.managedBy": "extensionKey",
        "guest": (
            "hostName guestState ipAddress guestFullName guestDetailedData toolsStatus toolsVersionStatus2 "
            "toolsRunningStatus toolsVersion toolsInstallType appHeartbeatStatus guestKernelCrashed "
            "guestOperationsReady guestStateChangeSupported interactiveGuestOperationsReady"
        ),
        "summary.quickStats": (
            "uptimeSeconds overallCpuReadiness overallCpuUsage overallCpuDemand staticCpuEntitlement "
            "distributedCpuEntitlement guestMemoryUsage hostMemoryUsage consumedOverheadMemory privateMemory "
            "sharedMemory swappedMemory balloonedMemory compressedMemory staticMemoryEntitlement "
            "distributedMemoryEntitlement ftLatencyStatus ftLogBandwidth ftSecondaryLatency"
        ),
        "config.hardware": "numCPU numCoresPerSocket memoryMB",
        "config.cpuAllocation.shares": "level shares",
        "config.cpuAllocation": "reservation limit",
        "config.numaInfo": "vnumaOnCpuHotaddExposed",
        "config.memoryAllocation.shares": "level shares",
        "config.memoryAllocation": "reservation limit",
        "summary.config": "numEthernetCards numVirtualDisks tpmPresent",
        "config.hardware.device[vim.vm.device.VirtualDisk]": "capacityInBytes key unitNumber",
        "config.latencySensitivity": "level",
        "config.flags": "diskUuidEnabled",
        "config.hardware.device[vim.vm.device.VirtualVideoCard]": "videoRamSizeInKB numDisplays",
        "runtime.dasVmProtection": "dasProtected",
        "config.ftInfo": "role",
        "summary.storage": "uncommitted committed unshared timestamp",
        "storage": "perDatastoreUsage",
        "config.scheduledHardwareUpgradeInfo": "scheduledHardwareUpgradeStatus upgradePolicy versionKey",
        "config.bootOptions": ("bootDelay bootRetryDelay bootRetryEnabled enterBIOSSetup efiSecureBootEnabled"),
        "config.files": "vmPathName logDirectory snapshotDirectory suspendDirectory",
        "guest.customizationInfo": "customizationStatus",
        "config.keyId": "keyId",
        "runtime.question": "text",
        "config.hardware.device[vim.vm.device.VirtualDisk].deviceInfo": "label",
        "config.hardware.device[vim.vm.device.VirtualSCSIController]": "busNumber sharedBus",
        "config.hardware.device[vim.vm.device.VirtualDisk].backing[vim.vm.device.VirtualDisk.FlatVer2BackingInfo]": (
            "uuid fileName thinProvisioned eagerlyScrub split writeThrough diskMode sharing parent changeId"
        ),
        "config.hardware.device[vim.vm.device.VirtualDisk].backing[vim.vm.device.VirtualDisk.RawDiskMappingVer1BackingInfo]": (
            "lunUuid compatibilityMode"
        ),
        "config.hardware.device[vim.vm.device.VirtualDisk].storageIOAllocation.shares": "shares level",
        "config.hardware.device[vim.vm.device.VirtualDisk].storageIOAllocation": "limit reservation",
        "guest.disk": "diskPath capacity freeSpace filesystemType",
        "guest.disk.mappings": "key",
        "config.hardware.device[vim.vm.device.VirtualEthernetCard].deviceInfo": "label",
        "config.hardware.device[vim.vm.device.VirtualEthernetCard]": "backing macAddress addressType",
        "config.hardware.device[vim.vm.device.VirtualEthernetCard].connectable": "connected startConnected",
        "guest.net.ipConfig.ipAddress": "ipAddress",
        "runtime.device": "runtimeState",
        "config.hardware.device[vim.vm.device.VirtualCdrom].connectable": "connected startConnected",
        "config.hardware.device[vim.vm.device.VirtualCdrom].backing[vim.vm.device.VirtualCdrom.IsoBackingInfo]": (
            "fileName"
        ),
        "config.hardware.device[vim.vm.device.VirtualFloppy].connectable": "connected",
        "config.hardware.device[vim.vm.device.VirtualUSB]": "speed",
        "config.hardware.device[vim.vm.device.VirtualUSBController]": "ehciEnabled busNumber",
        "config.hardware.device[vim.vm.device.VirtualUSB].deviceInfo": "label",
        "snapshot.rootSnapshotList": "name description createTime quiesced state childSnapshotList",
        "layoutEx.snapshot": "dataKey",
        "layoutEx.snapshot.disk.chain": "fileKey",
        "layoutEx.file": "size uniqueSize",
        "layoutEx": "timestamp",
        "config.tools": "toolsVersion toolsUpgradePolicy syncTimeWithHost syncTimeWithHostAllowed",
        "tag": "key",
    },
    vim.HostSystem: {
        "": "name configStatus overallStatus vm triggeredAlarmState configIssue",
        "runtime": ("connectionState standbyMode inMaintenanceMode inQuarantineMode partialMaintenanceMode bootTime"),
        "complianceCheckState": "state",
        "config.vsanHostConfig.faultDomainInfo": "name",
        "summary.hardware": "cpuModel cpuMhz numCpuPkgs numCpuCores numCpuThreads numNics",
        "config.hyperThread": "available active",
        "summary.quickStats": "overallCpuUsage overallMemoryUsage uptime",
        "hardware": "memorySize memoryTieringType",
        "config.consoleReservation": "serviceConsoleReserved",
        "summary.config": "vmotionEnabled",
        "capability": "storageVMotionSupported uefiSecureBoot",
        "summary": "currentEVCModeKey maxEVCModeKey rebootRequired",
        "config.option": "key value",
        "config.powerSystemInfo.currentPolicy": "shortName",
        "hardware.cpuPowerManagementInfo": "currentPolicy hardwareSupport",
        "config.product": "version build fullName patchLevel",
        "config.network.dnsConfig": "address dhcp domainName searchDomain",
        "config.dateTimeInfo.ntpConfig": "server",
        "config.service.service": "running policy",
        "config.dateTimeInfo": "serviceSync lastSyncTime inFallbackState",
        "config.dateTimeInfo.timeZone": "key name gmtOffset",
        "hardware.systemInfo": "vendor model serialNumber uuid",
        "hardware.systemInfo.otherIdentifyingInfo": "identifierValue",
        "hardware.biosInfo": "vendor biosVersion releaseDate",
        "config": "certificate lockdownMode",
        "config.storageDevice.hostBusAdapter": "device status bus pci driver model",
        "config.storageDevice.hostBusAdapter[vim.host.FibreChannelHba]": "portWorldWideName",
        "config.storageDevice.hostBusAdapter[vim.host.InternetScsiHba]": "iScsiName",
        "config.network.pnic": "device driver driverVersion mac pci wakeOnLanSupported",
        "config.network.pnic.linkSpeed": "speedMb duplex",
        "config.network.pnic.spec.linkSpeed": "speedMb",
        "config.network.pnic.validLinkSpecification": "speedMb",
        "config.network.vswitch": "pnic name numPorts numPortsAvailable mtu",
        "config.network.vswitch.spec.policy.security": "allowPromiscuous macChanges forgedTransmits",
        "config.network.vswitch.spec.policy.shapingPolicy": "enabled",
        "config.network.vswitch.spec.policy.nicTeaming": "policy reversePolicy notifySwitches rollingOrder",
        "config.network.vswitch.spec.policy.nicTeaming.nicOrder": "activeNic",
        "config.network.vswitch.spec.policy.offloadPolicy": "csumOffload",
        "config.network.portgroup.spec": "name vswitchName vlanId",
        "config.network.portgroup.computedPolicy.security": "allowPromiscuous",
        "config.network.vnic": "device portgroup",
        "config.network.vnic.spec": "mac mtu",
        "config.network.vnic.spec.ip": "dhcp ipAddress subnetMask",
        "config.network.vnic.spec.ip.ipV6Config.ipV6Address": "ipAddress",
        "config.network.ipRouteConfig": "defaultGateway ipV6DefaultGateway",
        "config.virtualNicManagerInfo.netConfig": "nicType",
        "config.storageDevice.scsiLun": (
            "canonicalName displayName operationalState vendor model revision scsiLevel serialNumber uuid "
            "queueDepth vStorageSupport"
        ),
        "config.storageDevice.scsiLun[vim.host.ScsiDisk]": "localDisk",
        "config.storageDevice.multipathInfo.lun.policy": "policy",
        "config.storageDevice.multipathInfo.lun.path": "name state",
        "config.fileSystemVolume.mountInfo.volume[vim.host.VmfsVolume].extent": "diskName",
        "config.fileSystemVolume.mountInfo.mountInfo": "accessible",
        "runtime.healthSystemRuntime.systemHealthInfo": "numericSensorInfo",
        "runtime.healthSystemRuntime": "hardwareStatusInfo",
        "runtime.dasHostState": "state",
        "config.activeDiagnosticPartition": "diagnosticType",
        "summary.tpmAttestation": "status",
    },
    vim.ClusterComputeResource: {
        "": "name configStatus drsFault recommendation",
        "summary": (
            "overallStatus numHosts numEffectiveHosts totalCpu numCpuCores numCpuThreads effectiveCpu totalMemory "
            "effectiveMemory"
        ),
        "summary[vim.ClusterComputeResource.Summary]": (
            "numVmotions usageSummary drsScore currentFailoverLevel admissionControlInfo currentEVCModeKey"
        ),
        "configurationEx[vim.cluster.ConfigInfoEx].dasConfig": (
            "enabled failoverLevel admissionControlEnabled admissionControlPolicy hostMonitoring "
            "hBDatastoreCandidatePolicy vmMonitoring vmComponentProtecting"
        ),
        "configurationEx[vim.cluster.ConfigInfoEx].dasConfig.defaultVmSettings": ("isolationResponse restartPriority"),
        "configurationEx[vim.cluster.ConfigInfoEx].dasConfig.defaultVmSettings.vmToolsMonitoringSettings": (
            "clusterSettings maxFailures maxFailureWindow failureInterval minUpTime"
        ),
        "configurationEx[vim.cluster.ConfigInfoEx].dasVmConfig.dasSettings": "restartPriority",
        "configurationEx[vim.cluster.ConfigInfoEx].drsConfig": "enabled defaultVmBehavior vmotionRate",
        "configurationEx[vim.cluster.ConfigInfoEx].drsVmConfig": "enabled",
        "configurationEx[vim.cluster.ConfigInfoEx]": "rule group",
        "configurationEx[vim.cluster.ConfigInfoEx].dpmConfigInfo": ("enabled defaultDpmBehavior hostPowerActionRate"),
        "configurationEx[vim.cluster.ConfigInfoEx].vsanConfigInfo": "enabled",
    },
    vim.Datastore: {
        "": "name configStatus vm parent",
        "info[vim.host.NasDatastoreInfo].nas": "remoteHost",
        "summary": "accessible type capacity uncommitted freeSpace multipleHostAccess url maintenanceMode",
        "info": "timestamp",
        "iormConfiguration": "enabled congestionThreshold",
        "host": "key",
        "host.mountInfo": "accessible",
        "info[vim.host.VmfsDatastoreInfo].vmfs": (
            "blockSizeMb maxBlocks extent majorVersion version vmfsUpgradable local"
        ),
    },
    vim.StoragePod: {
        "podStorageDrsEntry.storageDrsConfig.podConfig": "enabled",
        "summary": "capacity",
    },
    vim.ResourcePool: {
        "": "name vm",
        "runtime": "overallStatus",
        "config.cpuAllocation": "limit overheadLimit reservation expandableReservation",
        "config.cpuAllocation.shares": "level",
        "runtime.cpu": "maxUsage overallUsage reservationUsed",
        "summary": "configuredMemoryMB",
        "config.memoryAllocation": "limit",
        "summary.quickStats": "overallCpuUsage",
    },
    vim.DistributedVirtualSwitch: {
        "": "name",
        "summary.productInfo": "version",
        "summary": "description hostMember numPorts vm",
        "config": "createTime maxPorts",
        "config.defaultPortConfig.inShapingPolicy.enabled": "value",
        "config[vim.dvs.VmwareDistributedVirtualSwitch.ConfigInfo].linkDiscoveryProtocolConfig": "protocol",
        "config[vim.dvs.VmwareDistributedVirtualSwitch.ConfigInfo].lacpGroupConfig": "mode",
        "config[vim.dvs.VmwareDistributedVirtualSwitch.ConfigInfo]": "maxMtu",
        "summary.contact": "contact",
        "runtime.hostMemberRuntime": "status",
    },
    vim.dvs.DistributedVirtualPortgroup: {
        "": "name",
        "config": "distributedVirtualSwitch type numPorts",
        "config.defaultPortConfig[vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy]": "vlan",
        "config.defaultPortConfig.blocked": "value",
        "config.defaultPortConfig[vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy].securityPolicy.allowPromiscuous": (
            "value"
        ),
        "config.defaultPortConfig[vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy].uplinkTeamingPolicy.policy": (
            "value"
        ),
        "config.defaultPortConfig[vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy].uplinkTeamingPolicy.uplinkPortOrder": (
            "activeUplinkPort"
        ),
        "config.defaultPortConfig[vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy].uplinkTeamingPolicy": (
            "failureCriteria"
        ),
        "config.policy": "blockOverrideAllowed",
    },
}


def type_named(name):
    found = vim
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    return found


def values(value, segments) -> Iterator[object]:
    if value is None:
        return
    if isinstance(value, list) and (segments or not value):
        for one in value:
            yield from values(one, segments)
        return
    if not segments:
        yield value
        return
    name, cast = re.fullmatch(r"(\w+)(?:\[(.+)\])?", segments[0]).groups()
    below = getattr(value, name, None)
    if cast:
        wanted = type_named(cast)
        if isinstance(below, list):
            below = [one for one in below if isinstance(one, wanted)]
        elif not isinstance(below, wanted):
            return
    yield from values(below, segments[1:])


class Properties:
    """An object of the estate, attribute by attribute."""

    def __init__(self, estate, moid):
        self._estate, self._moid = estate, moid

    def __getattr__(self, name):
        return self._estate.get(self._moid, name)


@pytest.fixture(scope="module")
def estate():
    estate = Estate(7, lambda: datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    municipality(estate)
    return estate


@pytest.mark.parametrize(
    ("type_", "path"),
    [
        (type_, f"{prefix}.{leaf}".lstrip("."))
        for type_, groups in PATHS.items()
        for prefix, leaves in groups.items()
        for leaf in leaves.split()
    ],
)
def test_some_object_has_a_value(estate, type_, path):
    segments = re.findall(r"\w+(?:\[[^\]]*\])?", path)
    assert any(True for moid in estate.ids(type_) for _ in values(Properties(estate, moid), segments))
