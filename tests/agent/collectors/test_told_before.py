"""What is written as it was when it was read last is not read again, and never missed."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyVmomi import vim

from agent.clock import SystemClock
from agent.collectors.inventory_reading import InventoryReading
from agent.collectors.object_store import ObjectStore
from agent.model.property import Pace
from agent.model.virtual_machine import VirtualMachine
from agent.model.world import CollectorStatus
from agent.vcenter.changes import Change
from agent.vcenter.element_stream import ElementStream
from agent.vcenter.object_text import ObjectText
from agent.vcenter.session import connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport
from tests.agent.collectors.running import simulated
from tests.agent.vcenter.test_object_text import HEAD, TAIL

FRESH = CollectorStatus(interval_s=30)
ASKED = {
    VirtualMachine: ("guest.disk", "config.extraConfig", "effectiveRole", "runtime.maxCpuUsage", "layoutEx.snapshot")
}
REFUSED = "<missingSet><path>{}</path><fault><fault xsi:type='NoPermission'><privilegeId>x</privilegeId></fault></fault></missingSet>"
WRITTEN = {
    "guest.disk": [
        f'<val xsi:type="ArrayOfGuestDiskInfo"><GuestDiskInfo><diskPath>C:</diskPath><freeSpace>{free}</freeSpace></GuestDiskInfo></val>'
        for free in ("1", "2", "bad")
    ],
    "config.extraConfig": [
        '<val xsi:type="ArrayOfOptionValue"><OptionValue><key>a</key><value>b</value></OptionValue></val>',
        '<val xsi:type="ArrayOfOptionValue"></val>',
        '<val xsi:type="ArrayOfOptionValue"><!-- odd --></val>',
    ],
    "effectiveRole": [f'<val xsi:type="ArrayOfInt"><int>{role}</int></val>' for role in ("-1", "x")],
    "runtime.maxCpuUsage": [f'<val xsi:type="xsd:int">{mhz}</val>' for mhz in ("1", "2", "bad")],
    "layoutEx.snapshot": [],
}


def written(path: str, choice: int | None) -> str:
    if choice is None:
        return ""
    if choice < len(WRITTEN[path]):
        return f"<propSet><name>{path}</name>{WRITTEN[path][choice]}</propSet>"
    return REFUSED.format(path)


def taken(store: ObjectStore, answer: str, *, anew: bool) -> int:
    """Take an answer in; returns for how many objects the parser was needed."""
    objects = ObjectText(ASKED, told=None if anew else store.told)
    needed = []

    def take(element: ET.Element) -> None:
        needed.append(element)
        objects.take(element)

    stream = ElementStream("objects", take, None if anew else objects.text)
    stream.feed(answer.encode())
    stream.close()
    for change in objects.found:
        store.apply(change)
    return len(needed)


Vms = dict[str, tuple[int | None, ...]]


def as_if_anew(readings: list[tuple[Vms, str]]) -> None:
    """After each reading, and what happened before it, both ways must have come to the same."""
    anew, told = ObjectStore(), ObjectStore()
    for vms, event in readings:
        bodies = {
            moid: "".join(written(*one) for one in zip(ASKED[VirtualMachine], choices, strict=True))
            for moid, choices in vms.items()
        }
        answer = "".join(
            f'<objects><obj type="VirtualMachine">{moid}</obj>{body}</objects>' for moid, body in bodies.items()
        )
        for store in (anew, told):
            if event in ("enters", "leaves"):
                store.apply(Change(VirtualMachine, "vm-1", entered=event == "enters", left=event == "leaves"))
            elif event == "is forgotten":
                store.forget_told()
            elif event == "goes stale":
                store.forget_pace(Pace.SLOW)
            elif event == "is lost":
                store.keep_only({(VirtualMachine, "vm-2")})
            taken(store, HEAD + answer + TAIL, anew=store is anew)
        assert told.objects() == anew.objects()
        assert set(told.unreadable) == set(anew.unreadable)
        assert set(told.skipped) == set(anew.skipped)


FULL: Vms = {"vm-1": (0, 0, 0, 0, None)}


@pytest.mark.parametrize(
    "between",
    [
        [({}, "goes stale")],
        [({}, "leaves"), ({}, "enters")],
        [({}, "is lost"), ({}, "enters")],
        [({}, "leaves"), (FULL, ""), ({}, "enters")],
        [({"vm-1": (1, 1, 1, 1, None)}, "")],
        [({"vm-1": (1, 2, 0, 0, None)}, "")],
        [({"vm-1": (1, 0, 0, 2, None)}, "")],
        [({"vm-1": (2, 0, 0, 0, None)}, "")],
        [({"vm-1": (3, 3, 3, 3, 3)}, "")],
        [({"vm-1": (None, None, None, None, None)}, "")],
        [({"vm-1": (None, 0, 0, None, None)}, "")],
    ],
)
def test_what_is_written_as_before_is_read_anew_where_something_else_came_in_between(between):
    as_if_anew([({}, "enters"), (FULL, ""), *between, (FULL, ""), (FULL, "")])


CHOICES = st.tuples(*[st.none() | st.integers(0, 3)] * 5)
VMS = st.dictionaries(st.sampled_from(["vm-1", "vm-2"]), CHOICES)
EVENTS = st.sampled_from(["", "", "", "enters", "leaves", "is forgotten", "goes stale", "is lost"])


@given(st.lists(VMS, min_size=1, max_size=3), st.lists(st.tuples(st.integers(0, 2), EVENTS), max_size=8))
def test_readings_one_after_the_other_come_to_the_same_as_if_each_was_read_anew(answers, readings):
    as_if_anew([({}, "enters"), *((answers[index % len(answers)], event) for index, event in readings)])


def test_only_the_property_that_was_written_otherwise_is_read_by_the_parser():
    store = ObjectStore()
    store.apply(Change(VirtualMachine, "vm-1", entered=True))

    def answer(*choices: int | None) -> str:
        body = "".join(written(*one) for one in zip(ASKED[VirtualMachine], choices, strict=True))
        return f'{HEAD}<objects><obj type="VirtualMachine">vm-1</obj>{body}</objects>{TAIL}'

    assert taken(store, answer(0, 0, 0, 0, None), anew=False) == 1
    assert taken(store, answer(0, 0, 0, 1, None), anew=False) == 0
    vm = store.objects()["vms"]["vm-1"]
    assert (vm.guest_disks[0].free_bytes, vm.extra_config[0].key, vm.max_cpu_usage_mhz) == (1, "a", 2)
    objects = ObjectText(ASKED, told=store.told)
    left = objects.text(answer(1, 0, 0, 1, None).partition("<objects>")[2].partition("</objects>")[0].encode()).decode()
    assert "guest.disk" in left
    assert "extraConfig" not in left


def test_a_page_that_is_read_around_and_then_as_before_is_read_as_it_is(tmp_path):
    with simulated(tmp_path) as (vcenter, running):
        estate = vcenter.estate
        session = connect(
            Stub(Transport(running.collector._endpoint, SystemClock())), "checkmeter", "simulated", SystemClock()
        )
        reading = InventoryReading("dc1", SystemClock())
        reading.attach(session)
        moid = next(one for one in sorted(estate.ids(vim.VirtualMachine)) if estate.get(one, "guest.disk"))

        def read() -> tuple:
            reading.read_slow(session)
            return reading.inventory(FRESH, FRESH, SystemClock().now()).vms[moid].guest_disks

        before = estate.get(moid, "guest.disk")
        first = read()
        estate.set(moid, "guest.disk", before[:0])
        vcenter.faults.control_character(moid, "summary.storage.committed")
        assert read() == ()
        vcenter.faults.clear()
        estate.set(moid, "guest.disk", before)
        assert read() == first != ()
        session.close()
