"""Snapshots and datastores: the tree, the disks, the files and the free space move together."""

import pytest
from pyVmomi import vim

from agent.simulator.estate import municipality
from agent.simulator.estate.plan import GIB
from agent.simulator.estate.vm_snapshots import delta_bytes, flattened
from agent.simulator.objects import Estate
from agent.simulator.scenario_storage import (
    consolidation_needed,
    create_snapshot,
    datastore_fills,
    datastore_loses_access,
    datastore_regains_access,
    remove_snapshot,
    snapshot_grows,
)
from agent.simulator.schema import id_of
from tests.simulator.simulated_time import SimulatedTime

BACKUP = "KOMMUNE\\svc_veeam"


class Site:
    def __init__(self):
        self.time = SimulatedTime()
        self.estate = Estate(7, self.time.now)
        municipality(self.estate, vms=40)
        self.vm = next(
            vm
            for vm in self.estate.ids(vim.VirtualMachine)
            if self.estate.get(vm, "guestHeartbeatStatus") == "green" and not self.estate.get(vm, "snapshot")
        )
        self.datastore = id_of(self.get("datastore")[0])
        self.time.advance(60)
        self._seen = len(self.estate.events)

    def get(self, path):
        return self.estate.get(self.vm, path)

    def fresh(self):
        fresh = self.estate.events[self._seen :]
        self._seen += len(fresh)
        return fresh

    @property
    def free(self):
        return self.estate.get(self.datastore, "summary.freeSpace")

    @property
    def disk(self):
        return next(d for d in self.get("config.hardware.device") if isinstance(d, vim.vm.device.VirtualDisk))

    def names(self):
        return [node.name for node in flattened(self.get("snapshot"))]


@pytest.fixture
def site():
    return Site()


def test_a_snapshot_is_a_task_a_tree_node_a_delta_disk_and_files(site):
    base = site.disk.backing.fileName
    moid = create_snapshot(site.estate, site.vm, "backup", quiesced=True, user=BACKUP)
    (task,) = site.fresh()
    assert (task.info.descriptionId, task.info.reason.userName) == ("VirtualMachine.createSnapshot", BACKUP)
    (node,) = site.get("snapshot.rootSnapshotList")
    assert (node.name, node.quiesced, node.createTime) == ("backup", True, site.time.now())
    assert id_of(site.get("snapshot.currentSnapshot")) == id_of(node.snapshot) == moid
    assert id_of(site.estate.get(moid, "vm")) == site.vm
    assert site.disk.backing.fileName.endswith("-000001.vmdk")
    assert site.disk.backing.parent.fileName == base
    (layout,) = site.get("layoutEx.snapshot")
    assert {file.type for file in site.get("layoutEx.file")} >= {"snapshotData", "diskExtent"}
    assert layout.dataKey in {file.key for file in site.get("layoutEx.file")}


def test_what_a_snapshot_grows_by_is_taken_from_the_datastore(site):
    create_snapshot(site.estate, site.vm, "backup")
    free, committed = site.free, site.get("summary.storage.committed")
    before = delta_bytes(site.get("layoutEx"))
    snapshot_grows(site.estate, site.vm, 5 * GIB)
    assert delta_bytes(site.get("layoutEx")) - before == 5 * GIB
    assert site.get("summary.storage.committed") - committed == 5 * GIB
    assert free - site.free == 5 * GIB
    assert site.get("storage.perDatastoreUsage")[0].committed == site.get("summary.storage.committed")


def test_a_vm_without_snapshots_does_not_grow(site):
    free = site.free
    snapshot_grows(site.estate, site.vm, 5 * GIB)
    assert site.free == free


def test_a_delta_never_outgrows_its_disk(site):
    create_snapshot(site.estate, site.vm, "backup")
    snapshot_grows(site.estate, site.vm, 100_000 * GIB)
    size_of = {file.key: file.size for file in site.get("layoutEx.file")}
    (top,) = [disk.chain[-1].fileKey[1] for disk in site.get("layoutEx.disk") if disk.key == site.disk.key]
    assert size_of[top] == site.disk.capacityInBytes


def test_a_removed_snapshot_is_merged_into_its_parent(site):
    base, files = site.disk.backing.fileName, len(site.get("layoutEx.file"))
    moid = create_snapshot(site.estate, site.vm, "backup")
    snapshot_grows(site.estate, site.vm, GIB)
    site.fresh()
    remove_snapshot(site.estate, site.vm, moid, user=BACKUP)
    (task,) = site.fresh()
    assert task.info.descriptionId == "VirtualMachine.removeSnapshot"
    assert site.get("snapshot") is None
    assert moid not in site.estate
    assert (site.disk.backing.fileName, site.disk.backing.parent) == (base, None)
    assert len(site.get("layoutEx.file")) == files
    assert site.get("layoutEx.snapshot") == []


def test_the_middle_snapshot_of_a_chain_can_be_removed(site):
    moids = [create_snapshot(site.estate, site.vm, name) for name in ("one", "two", "three")]
    remove_snapshot(site.estate, site.vm, moids[1])
    assert site.names() == ["one", "three"]
    assert [id_of(child) for child in site.estate.get(moids[0], "childSnapshot")] == [moids[2]]
    levels, backing = 0, site.disk.backing
    while backing is not None:
        levels, backing = levels + 1, backing.parent
    assert levels == 3
    chain = next(disk for disk in site.get("layoutEx.disk") if disk.key == site.disk.key).chain
    assert len(chain) == 3
    known = {file.key for file in site.get("layoutEx.file")}
    for layout in site.get("layoutEx.snapshot"):
        assert {key for disk in layout.disk for unit in disk.chain for key in unit.fileKey} <= known


def test_removing_an_unknown_snapshot_is_an_error(site):
    with pytest.raises(KeyError, match="snapshot-1"):
        remove_snapshot(site.estate, site.vm, "snapshot-1")


def test_a_needed_consolidation_is_a_property_an_event_an_issue_and_an_alarm(site):
    consolidation_needed(site.estate, site.vm)
    ids = [getattr(event, "eventTypeId", None) for event in site.fresh()]
    assert ids[0] == "com.vmware.vc.VmDiskConsolidationNeeded"
    assert site.get("runtime.consolidationNeeded") is True
    assert len(site.get("configIssue")) == len(site.get("triggeredAlarmState")) == 1
    consolidation_needed(site.estate, site.vm, needed=False)
    assert site.get("configIssue") == site.get("triggeredAlarmState") == []


def test_a_datastore_that_fills_turns_yellow_red_and_green_again(site):
    capacity = site.estate.get(site.datastore, "summary.capacity")

    def fill_to(share):
        datastore_fills(site.estate, site.datastore, int(site.free - capacity * (1 - share)))
        return [event.to for event in site.fresh()]

    assert fill_to(0.6) == []
    assert fill_to(0.8) == ["yellow"]
    assert fill_to(0.9) == ["red"]
    assert fill_to(0.91) == []
    assert site.estate.get(site.datastore, "info.freeSpace") == site.free
    assert fill_to(0.6) == ["green"]
    assert site.estate.get(site.datastore, "triggeredAlarmState") == []


def test_a_pod_follows_its_datastores(site):
    pod = site.estate.ids(vim.StoragePod)[0]
    member = id_of(site.estate.get(pod, "childEntity")[0])
    free = site.estate.get(pod, "summary.freeSpace")
    datastore_fills(site.estate, member, 10 * GIB)
    assert free - site.estate.get(pod, "summary.freeSpace") == 10 * GIB


def test_a_datastore_without_paths_takes_its_vms_along_and_gives_them_back(site):
    name = site.estate.get(site.datastore, "name")
    hosts = [id_of(mount.key) for mount in site.estate.get(site.datastore, "host")]
    datastore_loses_access(site.estate, site.datastore)
    events = site.fresh()
    assert [event.eventTypeId for event in events] == ["esx.problem.storage.apd.start"] * len(hosts)
    assert site.estate.get(site.datastore, "summary.accessible") is False
    assert site.get("runtime.connectionState") == "inaccessible"
    mounts = site.estate.get(hosts[0], "config.fileSystemVolume.mountInfo")
    assert [m.volume.name for m in mounts if m.mountInfo.inaccessibleReason == "AllPathsDown_Start"] == [name]
    datastore_regains_access(site.estate, site.datastore)
    assert site.get("runtime.connectionState") == "connected"
    assert {mount.mountInfo.accessible for mount in site.estate.get(site.datastore, "host")} == {True}
