"""The bill is compared with what was measured, and each difference has its dates, its cause and its event."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.claims.billing import check_bill
from agent.claims.server_sizes import size_by_rule
from agent.model.billing import BillVerdict, Dimension, KnownServer, Size
from agent.model.contract import BillingTerms
from agent.model.contract_files import Bill, BilledServer
from agent.model.event import Event
from agent.model.evidence import RecordedEvent
from agent.model.facts import Fact
from agent.model.virtual_hardware import VirtualDisk
from agent.model.virtual_machine import VirtualMachine

ZONE = ZoneInfo("Europe/Copenhagen")
START = datetime(2026, 9, 30, 22, tzinfo=UTC)
DAY_ENDS = tuple(
    datetime.combine(date(2026, 10, 1) + timedelta(days=n + 1), datetime.min.time(), ZONE).astimezone(UTC)
    for n in range(31)
)
END = DAY_ENDS[-1]
KEPT_SINCE = datetime(2026, 9, 1, tzinfo=UTC)
MID = datetime(2026, 10, 14, 10, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GIB = 1 << 30
AGREED = BillingTerms()
VENDOR = "VENDOR\\operator"


def machine(name="srv-01", cpus=4, memory_gib=16, disk_gib=100, **more):
    disks = None if disk_gib is None else (VirtualDisk(key=2000, capacity_bytes=disk_gib * GIB),)
    return VirtualMachine(moid="vm-1", name=name, cpus=cpus, memory_mib=memory_gib * 1024, disks=disks, **more)


def fact(at, record, until=None):
    return Fact(at=at, learned_at=at, unchanged_until=until, record=record)


def server(*facts, vm_id="5031-a", events=()):
    return KnownServer(vcenter="dc1", vm_id=vm_id, facts=facts, events=events)


def happened(kind, at, key=4711):
    event = Event(key=key, chain_id=key, kind=kind, created=at, user=VENDOR, vm="vm-1", vm_name="srv-01")
    return RecordedEvent(event=event, learned_at=at)


def billed(vm="srv-01", *, vcpu=4, memory=16, disk=100, price=None, line=2):
    sizes = (None if size is None else Fraction(size) for size in (memory, disk))
    return BilledServer(vm, vcpu, *sizes, None if price is None else Fraction(price), line)


def checked(servers, *lines, terms=AGREED, known_from=KEPT_SINCE, known_until=END):
    return check_bill(
        Bill(month="2026-10", file="vendor/billed-2026-10.csv", servers=lines),
        servers,
        terms,
        month="2026-10",
        start=START,
        day_ends=DAY_ENDS,
        known_from=known_from,
        known_until=known_until,
        currency="DKK",
    )


SAME = server(fact(KEPT_SINCE, machine()))


def test_a_line_that_says_what_was_measured_is_right():
    result = checked([SAME], billed(price=900))
    (line,) = result.lines
    assert (line.verdict, line.differences, line.vm_id) == (BillVerdict.RIGHT, {}, "5031-a")
    assert (result.billed_price, result.contested_price) == (900, None)


def test_names_are_compared_in_any_case_and_without_blanks_around_them():
    assert checked([SAME], billed(" SRV-01 ")).lines[0].verdict is BillVerdict.RIGHT


def test_more_vcpus_on_the_bill_than_measured_are_a_difference():
    result = checked([SAME], billed(vcpu=8, price=900))
    (line,) = result.lines
    assert (line.verdict, line.differences) == (BillVerdict.DIFFERENT, {Dimension.VCPU: 4})
    assert result.contested_price == 900


def test_less_than_a_gib_of_disk_is_within_the_tolerance_and_more_is_not():
    assert checked([SAME], billed(disk=101)).lines[0].verdict is BillVerdict.RIGHT
    assert checked([SAME], billed(disk=Fraction("101.01"))).lines[0].differences == {Dimension.DISK: Fraction("1.01")}


def test_a_size_that_the_bill_does_not_tell_is_not_compared():
    assert checked([SAME], billed(memory=None, disk=None)).lines[0].verdict is BillVerdict.RIGHT


def test_a_change_has_its_date_and_who_did_it_by_its_event():
    event = happened("VmReconfiguredEvent", MID - 30 * timedelta(seconds=1))
    resized = server(fact(KEPT_SINCE, machine()), fact(MID, machine(cpus=8), MID - MINUTE), events=(event,))
    (line,) = checked([resized], billed(vcpu=8)).lines
    (change,) = line.changes
    assert (change.dimension, change.before, change.after) == (Dimension.VCPU, 4, 8)
    assert (change.at, change.who, change.event_key) == (event.event.created, VENDOR, 4711)
    assert line.verdict is BillVerdict.RIGHT


def test_a_change_without_an_event_lies_between_two_looks():
    resized = server(fact(KEPT_SINCE, machine()), fact(MID, machine(memory_gib=32), MID - timedelta(hours=5)))
    (change,) = checked([resized], billed(memory=32)).lines[0].changes
    assert (change.earliest, change.at, change.who) == (MID - timedelta(hours=5), MID, None)


def test_a_server_removed_in_the_month_and_still_billed_is_absent_with_who_removed_it():
    removed = happened("VmRemovedEvent", MID)
    gone = server(fact(KEPT_SINCE, machine()), fact(MID + MINUTE, None, MID - MINUTE), events=(removed,))
    (line,) = checked([gone], billed(price=900)).lines
    assert (line.verdict, line.gone_at, line.gone_by) == (BillVerdict.ABSENT, MID, VENDOR)
    assert {one.dimension for one in line.changes} == set(Dimension)


def test_a_server_that_was_gone_before_the_month_is_absent_and_since_when_is_known():
    at = START - timedelta(days=9)
    (line,) = checked([server(fact(KEPT_SINCE, machine()), fact(at, None))], billed()).lines
    assert (line.verdict, line.gone_at, line.changes) == (BillVerdict.ABSENT, at, ())


def test_a_line_of_which_nobody_ever_saw_a_server_is_absent():
    (line, _) = checked([SAME], billed(), billed("ghost-01", line=3)).lines
    assert (line.name, line.verdict, line.vm_id) == ("ghost-01", BillVerdict.ABSENT, None)


def test_a_server_on_no_line_is_unbilled_and_a_template_is_no_server():
    extra = server(fact(KEPT_SINCE, machine("srv-02")), vm_id="5031-b")
    template = server(fact(KEPT_SINCE, machine("gold", template=True)), vm_id="5031-c")
    result = checked([SAME, extra, template], billed())
    assert [(line.name, line.verdict) for line in result.lines] == [
        ("srv-02", BillVerdict.UNBILLED),
        ("srv-01", BillVerdict.RIGHT),
    ]
    assert (result.billed, result.measured) == (Size(4, 16, 100), Size(8, 32, 200))


def test_a_server_billed_twice_is_told_once_as_a_duplicate():
    result = checked([SAME], billed(), billed(line=3, price=1))
    assert sorted(line.verdict for line in result.lines) == [BillVerdict.DUPLICATE, BillVerdict.RIGHT]
    assert result.contested_price == 1


def test_a_renamed_server_is_found_by_the_name_it_had():
    renamed = server(fact(KEPT_SINCE, machine("old-01")), fact(MID, machine("new-01")))
    assert checked([renamed], billed("old-01")).lines[0].verdict is BillVerdict.RIGHT
    assert checked([renamed], billed("new-01")).lines[0].verdict is BillVerdict.RIGHT


@pytest.mark.parametrize(
    ("rule", "cpus"), [("month-end", 4), ("max", 8), ("average-daily", Fraction(4 * 21 + 8 * 10, 31))]
)
def test_the_day_rule_decides_which_days_count(rule, cpus):
    grown = datetime(2026, 10, 5, 12, tzinfo=UTC)
    shrunk = datetime(2026, 10, 15, 12, tzinfo=UTC)
    facts = (fact(KEPT_SINCE, machine()), fact(grown, machine(cpus=8)), fact(shrunk, machine()))
    (line,) = checked([server(*facts)], billed(vcpu=99), terms=BillingTerms(days=rule)).lines
    assert line.measured.vcpu == cpus


@pytest.mark.parametrize(("basis", "disk"), [("provisioned", 100), ("used", 40), ("allocated", 115)])
def test_the_disk_basis_decides_what_of_a_disk_counts(basis, disk):
    vm = machine(storage_committed_bytes=40 * GIB, storage_uncommitted_bytes=75 * GIB)
    (line,) = checked([server(fact(KEPT_SINCE, vm))], billed(disk=disk), terms=BillingTerms(disk_basis=basis)).lines
    assert (line.verdict, line.measured.disk_gib) == (BillVerdict.RIGHT, disk)


def test_a_size_that_vcenter_does_not_tell_leaves_the_line_undecided():
    silent = server(fact(KEPT_SINCE, machine(disk_gib=None)))
    result = checked([silent], billed())
    assert result.lines[0].verdict is BillVerdict.UNKNOWN
    assert result.measured == Size(4, 16, None)


def test_a_month_of_which_nothing_was_kept_says_of_no_line_that_it_is_wrong():
    assert checked([], billed(), known_from=None).lines[0].verdict is BillVerdict.UNKNOWN
    assert checked([], billed(), known_from=END).lines[0].verdict is BillVerdict.UNKNOWN


def test_what_was_there_when_keeping_began_did_not_come_then():
    (line,) = checked([server(fact(MID, machine()))], billed(), known_from=MID).lines
    assert (line.verdict, line.changes, line.first_seen) == (BillVerdict.RIGHT, (), None)


def test_a_new_server_is_told_with_its_event():
    made = server(fact(MID, machine()), events=(happened("VmClonedEvent", MID - MINUTE),))
    (line,) = checked([made], billed()).lines
    assert line.first_seen == MID - MINUTE
    assert {(one.before, one.who) for one in line.changes} == {(None, VENDOR)}


def test_without_a_bill_every_server_is_unbilled():
    result = check_bill(
        None,
        [SAME],
        BillingTerms(),
        month="2026-10",
        start=START,
        day_ends=DAY_ENDS,
        known_from=KEPT_SINCE,
        known_until=END,
        currency="DKK",
    )
    assert (result.file, result.count(BillVerdict.UNBILLED)) == (None, 1)


@given(st.lists(st.tuples(st.integers(-60, 31 * 24), st.none() | st.integers(1, 64)), max_size=12))
def test_each_rule_agrees_with_a_walk_through_every_hour(steps):
    facts = tuple(
        fact(START + timedelta(hours=hour, minutes=30), None if cpus is None else machine(cpus=cpus))
        for hour, cpus in sorted(dict(steps).items())
    )
    held, by_hour = None, {}
    for hour in range(-60, 31 * 24 + 2):
        by_hour[START + timedelta(hours=hour)] = held
        held = dict(steps).get(hour, held)
    days = [by_hour[end] or 0 for end in DAY_ENDS]
    there = any(by_hour[end] for end in DAY_ENDS)

    def vcpu(rule):
        size = size_by_rule(facts, DAY_ENDS, rule, "provisioned") if facts else None
        return None if size is None else size.vcpu

    assert vcpu("month-end") == (days[-1] or None)
    assert vcpu("max") == (max(days) if there else None)
    assert vcpu("average-daily") == (Fraction(sum(days), 31) if there else None)
