"""What the ledger's judge publishes of a ledger that is there."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.collectors.judging import LedgerJudge
from agent.collectors.slot import WorldSlot
from agent.model.about import About
from agent.model.availability import Cause, State
from agent.model.inventory import Inventory
from agent.model.virtual_machine import VirtualMachine
from agent.model.world import LedgerStatus, Target, World
from tests.agent.ledger.written import BEGIN, END, ERP, EVENTS, FILES, power_event, vm_seen, write
from tests.simulator.simulated_time import SimulatedTime

ROUND_S = 20


def slot_with(*vms: VirtualMachine, read: bool = True) -> WorldSlot:
    """A world whose only vCenter has these VMs; or it was not read yet."""
    inventory = Inventory(
        about=About(instance_uuid="uuid-1"),
        root_folder="group-d1",
        confirmed_at=END,
        vms={vm.moid: vm for vm in vms},
    )
    target = Target(name="dc1", address="dc1.example", inventory=inventory if read else None)
    return WorldSlot(World(version="1", started_at=BEGIN, targets={"dc1": target}))


def status_of(slot: WorldSlot) -> LedgerStatus:
    return slot.read()[1].targets["dc1"].ledger


def judge(file: Path, slot: WorldSlot, clock: SimulatedTime | None = None) -> LedgerStatus:
    """The status after the judge has run for a while."""
    LedgerJudge(file, slot, clock or SimulatedTime(ROUND_S)).run(threading.Event())
    return status_of(slot)


ERP_VM = VirtualMachine(moid="vm-1", name="srv-01", instance_uuid=ERP)
FILES_VM = VirtualMachine(moid="vm-2", name="srv-02", instance_uuid=FILES)


def test_every_vm_that_is_there_has_its_state_and_its_seconds_of_the_month(tmp_path: Path) -> None:
    november = datetime(2026, 11, 5, tzinfo=UTC)
    events = [
        *EVENTS,
        power_event(7000, "VmPoweredOffEvent", november),
        power_event(7001, "VmPoweredOnEvent", november + timedelta(seconds=90)),
        power_event(7002, "VmPoweredOffEvent", END - timedelta(hours=1), "vm-2", "srv-02"),
    ]
    status = judge(write(tmp_path, events), slot_with(ERP_VM, FILES_VM))
    erp, files = status.vms[ERP], status.vms[FILES]
    assert status.judged_until == END
    assert (erp.name, erp.state, erp.month_outages, erp.month_down_s) == ("srv-01", State.UP, 1, 90)
    assert erp.since == november + timedelta(seconds=90)
    assert (files.state, files.since, files.month_down_s) == (State.DOWN, END - timedelta(hours=1), 3600)
    assert (erp.month_unknown_s, files.month_unknown_s) == (0, 0)


def test_the_outages_of_this_month_and_the_last_are_listed_newest_first(tmp_path: Path) -> None:
    status = judge(write(tmp_path), slot_with(ERP_VM, FILES_VM))
    found = [(one.kind, one.name, one.outage.cause, one.outage.seconds) for one in status.recent_outages]
    assert found == [("vm", "srv-02", Cause.SUSPEND, 3600), ("vm", "srv-01", Cause.POWER_OFF, 252)]
    assert [piece.event_key for piece in status.recent_outages[1].outage.evidence] == [4711, 4715]


def test_a_vm_that_has_gone_is_on_no_metric_and_its_outages_stay_listed(tmp_path: Path) -> None:
    status = judge(write(tmp_path), slot_with(ERP_VM))
    assert set(status.vms) == {ERP}
    assert [one.name for one in status.recent_outages] == ["srv-02", "srv-01"]


def test_what_is_known_is_told_while_vcenter_itself_cannot_be_read(tmp_path: Path) -> None:
    status = judge(write(tmp_path), slot_with(read=False))
    assert [one.name for one in status.recent_outages] == ["srv-02", "srv-01"]


def test_time_before_the_ledger_began_is_not_counted_as_unknown(tmp_path: Path) -> None:
    later = datetime(2026, 10, 20, tzinfo=UTC)
    observed = vm_seen("vm-1", ERP, "srv-01", later)
    status = judge(write(tmp_path, (), observed, begin=later, until=later + timedelta(days=2)), slot_with(ERP_VM))
    assert status.vms[ERP].month_unknown_s == 0
    assert status.vms[ERP].since == later


def test_totals_since_the_beginning_add_up_month_by_month_and_are_absent_until_then(tmp_path: Path) -> None:
    august, october = datetime(2026, 8, 31, 23, 59, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC)
    events = [
        power_event(100, "VmPoweredOffEvent", august),
        power_event(101, "VmPoweredOnEvent", august + timedelta(seconds=90)),
        power_event(102, "VmPoweredOffEvent", october),
        power_event(103, "VmPoweredOnEvent", october + timedelta(seconds=45)),
    ]
    observed = vm_seen("vm-1", ERP, "srv-01", datetime(2026, 8, 2, tzinfo=UTC))
    file = write(tmp_path, events, observed, begin=datetime(2026, 8, 2, tzinfo=UTC))
    slot = slot_with(ERP_VM)
    first = judge(file, slot, SimulatedTime(1)).vms[ERP]
    assert (first.outages, first.down_s, first.unknown_s) == (None, None, None)
    later = judge(file, slot, SimulatedTime(100)).vms[ERP]
    assert (later.outages, later.down_s, later.unknown_s) == (2, 135, 0)


def test_an_altered_row_is_told_with_its_number(tmp_path: Path) -> None:
    file, slot = write(tmp_path), slot_with(ERP_VM)
    assert judge(file, slot).chain_valid is True
    assert status_of(slot).ok
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE events SET user = 'somebody else' WHERE key = 4711")
        seq = connection.execute("SELECT seq FROM events WHERE key = 4711").fetchone()[0]
    connection.close()
    status = judge(file, slot)
    assert (status.chain_valid, status.ok) == (False, False)
    assert status.chain_problem is not None
    assert status.chain_problem.startswith(f"row {seq}, in events, is not as it was written")


def test_a_row_altered_long_after_it_was_checked_is_found_within_a_day(tmp_path: Path) -> None:
    file, slot = write(tmp_path), slot_with(ERP_VM)

    class AltersLater(SimulatedTime):
        altered = False

        def advance(self, seconds: float) -> datetime:
            if status_of(slot).chain_valid and not self.altered:
                self.altered = True
                with sqlite3.connect(file) as connection:
                    connection.execute("UPDATE events SET created = created - 1000000 WHERE key = 4711")
                connection.close()
            return super().advance(max(seconds, 3600))

    status = judge(file, slot, AltersLater(100_000))
    assert status.chain_valid is False


def test_a_database_that_cannot_be_opened_is_said_until_it_can(tmp_path: Path) -> None:
    folder, slot = tmp_path / "state", slot_with(ERP_VM)
    status = judge(folder / "checkmeter.db", slot)
    assert "unable to open database file" in status.problems["judgement"].problem
    assert not status.ok

    class MadeLater(SimulatedTime):
        def wait(self, seconds: float, stop: threading.Event) -> bool:
            if self.monotonic() > 0 and not folder.exists():
                folder.mkdir()
                write(folder)
            return super().wait(seconds, stop)

    status = judge(folder / "checkmeter.db", slot, MadeLater(3 * ROUND_S))
    assert (status.problems, status.chain_valid) == ({}, True)
