"""The estate of a municipality: the plan, built into an `Estate`."""

import random
from collections import defaultdict
from datetime import datetime
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.alarms import add_alarms, initial_alarms
from agent.simulator.estate.clusters import add_cluster, add_standalone
from agent.simulator.estate.datastores import add_datastore, add_pod
from agent.simulator.estate.entities import entity
from agent.simulator.estate.fields import custom_fields
from agent.simulator.estate.history import add_history
from agent.simulator.estate.hosts import add_host
from agent.simulator.estate.issues import initial_issues
from agent.simulator.estate.licences import assign_licences
from agent.simulator.estate.networks import add_networks, network_ref
from agent.simulator.estate.plan import NFS_DATASTORE, POD, STANDALONE, STANDALONE_POOL, PoolPlan, SitePlan
from agent.simulator.estate.planning import plan_municipality
from agent.simulator.estate.pools import add_pool, pool_ref
from agent.simulator.estate.tags import add_tags
from agent.simulator.estate.totals import capacity, settle
from agent.simulator.estate.vms import add_vm
from agent.simulator.objects import Estate

ROOT, DATACENTER, VM_FOLDER, HOST_FOLDER, DATASTORE_FOLDER, NETWORK_FOLDER = (
    "group-d1",
    "datacenter-2",
    "group-v3",
    "group-h4",
    "group-s5",
    "group-n6",
)


def municipality(estate: Estate, *, vms: int = 80, hostile_names: bool = False) -> None:
    """Fill an empty estate: `vms` virtual machines (at least 20), and the hosts, clusters, datastores they need.

    The same `estate.seed` and the same time give the same estate. `hostile_names` names a VM like a script tag.
    """
    rng = random.Random(estate.seed)
    now = estate.now().replace(microsecond=0)
    site = plan_municipality(rng, vms=vms, hostile_names=hostile_names)
    with estate.lock:
        _folders(estate, site)
        _machines(estate, site, rng, now)
        _storage(estate, site, now)
        _networks(estate, site, now)
        _hosts(estate, site, rng, now)
        _computes(estate, site, now)
        _pools(estate, site)
        settle(estate)
        estate.add(vim.CustomFieldsManager, "CustomFieldsManager", field=custom_fields())
        add_alarms(estate, vim.Folder(ROOT), now)
        initial_alarms(estate, now)
        initial_issues(estate, now)
        assign_licences(estate)
        add_tags(estate)
        # one host's clock runs ahead: its logs and vCenter's events do not agree
        estate.clock_offsets[site.hosts[-1].moid] = 4.2
        add_history(estate, rng, now)


def _folders(estate: Estate, site: SitePlan) -> None:
    datacenter = vim.Datacenter(DATACENTER)
    estate.add(
        vim.Folder,
        ROOT,
        **entity("Datacenters", None),
        childType=[vim.Folder, vim.Datacenter],
        childEntity=[datacenter],
    )
    estate.add(
        vim.Datacenter,
        DATACENTER,
        **entity("Rådhuset DC1", vim.Folder(ROOT)),
        vmFolder=vim.Folder(VM_FOLDER),
        hostFolder=vim.Folder(HOST_FOLDER),
        datastoreFolder=vim.Folder(DATASTORE_FOLDER),
        networkFolder=vim.Folder(NETWORK_FOLDER),
        datastore=[vim.Datastore(plan.moid) for plan in site.datastores],
        network=[network_ref(plan) for plan in site.networks],
        configuration=vim.Datacenter.ConfigInfo(defaultHardwareVersionKey="vmx-21"),
    )
    inside: defaultdict[str, list[vim.VirtualMachine]] = defaultdict(list)
    for vm in site.vms:
        if vm.vapp is None:
            inside[vm.folder].append(vim.VirtualMachine(vm.moid))
    vapps = [pool_ref(pool.moid) for pool in site.pools if pool.vapp]
    estate.add(
        vim.Folder,
        VM_FOLDER,
        **entity("vm", datacenter),
        childType=[vim.Folder, vim.VirtualMachine, vim.VirtualApp],
        childEntity=[*(vim.Folder(moid) for moid, _ in site.folders), *vapps],
    )
    for moid, name in site.folders:
        estate.add(
            vim.Folder,
            moid,
            **entity(name, vim.Folder(VM_FOLDER)),
            childType=[vim.Folder, vim.VirtualMachine, vim.VirtualApp],
            childEntity=inside[moid],
        )
    computes = [vim.ClusterComputeResource(plan.moid) for plan in site.clusters]
    estate.add(
        vim.Folder,
        HOST_FOLDER,
        **entity("host", datacenter),
        childType=[vim.Folder, vim.ComputeResource],
        childEntity=[*computes, vim.ComputeResource(STANDALONE)],
    )
    alone = [vim.Datastore(plan.moid) for plan in site.datastores if plan.pod is None]
    estate.add(
        vim.Folder,
        DATASTORE_FOLDER,
        **entity("datastore", datacenter),
        childType=[vim.Folder, vim.Datastore, vim.StoragePod],
        childEntity=[vim.StoragePod(POD), *alone],
    )


def _machines(estate: Estate, site: SitePlan, rng: random.Random, now: datetime) -> None:
    datastores = {plan.moid: plan for plan in site.datastores}
    names = {plan.moid: plan.name for plan in site.networks}
    protected = {host for cluster in site.clusters if cluster.ha for host in cluster.hosts}
    for vm in site.vms:
        add_vm(
            estate,
            vm,
            datastores=datastores,
            network_names=names,
            iso_datastore=NFS_DATASTORE,
            rng=rng,
            now=now,
            protected=vm.host in protected,
        )


def _grouped(site: SitePlan, key: Any) -> dict[str, list[vim.VirtualMachine]]:
    """The VMs by one of their attributes."""
    groups: defaultdict[str, list[vim.VirtualMachine]] = defaultdict(list)
    for vm in site.vms:
        groups[key(vm)].append(vim.VirtualMachine(vm.moid))
    return groups


def _storage(estate: Estate, site: SitePlan, now: datetime) -> None:
    vms = _grouped(site, lambda vm: vm.datastore)
    for plan in site.datastores:
        hosts = [vim.HostSystem(host.moid) for host in site.hosts if plan.moid in host.datastores]
        parent = vim.StoragePod(POD) if plan.pod else vim.Folder(DATASTORE_FOLDER)
        add_datastore(estate, plan, parent=parent, hosts=hosts, vms=vms.get(plan.moid, []), now=now)
    pooled = [vim.Datastore(plan.moid) for plan in site.datastores if plan.pod]
    add_pod(estate, folder=vim.Folder(DATASTORE_FOLDER), datastores=pooled)


def _networks(estate: Estate, site: SitePlan, now: datetime) -> None:
    vms_on: defaultdict[str, list[vim.VirtualMachine]] = defaultdict(list)
    for vm in site.vms:
        for moid in dict.fromkeys(nic.network for nic in vm.nics):
            vms_on[moid].append(vim.VirtualMachine(vm.moid))
    children = add_networks(
        estate,
        site.networks,
        folder=vim.Folder(NETWORK_FOLDER),
        all_hosts=[vim.HostSystem(host.moid) for host in site.hosts],
        members=[vim.HostSystem(host.moid) for host in site.hosts if host.in_cluster],
        vms_on=vms_on,
        now=now,
    )
    estate.add(
        vim.Folder,
        NETWORK_FOLDER,
        **entity("network", vim.Datacenter(DATACENTER)),
        childType=[vim.Folder, vim.Network, vim.DistributedVirtualSwitch],
        childEntity=children,
    )


def _hosts(estate: Estate, site: SitePlan, rng: random.Random, now: datetime) -> None:
    vms = _grouped(site, lambda vm: vm.host)
    capacities = {plan.moid: estate.get(plan.moid, "summary.capacity") for plan in site.datastores}
    for host in site.hosts:
        compute: Any = vim.ClusterComputeResource if host.in_cluster else vim.ComputeResource
        add_host(
            estate,
            host,
            parent=compute(host.compute),
            datastores=[plan for plan in site.datastores if plan.moid in host.datastores],
            capacities=capacities,
            networks=[network_ref(plan) for plan in site.networks if host.in_cluster or not plan.distributed],
            vms=vms.get(host.moid, []),
            rng=rng,
            now=now,
        )


def _computes(estate: Estate, site: SitePlan, now: datetime) -> None:
    for cluster in site.clusters:
        add_cluster(
            estate,
            cluster,
            folder=vim.Folder(HOST_FOLDER),
            vms=[vm for vm in site.vms if vm.host in cluster.hosts],
            datastores=[vim.Datastore(moid) for moid in (*cluster.datastores, NFS_DATASTORE)],
            networks=[network_ref(plan) for plan in site.networks],
            now=now,
        )
    alone = site.hosts[-1]
    add_standalone(
        estate,
        STANDALONE,
        name=alone.name,
        folder=vim.Folder(HOST_FOLDER),
        pool=STANDALONE_POOL,
        host=alone.moid,
        datastores=[vim.Datastore(moid) for moid in alone.datastores],
        networks=[network_ref(plan) for plan in site.networks if not plan.distributed],
    )


def _pools(estate: Estate, site: SitePlan) -> None:
    vms: defaultdict[str, list[vim.VirtualMachine]] = defaultdict(list)
    for vm in site.vms:
        if not vm.template:
            vms[vm.pool].append(vim.VirtualMachine(vm.moid))
    roots = [PoolPlan(moid=c.pool, name="Resources", parent=c.moid, owner=c.moid) for c in site.clusters]
    roots.append(PoolPlan(moid=STANDALONE_POOL, name="Resources", parent=STANDALONE, owner=STANDALONE))
    for plan in [*roots, *site.pools]:
        kind: Any = vim.ComputeResource if plan.owner == STANDALONE else vim.ClusterComputeResource
        owner = kind(plan.owner)
        mhz, mib = capacity(estate, plan.owner)
        add_pool(
            estate,
            plan,
            parent=owner if plan.name == "Resources" else pool_ref(plan.parent),
            owner=owner,
            children=[pool for pool in site.pools if pool.parent == plan.moid],
            vms=vms.get(plan.moid, []),
            capacity_mhz=mhz,
            capacity_mib=mib,
            vm_folder=vim.Folder(VM_FOLDER),
        )
