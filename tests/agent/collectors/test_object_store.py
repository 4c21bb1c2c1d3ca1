"""Building objects up from changes."""

from agent.collectors.object_store import ObjectStore
from agent.model.host import HostSystem
from agent.model.inventory import Skipped, Unreadable
from agent.model.property import Pace
from agent.model.virtual_machine import VirtualMachine
from agent.vcenter.changes import Change


def entered(moid: str = "vm-1", record: type = VirtualMachine, **values: object) -> Change:
    return Change(record, moid, entered=True, values=values)


def test_an_object_that_enters_exists_with_what_was_said_of_it():
    store = ObjectStore()
    store.apply(entered(name="erp", cpus=4))
    assert store.objects()["vms"]["vm-1"] == VirtualMachine(moid="vm-1", name="erp", cpus=4)


def test_a_bulk_read_fills_in_but_never_creates_since_only_the_stream_says_what_exists():
    store = ObjectStore()
    store.apply(Change(VirtualMachine, "vm-1", values={"cpu_usage_mhz": 5}))
    assert store.objects()["vms"] == {}
    store.apply(entered(name="erp"))
    store.apply(Change(VirtualMachine, "vm-1", values={"cpu_usage_mhz": 5}))
    assert store.objects()["vms"]["vm-1"].cpu_usage_mhz == 5


def test_an_unchanged_object_stays_the_very_same_so_that_it_is_not_rendered_again():
    store = ObjectStore()
    store.apply(entered(name="erp"))
    store.apply(entered("vm-2", name="web"))
    before = store.objects()["vms"]
    store.apply(Change(VirtualMachine, "vm-1", values={"name": "erp"}))
    store.apply(Change(VirtualMachine, "vm-2", values={"name": "web2"}))
    after = store.objects()["vms"]
    assert after["vm-1"] is before["vm-1"]
    assert after["vm-2"].name == "web2"


def test_the_objects_of_a_kind_are_the_very_same_mapping_until_one_of_them_changes_comes_or_goes():
    store = ObjectStore()
    store.apply(entered(name="erp"))
    store.apply(entered("host-1", HostSystem))
    before = store.objects()
    store.apply(Change(VirtualMachine, "vm-1", paths=frozenset({"name"}), values={"name": "erp"}))
    store.apply(Change(VirtualMachine, "vm-9", left=True))
    same = store.objects()
    assert all(same[slot] is before[slot] for slot in before)
    assert store.unreadable is store.unreadable
    for change in (
        Change(VirtualMachine, "vm-1", values={"name": "web"}),
        entered("vm-2"),
        Change(VirtualMachine, "vm-2", left=True),
    ):
        store.apply(change)
        after = store.objects()
        assert after["vms"] != before["vms"]
        assert after["hosts"] is before["hosts"]
        before = after


def test_what_was_published_does_not_change_afterwards():
    store = ObjectStore()
    store.apply(entered(name="erp"))
    published = store.objects()
    store.apply(Change(VirtualMachine, "vm-1", values={"name": "web"}))
    store.apply(entered("vm-2"))
    assert published["vms"] == {"vm-1": VirtualMachine(moid="vm-1", name="erp")}
    store.objects()
    assert published["vms"] == {"vm-1": VirtualMachine(moid="vm-1", name="erp")}


def test_an_object_that_enters_with_nothing_to_say_exists_all_the_same():
    store = ObjectStore()
    store.apply(entered())
    assert store.objects()["vms"] == {"vm-1": VirtualMachine(moid="vm-1")}


def test_an_object_that_leaves_is_gone_with_what_could_not_be_read_of_it():
    store = ObjectStore()
    unreadable = Unreadable(
        vsphere_type="VirtualMachine", moid="vm-1", path="name", fault="NoPermission", privilege="x"
    )
    store.apply(
        Change(VirtualMachine, "vm-1", entered=True, paths=frozenset({"name"}), unreadable={"name": unreadable})
    )
    assert store.unreadable == (unreadable,)
    store.apply(Change(VirtualMachine, "vm-1", left=True))
    assert store.objects()["vms"] == {}
    assert store.unreadable == ()


def test_a_property_that_becomes_readable_is_no_longer_listed():
    store = ObjectStore()
    skipped = Skipped(vsphere_type="VirtualMachine", moid="vm-1", path="name", reason="bad")
    store.apply(Change(VirtualMachine, "vm-1", entered=True, paths=frozenset({"name"}), skipped={"name": skipped}))
    assert store.skipped == (skipped,)
    store.apply(Change(VirtualMachine, "vm-1", paths=frozenset({"name"}), values={"name": "good"}))
    assert store.skipped == ()


def test_what_a_full_state_does_not_hold_went_while_no_one_looked():
    store = ObjectStore()
    store.apply(entered("vm-1"))
    store.apply(entered("vm-2"))
    store.apply(entered("host-1", HostSystem))
    store.keep_only({(VirtualMachine, "vm-2"), (HostSystem, "host-1")})
    objects = store.objects()
    assert list(objects["vms"]) == ["vm-2"]
    assert list(objects["hosts"]) == ["host-1"]


def test_values_of_a_pace_that_went_stale_are_unknown_and_the_others_stay():
    store = ObjectStore()
    store.apply(entered(name="erp", cpu_usage_mhz=5, storage_committed_bytes=7))
    store.forget_pace(Pace.QUICK)
    vm = store.objects()["vms"]["vm-1"]
    assert (vm.name, vm.cpu_usage_mhz, vm.storage_committed_bytes) == ("erp", None, 7)
