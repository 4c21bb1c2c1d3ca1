"""A host that is isolated, from vCenter's events over the wire to what the ledger says of its machines."""

from datetime import datetime, timedelta

from pyVmomi import vim

from agent.ledger.book import Book
from agent.ledger.database import Database
from agent.ledger.outages import outages
from agent.ledger.recorded import vcenters
from agent.model.availability import Cause, State
from agent.simulator.scenario_hosts import ha_restart, host_isolate, isolation_response
from agent.simulator.scenario_state import peers_of, protected_by_ha
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.collectors.ledgering import MovableClock, estate_of, ledgering


def test_a_machine_that_its_isolated_host_stopped_is_down_from_then_until_ha_has_started_it(tmp_path):
    clock = MovableClock()
    with SimulatedVCenter(estate_of(clock)) as vcenter, ledgering(vcenter, tmp_path, clock) as running:
        estate = vcenter.estate
        running.until_caught_up()
        clock.moved += 900
        running.until_caught_up()
        host = next(
            one
            for one in estate.ids(vim.HostSystem)
            if protected_by_ha(estate, one) and estate.get(one, "runtime.connectionState") == "connected"
        )
        vm, *_ = host_isolate(estate, host)
        began = estate.now()
        clock.moved += 30
        isolation_response(estate, vm)
        stopped = estate.now()
        clock.moved += 60
        ha_restart(estate, vm, peers_of(estate, host)[0])
        started = estate.now()
        clock.moved += 900
        running.until_row("SELECT 1 FROM events WHERE vm = ? AND kind = 'com.vmware.vc.ha.VmRestartedByHAEvent'", vm)
        running.until_caught_up()
        found = _ledger(running.database_file, vm, began - timedelta(minutes=10), started + timedelta(minutes=10))
    after = [one for one in found.intervals if one.end > began]
    told = [(one.state, one.cause) for one in after if one.state is not State.UP]
    assert told == [(State.UNKNOWN, Cause.HOST_NOT_RESPONDING), (State.DOWN, Cause.HOST_ISOLATION)]
    (outage,) = outages(found)
    assert abs(outage.start - stopped) < timedelta(seconds=1)
    assert abs(outage.end - started) < timedelta(seconds=1)


def _ledger(file, vm: str, start: datetime, end: datetime):
    database = Database(file)
    try:
        with database.reading() as connection:
            book = Book(connection, vcenters(connection)[0], start, end)
            return dict(book.ledgers())[book.register.vm_id(vm)]
    finally:
        database.close()
