"""`runtime` and `summary.quickStats` of a VM."""

import random
from datetime import datetime, timedelta

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.estate.plan import VmPlan
from agent.simulator.estate.vm_config import CORE_MHZ, EVC_MODE
from agent.simulator.estate.vm_hardware import overhead_bytes

_vm = vim.vm
_PROTECTED = _vm.RuntimeInfo.DasProtectionState(dasProtected=True)
_UNPROTECTED = _vm.RuntimeInfo.DasProtectionState(dasProtected=False)
_NIC_STATE = _vm.DeviceRuntimeInfo.VirtualEthernetCardRuntimeState(
    vmDirectPathGen2Active=False,
    vmDirectPathGen2InactiveReasonVm=["vmNptIncompatibleNetwork"],
    vmDirectPathGen2InactiveReasonOther=["vmNptIncompatibleHost"],
    uptv2Active=False,
    attachmentStatus="green",
)
_RUNTIME = _vm.RuntimeInfo(
    device=[_vm.DeviceRuntimeInfo(runtimeState=_NIC_STATE, key=4000)],
    connectionState="connected",
    powerState="poweredOn",
    vmFailoverInProgress=False,
    faultToleranceState="notConfigured",
    dasVmProtection=_PROTECTED,
    toolsInstallerMounted=False,
    suspendInterval=0,
    numMksConnections=0,
    recordReplayState="inactive",
    cleanPowerOff=None,
    onlineStandby=False,
    minRequiredEVCModeKey=EVC_MODE,
    consolidationNeeded=False,
    vFlashCacheAllocation=0,
    paused=False,
    snapshotInBackground=False,
    quiescedForkParent=False,
    instantCloneFrozen=False,
    cryptoState=None,
    suspendedToMemory=False,
    opNotificationTimeout=0,
    iommuActive=False,
    consolidateWorkTotal=0,
    consolidateWorkDone=0,
    diskChainBroken=False,
)
IDLE = _vm.Summary.QuickStats(
    overallCpuUsage=0,
    overallCpuDemand=0,
    overallCpuReadiness=0,
    guestMemoryUsage=0,
    hostMemoryUsage=0,
    guestHeartbeatStatus="gray",
    distributedCpuEntitlement=0,
    distributedMemoryEntitlement=0,
    staticCpuEntitlement=0,
    staticMemoryEntitlement=0,
    grantedMemory=0,
    privateMemory=0,
    sharedMemory=0,
    swappedMemory=0,
    balloonedMemory=0,
    consumedOverheadMemory=0,
    ftLogBandwidth=-1,
    ftSecondaryLatency=-1,
    ftLatencyStatus="gray",
    compressedMemory=0,
    uptimeSeconds=0,
    ssdSwappedMemory=0,
    activeMemory=0,
)


def vm_runtime(vm: VmPlan, now: datetime, *, protected: bool) -> vim.vm.RuntimeInfo:
    """`runtime` of a VM; `protected` says whether HA watches its cluster."""
    on = vm.power == "poweredOn"
    question = None
    if vm.question:
        choices = [
            vim.ElementDescription(key=str(n), label=label, summary=label)
            for n, label in enumerate(("Retry", "Cancel"))
        ]
        question = _vm.QuestionInfo(
            id="167843", text=vm.question, choice=vim.option.ChoiceOption(choiceInfo=choices, defaultIndex=0)
        )
    return vary(
        _RUNTIME,
        host=vim.HostSystem(vm.host),
        connectionState=vm.connection,
        powerState=vm.power,
        bootTime=now - vm.uptime if vm.power != "poweredOff" else None,
        suspendTime=now - timedelta(hours=30) if vm.power == "suspended" else None,
        # unset while the VM runs or is suspended
        cleanPowerOff=vm.clean_power_off if vm.power == "poweredOff" else None,
        memoryOverhead=overhead_bytes(vm) if on else None,
        maxCpuUsage=vm.cpu_limit_mhz if vm.cpu_limit_mhz > 0 else vm.cpus * CORE_MHZ,
        maxMemoryUsage=vm.memory_mib,
        dasVmProtection=(_PROTECTED if on and not vm.question else _UNPROTECTED) if protected else None,
        faultToleranceState="needSecondary" if vm.fault_tolerant else "notConfigured",
        needSecondaryReason="other" if vm.fault_tolerant else None,
        consolidationNeeded=vm.consolidation_needed,
        cryptoState="unlocked" if vm.encrypted else None,
        question=question,
        numMksConnections=1 if vm.question else 0,
        device=_RUNTIME.device if on else [],
    )


def heartbeat(vm: VmPlan) -> str:
    """`guestHeartbeatStatus`: gray where Tools cannot say."""
    return "green" if vm.running and vm.tools in ("current", "outdated") and not vm.question else "gray"


def busy(
    rng: random.Random,
    *,
    cpus: int,
    memory_mib: int,
    cpu_limit_mhz: int,
    memory_limit_mib: int,
    overhead_mib: int,
    heartbeat_status: str,
    uptime_s: int,
    level: float,
    fault_tolerant: bool = False,
) -> vim.vm.Summary.QuickStats:
    """`summary.quickStats` of a running VM whose CPUs are busy to the share `level` (0-1), with some noise."""
    most = min(cpus * CORE_MHZ, cpu_limit_mhz if cpu_limit_mhz > 0 else cpus * CORE_MHZ)
    demand = int(cpus * CORE_MHZ * min(0.98, level * rng.uniform(0.7, 1.3)))
    usage = min(demand, most)
    backed = min(memory_mib, memory_limit_mib if memory_limit_mib > 0 else memory_mib)
    consumed = int(backed * rng.uniform(0.86, 0.97))
    active = int(min(consumed, memory_mib * min(0.9, 0.1 + level * rng.uniform(0.6, 1.2))))
    ballooned = (memory_mib - backed) * 2 // 3
    shared = int(consumed * 0.04)
    return vary(
        IDLE,
        overallCpuUsage=usage,
        overallCpuDemand=demand,
        overallCpuReadiness=min(99, int(100 * (demand - usage) / (demand + 1)) + int(rng.random() < 0.2)),
        guestMemoryUsage=active,
        activeMemory=active,
        hostMemoryUsage=consumed + overhead_mib,
        guestHeartbeatStatus=heartbeat_status,
        distributedCpuEntitlement=usage,
        distributedMemoryEntitlement=consumed,
        staticCpuEntitlement=most,
        staticMemoryEntitlement=backed,
        grantedMemory=consumed + shared,
        privateMemory=consumed - shared,
        sharedMemory=shared,
        swappedMemory=(memory_mib - backed) // 8,
        balloonedMemory=ballooned,
        compressedMemory=(memory_mib - backed) // 16 * 1024,
        consumedOverheadMemory=overhead_mib * 2 // 3,
        uptimeSeconds=uptime_s,
        ftLogBandwidth=0 if fault_tolerant else -1,
        ftSecondaryLatency=0 if fault_tolerant else -1,
        ftLatencyStatus="red" if fault_tolerant else "gray",
    )
