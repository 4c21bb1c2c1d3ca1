"""Which files of a VM belong to its snapshots."""

from dataclasses import replace

import pytest

from agent.model.snapshot_size import snapshot_size_bytes
from agent.model.virtual_machine import VirtualMachine
from agent.model.vm_files import LayoutChainLink, LayoutDisk, LayoutFile, LayoutSnapshot


def file(key, path, kind, size):
    return LayoutFile(key=key, path=f"[SAN-01] app/{path}", kind=kind, size_bytes=size)


def chain(*links):
    return (LayoutDisk(key=2000, chain=tuple(LayoutChainLink(file_keys=keys) for keys in links)),)


BASE = (
    file(0, "app.vmx", "config", 3_000),
    file(1, "app.vmdk", "diskDescriptor", 600),
    file(2, "app-flat.vmdk", "diskExtent", 50_000_000),
    file(3, "app.vswp", "swap", 4_000_000),
)
FIRST = (
    file(4, "app-000001.vmdk", "diskDescriptor", 1),
    file(5, "app-000001-sesparse.vmdk", "diskExtent", 20),
    file(6, "app-Snapshot1.vmsn", "snapshotData", 300),
)
SECOND = (
    file(7, "app-000002.vmdk", "diskDescriptor", 4_000),
    file(8, "app-000002-delta.vmdk", "diskExtent", 50_000),
    file(9, "app-Snapshot2.vmsn", "snapshotData", 600_000),
    file(10, "app-Snapshot2.vmem", "snapshotMemory", 7_000_000),
)
SNAPSHOT_1 = LayoutSnapshot(moid="snapshot-1", data_key=6, memory_key=-1, disks=chain((1, 2)))
SNAPSHOT_2 = LayoutSnapshot(moid="snapshot-2", data_key=9, memory_key=10, disks=chain((1, 2), (4, 5)))


@pytest.mark.parametrize("told", [{}, {"files": BASE}, {"snapshot_layout": ()}])
def test_a_vm_whose_layout_was_not_read_has_an_unknown_size(told):
    assert snapshot_size_bytes(VirtualMachine(moid="vm-1", **told)) is None


def test_a_vm_without_snapshots_has_none_of_their_bytes():
    clone = (file(1, "app-000003.vmdk", "diskDescriptor", 600), file(2, "app-000003-delta.vmdk", "diskExtent", 9_000))
    assert snapshot_size_bytes(VirtualMachine(moid="vm-1", files=BASE, snapshot_layout=())) == 0
    assert snapshot_size_bytes(VirtualMachine(moid="vm-1", files=clone, snapshot_layout=())) == 0


def test_the_delta_that_is_written_now_and_the_saved_state_belong_to_the_snapshot():
    vm = VirtualMachine(moid="vm-1", files=(*BASE, *FIRST), snapshot_layout=(SNAPSHOT_1,))
    assert snapshot_size_bytes(vm) == 321


def test_every_snapshot_of_a_chain_counts_once():
    vm = VirtualMachine(moid="vm-1", files=(*BASE, *FIRST, *SECOND), snapshot_layout=(SNAPSHOT_1, SNAPSHOT_2))
    assert snapshot_size_bytes(vm) == 7_654_321


def test_the_base_of_a_linked_clone_does_not_count_though_it_is_named_like_a_delta():
    base = (file(1, "app-000003.vmdk", "diskDescriptor", 600), file(2, "app-000003-delta.vmdk", "diskExtent", 9_000))
    vm = VirtualMachine(moid="vm-1", files=(*base, *FIRST), snapshot_layout=(SNAPSHOT_1,))
    assert snapshot_size_bytes(vm) == 321


def test_a_disk_added_after_the_snapshot_does_not_count():
    added = file(11, "app_1-flat.vmdk", "diskExtent", 80_000_000)
    vm = VirtualMachine(moid="vm-1", files=(*BASE, *FIRST, added), snapshot_layout=(SNAPSHOT_1,))
    assert snapshot_size_bytes(vm) == 321


def test_a_file_of_unknown_size_makes_the_sum_unknown():
    unknown = replace(FIRST[1], size_bytes=None)
    vm = VirtualMachine(moid="vm-1", files=(*BASE, FIRST[0], unknown, FIRST[2]), snapshot_layout=(SNAPSHOT_1,))
    assert snapshot_size_bytes(vm) is None


def test_an_older_delta_of_an_unusual_name_is_found_by_its_chain():
    odd = (file(4, "app-snap.vmdk", "diskDescriptor", 1), file(5, "app-snap-x.vmdk", "diskExtent", 20))
    vm = VirtualMachine(moid="vm-1", files=(*BASE, *odd, FIRST[2], *SECOND), snapshot_layout=(SNAPSHOT_1, SNAPSHOT_2))
    assert snapshot_size_bytes(vm) == 7_654_321
