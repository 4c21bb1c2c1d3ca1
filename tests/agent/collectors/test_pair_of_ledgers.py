"""Two agents on one simulated vCenter, one after the other with some time together: their ledgers agree and complete each other."""

from contextlib import closing

from pyVmomi import vim

from agent.ledger.agreement import compared, disagreements
from agent.ledger.book import DATASTORE, HOST, VM, Book
from agent.ledger.database import Database
from agent.ledger.merged import vcenters_of
from agent.ledger.recorded import covered, vcenters
from agent.simulator.scenario_hosts import ha_restart, host_fail
from agent.simulator.scenario_power import power_off, power_on
from agent.simulator.scenario_state import peers_of, protected_by_ha
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.collectors.ledgering import MovableClock, estate_of, ledgering
from tests.agent.ledger.pairs import merged


def test_the_ledgers_of_two_agents_agree_and_what_one_missed_the_other_has(tmp_path):
    clock = MovableClock()
    with SimulatedVCenter(estate_of(clock)) as vcenter:
        estate = vcenter.estate
        (tmp_path / "b").mkdir()
        running = [
            one for one in estate.ids(vim.VirtualMachine) if estate.get(one, "runtime.powerState") == "poweredOn"
        ]
        (tmp_path / "a").mkdir()
        with ledgering(vcenter, tmp_path / "a", clock) as first:
            first.until_caught_up()
            with ledgering(vcenter, tmp_path / "b", clock) as second:
                second.until_caught_up()
                for moved, turn in ((600, power_off), (300, power_on), (600, None)):
                    clock.moved += moved
                    if turn is not None:
                        turn(estate, running[0])
                host = next(one for one in estate.ids(vim.HostSystem) if protected_by_ha(estate, one))
                victims = host_fail(estate, host)
                clock.moved += 90
                for vm in victims:
                    ha_restart(estate, vm, peers_of(estate, host)[0])
                clock.moved += 900
                second.until_caught_up()
                first.until_caught_up()
            # only the first sees this, and catches up with nothing
            power_off(estate, running[1])
            clock.moved += 240
            power_on(estate, running[1])
            clock.moved += 900
            first.until_caught_up()
    file = merged(tmp_path / "c.db", tmp_path / "a" / "checkmeter.db", tmp_path / "b" / "checkmeter.db")
    with closing(Database(file)) as database, database.reading() as connection:
        (known,) = vcenters(connection)
        numbers = vcenters_of(connection)[known.uuid]
        assert list(disagreements(connection, numbers)) == []
        start, end = covered(connection, known.seq)
        book = Book(connection, known, start, end)
        labels = [label for _, label in known.kept_by]
        found = [one for kind in (VM, HOST, DATASTORE) for one in compared(book, kind, labels)]
    clashes = [(one.name, clash) for one in found for clash in one.contradictions]
    assert clashes == []
    assert all(one.unknown_together_s <= min(one.unknown_s.values()) for one in found)
    assert any(one.unknown_together_s < max(one.unknown_s.values()) for one in found)
