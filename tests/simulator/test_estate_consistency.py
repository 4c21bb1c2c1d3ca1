"""The figures of the simulated municipality agree with each other."""

from datetime import UTC, datetime

import pytest
from pyVmomi import SoapAdapter, vim
from pyVmomi.VmomiSupport import F_OPTIONAL, Object

from agent.simulator.estate import municipality, standalone_esxi
from agent.simulator.estate.plan import MIB
from agent.simulator.objects import Estate
from agent.simulator.schema import id_of

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
VERSION = "vim.version.v8_0_3_0"


def made(fill=municipality, seed=7, **size):
    estate = Estate(seed, lambda: NOW)
    fill(estate, **size)
    return estate


@pytest.fixture(scope="module", params=["municipality", "municipality of 20", "municipality of 300", "standalone ESXi"])
def estate(request):
    match request.param:
        case "municipality":
            return made()
        case "municipality of 20":
            return made(vms=20)
        case "municipality of 300":
            return made(vms=300, hostile_names=True)
        case _:
            return made(standalone_esxi)


def ids(refs):
    return sorted(id_of(ref) for ref in refs or [])


def vms_by(estate, holder_of):
    groups = {}
    for vm in estate.ids(vim.VirtualMachine):
        for holder in holder_of(vm):
            groups.setdefault(id_of(holder), []).append(vm)
    return groups


def xml(value, type_):
    if type(value) is list:
        value = type_(value)
    return SoapAdapter.SerializeToStr(value, Object(name="val", type=type_, version=VERSION, flags=F_OPTIONAL), VERSION)


def test_every_reference_to_inventory_leads_to_an_object(estate):
    inventory = (vim.ManagedEntity, vim.vm.Snapshot, vim.alarm.Alarm)
    for moid, entry in estate.entries.items():
        for name in entry.props:
            value = estate.get(moid, name)
            for ref in value if isinstance(value, list) else [value]:
                if isinstance(ref, inventory):
                    assert id_of(ref) in estate, f"{moid}.{name}"
                    assert issubclass(estate.type_of(id_of(ref)), type(ref)), f"{moid}.{name}"


def test_parents_and_children_agree(estate):
    for moid in estate.ids(vim.Folder):
        for child in estate.get(moid, "childEntity"):
            if not isinstance(child, vim.VirtualApp):
                assert id_of(estate.get(id_of(child), "parent")) == moid
    for moid in estate.ids(vim.ManagedEntity):
        parent = estate.get(moid, "parent")
        if isinstance(parent, vim.Folder) and not isinstance(estate.entry(moid).ref, vim.DistributedVirtualSwitch):
            assert moid in ids(estate.get(id_of(parent), "childEntity"))


def test_every_object_is_below_the_root_folder(estate):
    root = estate.ids(vim.Folder)[0]
    for moid in estate.ids(vim.ManagedEntity):
        assert moid == root or root in estate.ancestors(moid), moid


def test_the_vm_lists_of_hosts_datastores_networks_and_pools_are_those_of_the_vms(estate):
    expected = {
        vim.HostSystem: vms_by(estate, lambda vm: [estate.get(vm, "runtime.host")]),
        vim.Datastore: vms_by(estate, lambda vm: estate.get(vm, "datastore")),
        vim.Network: vms_by(estate, lambda vm: estate.get(vm, "network")),
        vim.ResourcePool: vms_by(estate, lambda vm: filter(None, [estate.get(vm, "resourcePool")])),
    }
    for type_, groups in expected.items():
        for moid in estate.ids(type_):
            assert ids(estate.get(moid, "vm")) == sorted(groups.get(moid, [])), moid


def test_a_vm_reaches_its_datastores_networks_and_pool_from_its_host(estate):
    for vm in estate.ids(vim.VirtualMachine):
        host = id_of(estate.get(vm, "runtime.host"))
        assert set(ids(estate.get(vm, "datastore"))) <= set(ids(estate.get(host, "datastore")))
        assert set(ids(estate.get(vm, "network"))) <= set(ids(estate.get(host, "network")))
        pool = estate.get(vm, "resourcePool")
        if pool is not None:
            assert estate.get(id_of(pool), "owner") == estate.get(host, "parent")


def test_hosts_datastores_and_networks_name_each_other(estate):
    for host in estate.ids(vim.HostSystem):
        for datastore in ids(estate.get(host, "datastore")):
            assert host in [id_of(mount.key) for mount in estate.get(datastore, "host")]
        for network in ids(estate.get(host, "network")):
            assert host in ids(estate.get(network, "host"))
        compute = id_of(estate.get(host, "parent"))
        assert host in ids(estate.get(compute, "host"))


def test_a_vm_occupies_what_its_files_sum_up_to(estate):
    for vm in estate.ids(vim.VirtualMachine):
        layout, storage = estate.get(vm, "layoutEx"), estate.get(vm, "summary.storage")
        assert storage.committed == sum(file.size for file in layout.file)
        usage = estate.get(vm, "storage.perDatastoreUsage")
        assert sum(one.committed for one in usage) == storage.committed
        assert sum(one.uncommitted for one in usage) == storage.uncommitted
        keys = [file.key for file in layout.file]
        assert len(keys) == len(set(keys))
        named = {key for disk in layout.disk for unit in disk.chain for key in unit.fileKey}
        assert named <= set(keys)


def test_every_disk_has_a_file_for_each_level_of_its_backing(estate):
    for vm in estate.ids(vim.VirtualMachine):
        layout = estate.get(vm, "layoutEx")
        name_of = {file.key: file.name for file in layout.file}
        chains = {disk.key: [name_of[unit.fileKey[0]] for unit in disk.chain] for disk in layout.disk}
        for device in estate.get(vm, "config.hardware.device"):
            if isinstance(device, vim.vm.device.VirtualDisk):
                backing, names = device.backing, []
                while backing is not None:
                    names.insert(0, backing.fileName)
                    backing = getattr(backing, "parent", None)
                assert chains[device.key] == names


def test_a_datastore_holds_at_least_its_vms_and_no_more_than_its_capacity(estate):
    for moid in estate.ids(vim.Datastore):
        summary = estate.get(moid, "summary")
        by_vms = sum(estate.get(vm, "summary.storage.committed") for vm in ids(estate.get(moid, "vm")))
        assert by_vms <= summary.capacity - summary.freeSpace <= summary.capacity
        assert estate.get(moid, "info.freeSpace") == summary.freeSpace


def test_a_storage_pod_is_the_sum_of_its_datastores(estate):
    for pod in estate.ids(vim.StoragePod):
        members = [estate.get(one, "summary") for one in ids(estate.get(pod, "childEntity"))]
        assert estate.get(pod, "summary.capacity") == sum(one.capacity for one in members)
        assert estate.get(pod, "summary.freeSpace") == sum(one.freeSpace for one in members)


def test_host_and_cluster_totals_follow_from_their_parts(estate):
    for compute in estate.ids(vim.ComputeResource):
        hosts = ids(estate.get(compute, "host"))
        summary = estate.get(compute, "summary")
        assert summary.numHosts == summary.numEffectiveHosts == len(hosts)
        assert summary.totalMemory == sum(estate.get(host, "hardware.memorySize") for host in hosts)
        assert summary.numCpuCores == sum(estate.get(host, "hardware.cpuInfo.numCpuCores") for host in hosts)
        assert summary.effectiveMemory * MIB < summary.totalMemory
    for host in estate.ids(vim.HostSystem):
        used = sum(estate.get(vm, "summary.quickStats.overallCpuUsage") for vm in ids(estate.get(host, "vm")))
        assert estate.get(host, "summary.quickStats.overallCpuUsage") > used
        memory = estate.get(host, "summary.quickStats.overallMemoryUsage")
        assert memory <= estate.get(host, "hardware.memorySize") // MIB


def test_root_pools_use_what_all_vms_of_their_compute_resource_use(estate):
    for compute in estate.ids(vim.ComputeResource):
        pool = id_of(estate.get(compute, "resourcePool"))
        vms = [vm for host in ids(estate.get(compute, "host")) for vm in ids(estate.get(host, "vm"))]
        used = sum(estate.get(vm, "summary.quickStats.overallCpuUsage") for vm in vms)
        assert estate.get(pool, "summary.quickStats.overallCpuUsage") == used
        assert estate.get(pool, "runtime.cpu.overallUsage") == used


def test_what_the_summary_repeats_is_the_same(estate):
    for vm in estate.ids(vim.VirtualMachine):
        assert xml(estate.get(vm, "summary.runtime"), vim.vm.RuntimeInfo) == xml(
            estate.get(vm, "runtime"), vim.vm.RuntimeInfo
        )
        assert estate.get(vm, "summary.config.name") == estate.get(vm, "config.name") == estate.get(vm, "name")
        assert estate.get(vm, "summary.guest.ipAddress") == estate.get(vm, "guest.ipAddress")


def test_everything_fits_the_schema_of_vsphere_8(estate):
    for moid, entry in estate.entries.items():
        for name in entry.props:
            value = estate.get(moid, name)
            if value is not None and not (isinstance(value, list) and not value):
                assert xml(value, entry.type._GetPropertyInfo(name).type), f"{moid}.{name}"
    for event in estate.events:
        assert xml(event, vim.event.Event)


def test_the_identities_of_all_objects_are_unique(estate):
    for path in ("config.uuid", "config.instanceUuid", "config.files.vmPathName"):
        found = [estate.get(vm, path) for vm in estate.ids(vim.VirtualMachine)]
        assert len(found) == len(set(found)), path
    macs = [
        device.macAddress
        for vm in estate.ids(vim.VirtualMachine)
        for device in estate.get(vm, "config.hardware.device")
        if isinstance(device, vim.vm.device.VirtualEthernetCard)
    ]
    assert len(macs) == len(set(macs))
