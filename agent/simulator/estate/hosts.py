"""ESXi hosts: from a plan to the properties vCenter serves."""

import random
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from pyVmomi import vim, vmodl

from agent.simulator.estate.entities import entity
from agent.simulator.estate.fields import host_fields
from agent.simulator.estate.host_certificate import certificate_pem
from agent.simulator.estate.host_hardware import (
    CAPABILITY,
    CORES,
    CPU_MODEL,
    MHZ,
    PACKAGES,
    THREADS,
    VENDOR,
    hardware,
    identities,
    memory_bytes,
    model,
)
from agent.simulator.estate.host_network import host_network, vmkernel_services
from agent.simulator.estate.host_sensors import health
from agent.simulator.estate.host_settings import date_time, firewall, options, power_capability, power_policy, services
from agent.simulator.estate.host_storage import host_storage, host_volumes
from agent.simulator.estate.plan import GIB, DatastorePlan, HostPlan
from agent.simulator.estate.vm_config import EVC_MODE
from agent.simulator.objects import Estate

_host = vim.host
BUILD, OLD_BUILD = ("8.0.3", "24022510"), ("8.0.2", "22380479")


def product(host: HostPlan) -> vim.AboutInfo:
    """`config.product`; the host that waits for a reboot and the standalone one run the build before."""
    version, build = OLD_BUILD if host.reboot_required or not host.in_cluster else BUILD
    return vim.AboutInfo(
        name="VMware ESXi",
        fullName=f"VMware ESXi {version} build-{build}",
        vendor="VMware, Inc.",
        version=version,
        patchLevel="0" if build == OLD_BUILD[1] else "35",
        build=build,
        localeVersion="INTL",
        localeBuild="000",
        osType="vmnix-x86",
        productLineId="embeddedEsx",
        apiType="HostAgent",
        apiVersion=f"{version}.0",
        licenseProductName="VMware ESX Server",
        licenseProductVersion="8.0",
    )


def runtime(host: HostPlan, rng: random.Random, now: datetime) -> vim.host.RuntimeInfo:
    """`runtime` of a host that runs."""
    state = None
    if host.in_cluster:
        state = vim.cluster.DasFdmHostState(state="master" if host.master else "connectedToMaster")
    return _host.RuntimeInfo(
        connectionState="connected",
        powerState="poweredOn",
        standbyMode="none",
        inMaintenanceMode=False,
        inQuarantineMode=False,
        bootTime=now - host.uptime,
        healthSystemRuntime=health(host, rng, now),
        dasHostState=state,
        hostMaxVirtualDiskCapacity=62 * 1024 * GIB,
        cryptoState="safe" if host.in_cluster else "incapable",
        partialMaintenanceMode=[
            _host.PartialMaintenanceModeRuntimeInfo(key="quickPatchPartialMM", hostStatus="notInPartialMM")
        ],
    )


def config(
    host: HostPlan,
    datastores: Sequence[DatastorePlan],
    capacities: Mapping[str, int],
    pem: bytes,
    now: datetime,
) -> vim.host.ConfigInfo:
    """`config` of a host."""
    network = host_network(host)
    reserved = 0 if host.in_cluster else 300 * 1024**2
    return _host.ConfigInfo(
        host=vim.HostSystem(host.moid),
        product=product(host),
        hyperThread=_host.CpuSchedulerSystem.HyperThreadScheduleInfo(available=True, active=True, config=True),
        consoleReservation=_host.MemoryManagerSystem.ServiceConsoleReservationInfo(
            serviceConsoleReservedCfg=reserved, serviceConsoleReserved=reserved, unreserved=memory_bytes(host)
        ),
        storageDevice=host_storage(host, datastores, capacities),
        fileSystemVolume=host_volumes(datastores, capacities),
        network=network,
        virtualNicManagerInfo=vmkernel_services(network),
        service=services(host),
        firewall=firewall(),
        activeDiagnosticPartition=_host.DiagnosticPartition(
            storageType="directAttached",
            diagnosticType="singleHost",
            slots=1,
            id=_host.ScsiDisk.Partition(diskName=f"naa.6d0946606b1c2f01{host.number:016x}", partition=7),
        ),
        option=options(host),
        dateTimeInfo=date_time(host, now),
        flags=_host.FlagInfo(backgroundSnapshotsEnabled=True),
        adminDisabled=False,
        lockdownMode="lockdownNormal" if host.in_cluster else "lockdownDisabled",
        certificate=list(pem),
        powerSystemCapability=power_capability(),
        powerSystemInfo=_host.PowerSystem.Info(currentPolicy=power_policy(host)),
        wakeOnLanCapable=True,
        vsanHostConfig=vim.vsan.host.ConfigInfo(
            enabled=False,
            hostSystem=vim.HostSystem(host.moid),
            faultDomainInfo=vim.vsan.host.ConfigInfo.FaultDomainInfo(name=f"Rack {'AB'[host.number % 2]}"),
        ),
    )


def add_host(
    estate: Estate,
    host: HostPlan,
    *,
    parent: vim.ComputeResource,
    datastores: Sequence[DatastorePlan],
    capacities: Mapping[str, int],
    networks: Sequence[vim.Network],
    vms: Sequence[vim.VirtualMachine],
    rng: random.Random,
    now: datetime,
) -> None:
    """Add a host; `summary.quickStats` is filled in from its VMs afterwards (see totals)."""
    ref = vim.HostSystem(host.moid)
    system_uuid = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    pem = certificate_pem(
        rng,
        host.name,
        now - timedelta(days=1825 - host.certificate_days_left),
        now + timedelta(days=host.certificate_days_left),
    )
    fingerprint = sha256(pem).hexdigest().upper()
    state = runtime(host, rng, now)
    fields = host_fields(host)
    status = "yellow" if host.yellow_sensor or host.dead_path or host.link_down else "green"
    hardware_info = hardware(host, system_uuid, rng)
    hardware_summary = _host.Summary.HardwareSummary(
        vendor=VENDOR,
        model=model(host),
        uuid=system_uuid,
        otherIdentifyingInfo=identities(host),
        memorySize=memory_bytes(host),
        cpuModel=CPU_MODEL,
        cpuMhz=MHZ,
        numCpuPkgs=PACKAGES,
        numCpuCores=CORES,
        numCpuThreads=THREADS,
        numNics=4,
        numHBAs=4,
    )
    evc = EVC_MODE if host.in_cluster else None
    summary = _host.Summary(
        host=ref,
        hardware=hardware_summary,
        runtime=state,
        config=_host.Summary.ConfigSummary(
            name=host.name,
            port=443,
            sslThumbprint=":".join(fingerprint[i : i + 2] for i in range(0, 40, 2)),
            product=product(host),
            vmotionEnabled=True,
            faultToleranceEnabled=host.in_cluster,
        ),
        quickStats=_host.Summary.QuickStats(uptime=int(host.uptime.total_seconds())),
        overallStatus=status,
        rebootRequired=host.reboot_required,
        customValue=fields,
        managementServerIp="10.10.10.5",
        maxEVCModeKey="intel-icelake" if host.in_cluster else "intel-cascadelake",
        currentEVCModeKey=evc,
        tpmAttestation=_host.TpmAttestationInfo(time=now - host.uptime, status="accepted") if host.in_cluster else None,
    )
    estate.add(_host.DateTimeSystem, f"dateTimeSystem-{host.moid[5:]}")
    estate.add(
        vim.HostSystem,
        host.moid,
        **entity(host.name, parent, status, customValue=fields, value=fields),
        runtime=state,
        summary=summary,
        hardware=hardware_info,
        capability=CAPABILITY,
        licensableResource=vim.LicenseManager.LicensableResourceInfo(
            resource=[vmodl.KeyAnyValue(key="numCpuCores", value=CORES)]
        ),
        complianceCheckState=vim.HostSystem.ComplianceCheckState(
            state="nonCompliant" if host.ssh_running else "compliant", checkTime=now - timedelta(hours=7)
        ),
        configManager=_host.ConfigManager(dateTimeSystem=_host.DateTimeSystem(f"dateTimeSystem-{host.moid[5:]}")),
        config=config(host, datastores, capacities, pem, now),
        vm=list(vms),
        datastore=[vim.Datastore(plan.moid) for plan in datastores],
        network=list(networks),
        datastoreBrowser=_host.DatastoreBrowser(f"hostDatastoreBrowser-{host.moid}"),
    )
