"""The agent is off for three days, twelve things happen, and the ledger has them all to the second when it is back."""

from datetime import timedelta

import pytest
from pyVmomi import vim

from agent.ledger.book import VM, Book
from agent.ledger.database import Database
from agent.ledger.recorded import vcenters
from agent.model.availability import Cause
from agent.simulator.scenario_hosts import ha_restart, host_fail
from agent.simulator.scenario_power import guest_shutdown, power_off, power_on, suspend
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.collectors.ledgering import MovableClock, estate_of, ledgering

HOUR = 3600


class Incidents:
    """What is done to the estate, and when each VM was down for what reason."""

    def __init__(self, estate, clock):
        self.estate, self.clock = estate, clock
        self.truth = set()

    def post(self, action, *arguments, **more):
        """Do it, and give the events it posted."""
        before = len(self.estate.events)
        action(self.estate, *arguments, **more)
        return self.estate.events[before:]

    def down(self, cause, action, vm, seconds, **more):
        self.clock.moved += 5 * HOUR
        went = self.post(action, vm, **more)[-1]
        self.clock.moved += seconds
        came = next(one for one in self.post(power_on, vm) if isinstance(one, vim.event.VmPoweredOnEvent))
        self.told(cause, vm, went, came)

    def told(self, cause, vm, went, came):
        name = self.estate.get(vm, "name")
        self.truth.add((name, went.createdTime, came.createdTime, cause, frozenset({went.key, came.key})))


def running_vms(estate):
    return [
        moid
        for moid in estate.ids(vim.VirtualMachine)
        if estate.get(moid, "runtime.powerState") == "poweredOn"
        and estate.get(moid, "runtime.connectionState") == "connected"
    ]


def host_failure(incidents):
    """A host of a cluster fails with all that runs on it; HA starts it elsewhere within minutes."""
    estate, clock = incidents.estate, incidents.clock
    clock.moved += 4 * HOUR
    for host in estate.ids(vim.HostSystem):
        cluster = estate.get(host, "parent")._moId
        peers = [one._moId for one in estate.get(cluster, "host") if one._moId != host]
        alive = [one for one in peers if estate.get(one, "runtime.connectionState") == "connected"]
        on_it = [vm for vm in running_vms(estate) if estate.get(vm, "runtime.host")._moId == host]
        if alive and on_it and estate.get(host, "runtime.dasHostState"):
            break
    posted = len(estate.events)
    victims = host_fail(estate, host)
    lost = next(one for one in estate.events[posted:] if isinstance(one, vim.event.HostConnectionLostEvent))
    for number, vm in enumerate(victims):
        clock.moved += 60 + 7 * number
        events = incidents.post(ha_restart, vm, alive[0])
        came = next(one for one in events if isinstance(one, vim.event.VmPoweredOnEvent))
        incidents.told(Cause.HOST_FAILURE, vm, lost, came)
    assert victims


@pytest.mark.timeout(180)
def test_twelve_incidents_of_three_days_off_are_listed_to_the_second_with_their_events(tmp_path):
    clock = MovableClock()
    estate = estate_of(clock)
    with SimulatedVCenter(estate) as vcenter:
        with ledgering(vcenter, tmp_path, clock) as running:
            running.until_caught_up()
        start = estate.now()
        incidents, vms = Incidents(estate, clock), running_vms(estate)
        for number in range(5):
            incidents.down(Cause.POWER_OFF, power_off, vms[number], 61 + 13 * number, user="VENDOR\\anna")
        for number in range(3):
            incidents.down(Cause.GUEST_SHUTDOWN, guest_shutdown, vms[5 + number], 3600 + number)
        for number in range(2):
            incidents.down(Cause.SUSPEND, suspend, vms[8 + number], 1234 + number)
        incidents.down(Cause.POWER_OFF, power_off, vms[0], 59)
        host_failure(incidents)
        assert timedelta(days=2) < estate.now() - start < timedelta(days=4)
        clock.moved += 3 * HOUR
        with ledgering(vcenter, tmp_path, clock) as running:
            running.until_caught_up()
    database = Database(tmp_path / "checkmeter.db")
    with database.reading() as connection:
        book = Book(connection, vcenters(connection)[0], start, estate.now())
        listed = {
            (
                name,
                one.start,
                one.end,
                one.cause,
                frozenset(piece.event_key for piece in one.evidence if piece.event_key),
            )
            for account in book.accounts(VM)
            for name, one in account.outages
            if one.start > start
        }
    database.close()
    for name, went, came, cause, keys in incidents.truth:
        found = [one for one in listed if one[0] == name and one[1] == went]
        assert [(one[2], one[3]) for one in found] == [(came, cause)], (name, went, found)
        assert keys <= found[0][4]
    told = {(name, went) for name, went, *_ in incidents.truth}
    assert [one for one in listed if one[:2] not in told] == []
