"""`hardware` and `capability` of a host."""

import random
from datetime import UTC, datetime

from pyVmomi import vim

from agent.simulator.estate.plan import GIB, HostPlan
from agent.simulator.estate.vm_config import CORE_MHZ

_host = vim.host
VENDOR, MODEL, CPU_MODEL = "Dell Inc.", "PowerEdge R660", "Intel(R) Xeon(R) Platinum 8362 CPU @ 2.80GHz"
OLD_MODEL = "PowerEdge R640"
MHZ, PACKAGES, CORES, THREADS = CORE_MHZ, 2, 64, 128
CLUSTER_MEMORY, SMALL_MEMORY = 1024 * GIB, 256 * GIB


def memory_bytes(host: HostPlan) -> int:
    """`hardware.memorySize`, B; firmware keeps a little for itself."""
    return (CLUSTER_MEMORY if host.in_cluster else SMALL_MEMORY) - 305_152


def model(host: HostPlan) -> str:
    """The standalone host is of the generation before."""
    return MODEL if host.in_cluster else OLD_MODEL


def identities(host: HostPlan) -> list[vim.host.SystemIdentificationInfo]:
    """`hardware.systemInfo.otherIdentifyingInfo`: asset tag, service tag, vendor string."""
    return [
        _host.SystemIdentificationInfo(
            identifierValue=value,
            identifierType=vim.ElementDescription(key=key, label=label, summary=f"{label} of the system"),
        )
        for key, label, value in (
            ("AssetTag", "Asset Tag", f"RAADHUS-{host.number:04d}"),
            ("ServiceTag", "Service tag", service_tag(host)),
            ("OemSpecificString", "OEM specific string", "Dell System"),
        )
    ]


def service_tag(host: HostPlan) -> str:
    """Dell's serial number: seven characters."""
    return f"{'BCDFGHJKLM'[host.number % 10]}{host.number:03d}XK3"


def hardware(host: HostPlan, uuid: str, rng: random.Random) -> vim.host.HardwareInfo:
    """`hardware` of a host."""
    hz = MHZ * 1_000_000 - 6_121
    return _host.HardwareInfo(
        systemInfo=_host.SystemInfo(
            vendor=VENDOR,
            model=model(host),
            uuid=uuid,
            otherIdentifyingInfo=identities(host),
            serialNumber=service_tag(host),
        ),
        cpuPowerManagementInfo=_host.CpuPowerManagementInfo(
            currentPolicy="High Performance" if host.in_cluster else "Balanced",
            hardwareSupport="ACPI P-states, ACPI C-states",
        ),
        cpuInfo=_host.CpuInfo(numCpuPackages=PACKAGES, numCpuCores=CORES, numCpuThreads=THREADS, hz=hz),
        cpuPkg=[
            _host.CpuPackage(
                index=n,
                vendor="intel",
                hz=hz + rng.randint(-900, 900),
                busHz=99_999_800,
                description=CPU_MODEL,
                threadId=list(range(n * THREADS // PACKAGES, (n + 1) * THREADS // PACKAGES)),
            )
            for n in range(PACKAGES)
        ],
        memorySize=memory_bytes(host),
        numaInfo=_host.NumaInfo(type="NUMA", numNodes=2, numaNode=[]),
        smcPresent=False,
        pciDevice=[],
        cpuFeature=[],
        biosInfo=_host.BIOSInfo(
            biosVersion="2.4.4" if host.in_cluster else "1.12.1",
            releaseDate=datetime(2026, 2, 17, tzinfo=UTC) if host.in_cluster else datetime(2021, 6, 3, tzinfo=UTC),
            vendor="Dell Inc.",
            majorRelease=2,
            minorRelease=4,
            firmwareType="UEFI",
        ),
        memoryTieringType="noTiering",
    )


CAPABILITY = _host.Capability(
    recursiveResourcePoolsSupported=True,
    cpuMemoryResourceConfigurationSupported=True,
    rebootSupported=True,
    shutdownSupported=True,
    vmotionSupported=True,
    standbySupported=True,
    ipmiSupported=True,
    maxSupportedVMs=1024,
    maxRunningVMs=0,
    maxSupportedVcpus=768,
    maxRegisteredVMs=4096,
    maintenanceModeSupported=True,
    storageVMotionSupported=True,
    vmotionWithStorageVMotionSupported=True,
    vmotionAcrossNetworkSupported=True,
    tpmSupported=True,
    tpmVersion="2.0",
    txtEnabled=False,
    firewallIpRulesSupported=True,
    hostAccessManagerSupported=True,
    quickBootSupported=True,
    encryptedVMotionSupported=True,
    nfs41Supported=True,
    vsanSupported=True,
    timeConfigSupported=True,
    uefiSecureBoot=True,
    featureCapabilitiesSupported=True,
    latencySensitivitySupported=True,
    nestedHVSupported=True,
    vPMCSupported=True,
    supportedVmfsMajorVersion=[5, 6],
)
