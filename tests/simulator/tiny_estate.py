"""The smallest estate that has one of everything: a datacenter, a cluster of two hosts, four VMs, a datastore, a network."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pyVmomi import vim

from agent.simulator.objects import Estate

CPU_MHZ, CORES, MEMORY = 2600, 16, 256 * 1024**3
VMS = ("vm-1", "vm-2", "vm-3", "vm-4")
SHARES = vim.SharesInfo(shares=4000, level="normal")


class SteppedClock:
    """A wall clock that only moves when told."""

    def __init__(self, start: datetime) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def step(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def real_time() -> datetime:
    return datetime.now(UTC)


def tiny_estate(now: Callable[[], datetime] = real_time, *, seed: int = 7, vms: tuple[str, ...] = VMS) -> Estate:
    """As vCenter would hold it, with every required field set. `vms` are powered on for two days, the last one off."""
    estate = Estate(seed, now)
    datacenter, compute = vim.Datacenter("datacenter-1"), vim.ClusterComputeResource("domain-c1")
    hosts = [vim.HostSystem("host-1"), vim.HostSystem("host-2")]
    store, network, pool = vim.Datastore("datastore-1"), vim.Network("network-1"), vim.ResourcePool("resgroup-1")
    machines = [vim.VirtualMachine(moid) for moid in vms]
    _folders(estate, datacenter, compute=compute, store=store, network=network, machines=machines)
    common = {"configStatus": "green", "overallStatus": "green", "configIssue": [], "triggeredAlarmState": []}
    estate.add(
        vim.ClusterComputeResource,
        "domain-c1",
        name="Klynge",
        parent=vim.Folder("group-h1"),
        host=hosts,
        datastore=[store],
        network=[network],
        resourcePool=pool,
        summary=vim.ClusterComputeResource.Summary(
            totalCpu=2 * CPU_MHZ * CORES,
            totalMemory=2 * MEMORY,
            numCpuCores=2 * CORES,
            numCpuThreads=4 * CORES,
            effectiveCpu=2 * CPU_MHZ * CORES,
            effectiveMemory=2 * MEMORY // 1024**2,
            numHosts=2,
            numEffectiveHosts=2,
            overallStatus="green",
            currentFailoverLevel=1,
            numVmotions=0,
        ),
        **common,
    )
    estate.add(
        vim.ResourcePool, "resgroup-1", name="Resources", parent=compute, owner=compute, resourcePool=[], vm=machines
    )
    for number, host in enumerate(hosts, start=1):
        _host(
            estate,
            number,
            host,
            {"vm": machines[number - 1 :: 2], "datastore": [store], "network": [network], **common},
        )
    estate.add(
        vim.Datastore,
        "datastore-1",
        name="lager",
        parent=vim.Folder("group-s1"),
        host=[vim.Datastore.HostMount(key=host, mountInfo=_mount()) for host in hosts],
        vm=machines,
        info=vim.host.VmfsDatastoreInfo(
            name="lager", url="ds:///vmfs/volumes/5f00/", freeSpace=4 * 10**12, maxFileSize=1
        ),
        summary=vim.Datastore.Summary(
            datastore=store,
            name="lager",
            url="ds:///vmfs/volumes/5f00/",
            capacity=8 * 10**12,
            freeSpace=4 * 10**12,
            uncommitted=10**12,
            accessible=True,
            multipleHostAccess=True,
            type="VMFS",
            maintenanceMode="normal",
        ),
    )
    estate.add(
        vim.Network,
        "network-1",
        name="VM Network",
        parent=vim.Folder("group-n1"),
        host=hosts,
        vm=machines,
        summary=vim.Network.Summary(network=network, name="VM Network", accessible=True),
    )
    for number, machine in enumerate(machines, start=1):
        host = hosts[(number - 1) % 2]
        more = {"datastore": [store], "network": [network], "resourcePool": pool}
        _vm(estate, number, machine, host=host, on=number < len(machines) or number == 1, more=more)
    return estate


def _folders(estate: Estate, datacenter, *, compute, store, network, machines) -> None:
    root = vim.Folder("group-d1")
    estate.add(vim.Folder, "group-d1", name="Datacenters", childEntity=[datacenter], childType=["Datacenter"])
    estate.add(
        vim.Datacenter,
        "datacenter-1",
        name="Rådhus",
        parent=root,
        vmFolder=vim.Folder("group-v1"),
        hostFolder=vim.Folder("group-h1"),
        datastoreFolder=vim.Folder("group-s1"),
        networkFolder=vim.Folder("group-n1"),
        datastore=[store],
        network=[network],
    )
    for moid, name, children, kind in (
        ("group-v1", "vm", [*machines[2:], vim.Folder("group-v2")], "VirtualMachine"),
        ("group-h1", "host", [compute], "ComputeResource"),
        ("group-s1", "datastore", [store], "Datastore"),
        ("group-n1", "network", [network], "Network"),
    ):
        estate.add(vim.Folder, moid, name=name, parent=datacenter, childEntity=children, childType=[kind])
    estate.add(
        vim.Folder,
        "group-v2",
        name="Borger",
        parent=vim.Folder("group-v1"),
        childEntity=machines[:2],
        childType=["VirtualMachine"],
    )


def _host(estate: Estate, number: int, host, more) -> None:
    boot = estate.now() - timedelta(days=40)
    runtime = vim.host.RuntimeInfo(
        connectionState="connected", powerState="poweredOn", inMaintenanceMode=False, bootTime=boot
    )
    hardware = vim.host.Summary.HardwareSummary(
        vendor="Dell Inc.",
        model="PowerEdge R750",
        uuid=f"44454c4c-0000-1000-8000-00000000000{number}",
        memorySize=MEMORY,
        cpuModel="Intel Xeon Gold 6326",
        cpuMhz=CPU_MHZ,
        numCpuPkgs=2,
        numCpuCores=CORES,
        numCpuThreads=2 * CORES,
        numNics=2,
        numHBAs=2,
    )
    estate.add(
        vim.HostSystem,
        host._moId,
        name=f"esx0{number}.kommune.example",
        parent=vim.ClusterComputeResource("domain-c1"),
        runtime=runtime,
        summary=vim.host.Summary(
            host=host,
            hardware=hardware,
            runtime=runtime,
            config=vim.host.Summary.ConfigSummary(name=f"esx0{number}.kommune.example", port=443, vmotionEnabled=True),
            quickStats=vim.host.Summary.QuickStats(overallCpuUsage=5000, overallMemoryUsage=90000, uptime=3456000),
            overallStatus="green",
            rebootRequired=False,
        ),
        **more,
    )


def _mount() -> vim.host.MountInfo:
    return vim.host.MountInfo(path="/vmfs/volumes/5f00", accessMode="readWrite", mounted=True, accessible=True)


def _vm(estate: Estate, number: int, machine, *, host, on: bool, more) -> None:
    name = f"srv-{number:02d}"
    runtime = vim.vm.RuntimeInfo(
        host=host,
        connectionState="connected",
        powerState="poweredOn" if on else "poweredOff",
        faultToleranceState="notConfigured",
        toolsInstallerMounted=False,
        bootTime=estate.now() - timedelta(days=2) if on else None,
        numMksConnections=0,
        recordReplayState="inactive",
        onlineStandby=False,
        consolidationNeeded=False,
    )
    config = vim.vm.Summary.ConfigSummary(
        name=name,
        template=False,
        vmPathName=f"[lager] {name}/{name}.vmx",
        memorySizeMB=8192,
        numCpu=4,
        uuid=f"42000000-0000-0000-0000-{number:012d}",
        instanceUuid=f"50000000-0000-0000-0000-{number:012d}",
        guestId="windows2019srv_64Guest",
        guestFullName="Microsoft Windows Server 2019 (64-bit)",
    )
    summary = vim.vm.Summary(
        vm=machine,
        runtime=runtime,
        config=config,
        guest=vim.vm.Summary.GuestSummary(
            toolsRunningStatus="guestToolsRunning", hostName=f"{name}.kommune.example", ipAddress=f"192.0.2.{number}"
        ),
        quickStats=vim.vm.Summary.QuickStats(overallCpuUsage=300 if on else 0, guestHeartbeatStatus="green"),
        overallStatus="green",
    )
    estate.add(
        vim.VirtualMachine,
        machine._moId,
        name=name,
        parent=vim.Folder("group-v2" if number < 3 else "group-v1"),
        runtime=runtime,
        summary=summary,
        guestHeartbeatStatus="green" if on else "gray",
        **more,
    )
