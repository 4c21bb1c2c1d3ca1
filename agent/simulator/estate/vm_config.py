"""`config` of a VM and its summary."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.estate.plan import VmPlan

CORE_MHZ = 2800
EVC_MODE = "intel-cascadelake"
_vm = vim.vm


@cache
def _shares(level: str, shares: int) -> vim.SharesInfo:
    return vim.SharesInfo(level=level, shares=shares)


@cache
def allocation(reservation: int, limit: int, shares: int, *, expandable: bool = False) -> vim.ResourceAllocationInfo:
    """A CPU (MHz) or memory (MiB) allocation; -1 is no limit."""
    return vim.ResourceAllocationInfo(
        reservation=reservation,
        expandableReservation=expandable,
        limit=limit,
        shares=_shares("normal", shares),
        overheadLimit=-1,
    )


_HARDWARE = _vm.VirtualHardware(
    numCoresPerSocket=1,
    autoCoresPerSocket=False,
    virtualICH7MPresent=False,
    virtualSMCPresent=False,
    motherboardLayout="i440bxHostBridge",
    simultaneousThreads=1,
)
_OPTIONS = [
    vim.option.OptionValue(key="svga.present", value="TRUE"),
    vim.option.OptionValue(key="isolation.tools.copy.disable", value="TRUE"),
    vim.option.OptionValue(key="isolation.tools.paste.disable", value="TRUE"),
    vim.option.OptionValue(key="log.keepOld", value="10"),
    vim.option.OptionValue(key="log.rotateSize", value="2048000"),
    vim.option.OptionValue(key="tools.guest.desktop.autolock", value="TRUE"),
    vim.option.OptionValue(key="disk.EnableUUID", value="TRUE"),
    vim.option.OptionValue(key="sched.swap.derivedName", value=""),
    vim.option.OptionValue(key="ethernet0.pciSlotNumber", value="192"),
]
_NO_UPGRADE = _vm.ScheduledHardwareUpgradeInfo(upgradePolicy="never", scheduledHardwareUpgradeStatus="none")
_CONFIG = _vm.ConfigInfo(
    npivTemporaryDisabled=True,
    alternateGuestName="",
    tools=_vm.ToolsConfigInfo(
        toolsVersion=12389,
        toolsInstallType="guestToolsTypeMSI",
        afterPowerOn=True,
        afterResume=True,
        beforeGuestStandby=True,
        beforeGuestShutdown=True,
        toolsUpgradePolicy="manual",
        syncTimeWithHostAllowed=True,
        syncTimeWithHost=False,
    ),
    flags=_vm.FlagInfo(
        disableAcceleration=False,
        enableLogging=True,
        useToe=False,
        runWithDebugInfo=False,
        monitorType="release",
        htSharing="any",
        snapshotDisabled=False,
        snapshotLocked=False,
        diskUuidEnabled=True,
        virtualMmuUsage="automatic",
        virtualExecUsage="hvAuto",
        snapshotPowerOffBehavior="powerOff",
        recordReplayEnabled=False,
        faultToleranceType="unset",
        cbrcCacheEnabled=False,
        vvtdEnabled=False,
        vbsEnabled=False,
    ),
    defaultPowerOps=_vm.DefaultPowerOpInfo(
        powerOffType="soft",
        suspendType="hard",
        resetType="soft",
        defaultPowerOffType="soft",
        defaultSuspendType="hard",
        defaultResetType="soft",
        standbyAction="checkpoint",
    ),
    rebootPowerOff=False,
    latencySensitivity=vim.LatencySensitivity(level="normal"),
    memoryHotAddEnabled=True,
    cpuHotAddEnabled=True,
    cpuHotRemoveEnabled=False,
    extraConfig=_OPTIONS,
    swapPlacement="inherit",
    bootOptions=_vm.BootOptions(
        bootDelay=0,
        enterBIOSSetup=False,
        efiSecureBootEnabled=True,
        bootRetryEnabled=False,
        bootRetryDelay=10_000,
        networkBootProtocol="ipv4",
    ),
    vAssertsEnabled=False,
    changeTrackingEnabled=True,
    firmware="efi",
    maxMksConnections=40,
    guestAutoLockEnabled=True,
    memoryReservationLockedToMax=False,
    nestedHVEnabled=False,
    vPMCEnabled=False,
    scheduledHardwareUpgradeInfo=_NO_UPGRADE,
    messageBusTunnelEnabled=False,
    migrateEncryption="opportunistic",
    ftEncryptionMode="ftEncryptionOpportunistic",
    sevEnabled=False,
    numaInfo=_vm.VirtualNumaInfo(coresPerNumaNode=8, autoCoresPerNumaNode=True, vnumaOnCpuHotaddExposed=False),
    pmemFailoverEnabled=False,
    vmxStatsCollectionEnabled=True,
    vmOpNotificationToAppEnabled=False,
    vmOpNotificationTimeout=0,
    fixedPassthruHotPlugEnabled=False,
    metroFtEnabled=False,
)
_BIOS = {
    "firmware": "bios",
    "bootOptions": vary(_CONFIG.bootOptions, efiSecureBootEnabled=False),
}


def vm_config(
    vm: VmPlan, devices: list[Any], datastore_name: str, datastore_url: str, now: datetime
) -> vim.vm.ConfigInfo:
    """`config` of a VM."""
    created = now - vm.age
    changed = now - min(vm.age, timedelta(days=17, hours=3))
    folder = f"[{datastore_name}] {vm.home}"
    old = int(vm.hardware.removeprefix("vmx-")) < 13
    changes: dict[str, Any] = dict(_BIOS) if old else {}
    if vm.upgrade_scheduled:
        changes["scheduledHardwareUpgradeInfo"] = _vm.ScheduledHardwareUpgradeInfo(
            upgradePolicy="onSoftPowerOff", versionKey="vmx-21", scheduledHardwareUpgradeStatus="pending"
        )
    if vm.fault_tolerant:
        changes["ftInfo"] = _vm.FaultToleranceConfigInfo(
            role=1, instanceUuids=[vm.instance_uuid], configPaths=[f"{folder}/{vm.file_stem}.vmx"], orphaned=False
        )
    if vm.encrypted:
        changes["keyId"] = vim.encryption.CryptoKeyId(
            keyId=f"key-{vm.uuid[:8]}", providerId=vim.encryption.KeyProviderId(id="kommune-nkp")
        )
    if vm.managed_by:
        changes["managedBy"] = vim.ext.ManagedByInfo(extensionKey=vm.managed_by, type="appliance")
    return vary(
        _CONFIG,
        changeVersion=changed.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        modified=changed,
        createDate=created,
        name=vm.name,
        guestId=vm.os.guest_id,
        guestFullName=vm.os.configured,
        version=vm.hardware,
        uuid=vm.uuid,
        instanceUuid=vm.instance_uuid,
        template=vm.template,
        annotation=f"{vm.system.name}: bestilt af {vm.system.owner}",
        files=_vm.FileInfo(
            vmPathName=f"{folder}/{vm.file_stem}.vmx",
            snapshotDirectory=f"{folder}/",
            suspendDirectory=f"{folder}/",
            logDirectory=f"{folder}/",
        ),
        hardware=vary(
            _HARDWARE,
            numCPU=vm.cpus,
            numCoresPerSocket=min(vm.cpus, 4),
            memoryMB=vm.memory_mib,
            device=devices,
        ),
        cpuAllocation=allocation(vm.cpu_reservation_mhz, vm.cpu_limit_mhz, 1000 * vm.cpus),
        memoryAllocation=allocation(vm.memory_reservation_mib, vm.memory_limit_mib, 10 * vm.memory_mib),
        datastoreUrl=[_vm.ConfigInfo.DatastoreUrlPair(name=datastore_name, url=datastore_url)],
        changeTrackingEnabled=vm.backup_age is not None,
        initialOverhead=None,
        **changes,
    )


def config_summary(config: Any, *, tpm: bool) -> vim.vm.Summary.ConfigSummary:
    """`summary.config`: the part of `config` that it repeats."""
    devices = config.hardware.device
    return _vm.Summary.ConfigSummary(
        name=config.name,
        template=config.template,
        vmPathName=config.files.vmPathName,
        memorySizeMB=config.hardware.memoryMB,
        cpuReservation=config.cpuAllocation.reservation,
        memoryReservation=config.memoryAllocation.reservation,
        numCpu=config.hardware.numCPU,
        numEthernetCards=sum(isinstance(one, _vm.device.VirtualEthernetCard) for one in devices),
        numVirtualDisks=sum(isinstance(one, _vm.device.VirtualDisk) for one in devices),
        uuid=config.uuid,
        instanceUuid=config.instanceUuid,
        guestId=config.guestId,
        guestFullName=config.guestFullName,
        annotation=config.annotation,
        installBootRequired=False,
        ftInfo=config.ftInfo,
        managedBy=config.managedBy,
        tpmPresent=tpm,
        numVmiopBackings=0,
        hwVersion=config.version,
    )
