"""A single ESXi host without vCenter, as its own API shows it."""

import random
from dataclasses import replace
from datetime import timedelta

from pyVmomi import vim

from agent.simulator.estate.clusters import add_standalone
from agent.simulator.estate.datastores import add_datastore
from agent.simulator.estate.entities import entity
from agent.simulator.estate.hosts import add_host
from agent.simulator.estate.names import SYSTEMS
from agent.simulator.estate.plan import DatastorePlan, DiskPlan, HostPlan, NicPlan, PoolPlan, VmPlan
from agent.simulator.estate.pools import add_pool
from agent.simulator.estate.totals import capacity, settle
from agent.simulator.estate.vms import add_vm
from agent.simulator.objects import Estate

ROOT, DATACENTER, COMPUTE, HOST, POOL = "ha-folder-root", "ha-datacenter", "ha-compute-res", "ha-host", "ha-root-pool"
VM_FOLDER, HOST_FOLDER, DATASTORE_FOLDER, NETWORK_FOLDER = (
    "ha-folder-vm",
    "ha-folder-host",
    "ha-folder-datastore",
    "ha-folder-network",
)
DATASTORE, NETWORK = "5f2d-local", "HaNetwork-VM Network"
NAMES = ("fjernarkiv01", "materielgård-fil", "adgangskontrol", "kamera01", "kamera02", "værksted-test")


def standalone_esxi(estate: Estate) -> None:
    """Fill an empty estate with the host `ha-host` and six VMs whose ids are numbers."""
    rng = random.Random(estate.seed)
    now = estate.now().replace(microsecond=0)
    storage = DatastorePlan(moid=DATASTORE, name="datastore1", kind="VMFS", number=1, full=0.7, local=True)
    host = HostPlan(
        moid=HOST,
        number=1,
        name="esx-materielgaard.kommune.example",
        compute=COMPUTE,
        in_cluster=False,
        uptime=timedelta(days=211, seconds=rng.randint(0, 80_000)),
        datastores=(DATASTORE,),
    )
    plans = _plans(rng)
    refs = [vim.VirtualMachine(vm.moid) for vm in plans]
    with estate.lock:
        _folders(estate, refs)
        for vm in plans:
            add_vm(
                estate,
                vm,
                datastores={DATASTORE: storage},
                network_names={NETWORK: "VM Network"},
                iso_datastore=DATASTORE,
                rng=rng,
                now=now,
                protected=False,
            )
        add_datastore(
            estate,
            storage,
            parent=vim.Folder(DATASTORE_FOLDER),
            hosts=[vim.HostSystem(HOST)],
            vms=refs,
            now=now,
        )
        network = vim.Network(NETWORK)
        estate.add(
            vim.Network,
            NETWORK,
            **entity("VM Network", vim.Folder(NETWORK_FOLDER)),
            summary=vim.Network.Summary(network=network, name="VM Network", accessible=True, ipPoolName=""),
            host=[vim.HostSystem(HOST)],
            vm=refs,
        )
        add_host(
            estate,
            host,
            parent=vim.ComputeResource(COMPUTE),
            datastores=[storage],
            capacities={DATASTORE: estate.get(DATASTORE, "summary.capacity")},
            networks=[network],
            vms=refs,
            rng=rng,
            now=now,
        )
        add_standalone(
            estate,
            COMPUTE,
            name=host.name,
            folder=vim.Folder(HOST_FOLDER),
            pool=POOL,
            host=HOST,
            datastores=[vim.Datastore(DATASTORE)],
            networks=[network],
        )
        mhz, mib = capacity(estate, COMPUTE)
        add_pool(
            estate,
            PoolPlan(moid=POOL, name="Resources", parent=COMPUTE, owner=COMPUTE),
            parent=vim.ComputeResource(COMPUTE),
            owner=vim.ComputeResource(COMPUTE),
            children=[],
            vms=refs,
            capacity_mhz=mhz,
            capacity_mib=mib,
            vm_folder=vim.Folder(VM_FOLDER),
        )
        settle(estate)


def _plans(rng: random.Random) -> list[VmPlan]:
    system = next(one for one in SYSTEMS if one.name == "Drift")
    plans = [
        VmPlan(
            moid=str(n + 1),
            name=name,
            system=system,
            os=system.guests[n % len(system.guests)],
            uuid=f"564d{rng.getrandbits(16):04x}-{rng.getrandbits(16):04x}-4e0a-91bb-{rng.getrandbits(48):012x}",
            instance_uuid=f"52{rng.getrandbits(24):06x}-{rng.getrandbits(16):04x}-4e0a-91bb-{rng.getrandbits(48):012x}",
            cpus=2,
            memory_mib=4096,
            disks=(DiskPlan(size_gib=60, written=0.5, guest_free=0.45),),
            nics=(NicPlan(network=NETWORK, mac=f"00:0c:29:5e:10:{n:02x}", ip=f"192.0.2.{20 + n}"),),
            host=HOST,
            datastore=DATASTORE,
            folder=VM_FOLDER,
            pool=POOL,
            age=timedelta(days=900),
            uptime=timedelta(days=rng.randint(20, 200), seconds=rng.randint(0, 80_000)),
            backup_age=None,
            hardware="vmx-14",
        )
        for n, name in enumerate(NAMES)
    ]
    return [*plans[:5], replace(plans[5], power="poweredOff")]


def _folders(estate: Estate, vms: list[vim.VirtualMachine]) -> None:
    datacenter = vim.Datacenter(DATACENTER)
    estate.add(vim.Folder, ROOT, **entity(ROOT, None), childType=[vim.Datacenter], childEntity=[datacenter])
    estate.add(
        vim.Datacenter,
        DATACENTER,
        **entity("ha-datacenter", vim.Folder(ROOT)),
        vmFolder=vim.Folder(VM_FOLDER),
        hostFolder=vim.Folder(HOST_FOLDER),
        datastoreFolder=vim.Folder(DATASTORE_FOLDER),
        networkFolder=vim.Folder(NETWORK_FOLDER),
        datastore=[vim.Datastore(DATASTORE)],
        network=[vim.Network(NETWORK)],
        configuration=vim.Datacenter.ConfigInfo(),
    )
    for moid, name, kind, children in (
        (VM_FOLDER, "vm", vim.VirtualMachine, vms),
        (HOST_FOLDER, "host", vim.ComputeResource, [vim.ComputeResource(COMPUTE)]),
        (DATASTORE_FOLDER, "datastore", vim.Datastore, [vim.Datastore(DATASTORE)]),
        (NETWORK_FOLDER, "network", vim.Network, [vim.Network(NETWORK)]),
    ):
        estate.add(vim.Folder, moid, **entity(name, datacenter), childType=[kind], childEntity=list(children))
