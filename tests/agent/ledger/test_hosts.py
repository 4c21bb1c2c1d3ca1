"""What happens to VMs when their host is out of sight, and the ledgers of hosts and datastores themselves."""

from agent.ledger.outages import outages
from tests.agent.ledger.chronicle import DAY, HOUR, Chronicle, at, line

UP = (0, "up", None)
FAILED = "com.vmware.vc.HA.DasHostFailedEvent"
RESTARTED = "com.vmware.vc.ha.VmRestartedByHAEvent"


def running() -> Chronicle:
    """A VM on host-1 that has run since before the epoch; host-2 stands by; the agent watches all day."""
    told = Chronicle()
    for host in ("host-1", "host-2"):
        told.read(0, "runtime.connectionState", "connected", of=host)
    told.read(0, "runtime.host", "host-1")
    told.read(0, "runtime.connectionState", "connected")
    told.power(0, "poweredOn", boot=-5000)
    return told


def lost(told: Chronicle, when: float = 1000) -> None:
    told.host(when, "HostConnectionLostEvent", cluster="domain-c1")
    told.vm(when, "VmDisconnectedEvent", host="host-1")
    told.read(when, "runtime.connectionState", "notResponding", of="host-1")
    told.read(when, "runtime.connectionState", "disconnected")


def found(told: Chronicle, when: float) -> None:
    told.host(when, "HostConnectedEvent")
    told.vm(when, "VmConnectedEvent", host="host-1")
    told.read(when, "runtime.connectionState", "connected", of="host-1")
    told.read(when, "runtime.connectionState", "connected")


def restarted(told: Chronicle, when: float = 1090) -> None:
    told.vm(when, "VmPoweredOnEvent", host="host-2")
    told.vm(when + 1, RESTARTED, host="host-2", cluster="domain-c1")
    told.read(when, "runtime.host", "host-2")
    told.read(when, "runtime.connectionState", "connected")
    told.read(when, "runtime.bootTime", when)


def test_a_host_that_does_not_respond_makes_its_vms_unknown() -> None:
    told = running()
    lost(told)
    assert line(told.ledger()) == [UP, (940, "unknown", "host_not_responding")]


def test_a_host_that_comes_back_with_old_boot_times_never_stopped_its_vms() -> None:
    told = running()
    lost(told)
    found(told, 1500)
    assert line(told.ledger()) == [UP]
    assert told.ledger().intervals[0].learned_at == at(DAY)


def test_a_restart_by_ha_makes_it_down_from_the_loss_of_the_host() -> None:
    told = running()
    lost(told)
    told.host(1010, FAILED, cluster="domain-c1")
    restarted(told)
    assert line(told.ledger()) == [
        UP,
        (940, "unknown", "host_failure"),
        (1000, "down", "host_failure"),
        (1090, "up", None),
    ]
    [outage] = outages(told.ledger())
    assert (outage.seconds, outage.seconds_at_most, outage.start) == (90, 150, at(1000))
    assert {FAILED, RESTARTED, "HostConnectionLostEvent"} <= {one.name for one in outage.evidence}


def test_an_uptime_narrows_the_time_in_which_nobody_missed_the_host() -> None:
    told = running()
    lost(told)
    told.sample(980, "sys.uptime.latest", 5980)
    restarted(told)
    assert line(told.ledger())[1] == (980, "unknown", "host_failure")


def test_an_isolated_host_ran_its_vms_until_it_stopped_them() -> None:
    told = running()
    lost(told)
    told.host(1012, "com.vmware.vc.HA.DasHostIsolatedEvent")
    told.vm(1030, "VmPowerOffOnIsolationEvent", host="host-1")
    restarted(told)
    states = line(told.ledger())
    assert states == [
        UP,
        (940, "unknown", "host_not_responding"),
        (1030, "down", "host_isolation"),
        (1090, "up", None),
    ]
    (outage,) = outages(told.ledger())
    assert (outage.start, outage.end) == (at(1030), at(1090))


def test_a_stop_by_isolation_is_down_until_the_restart_though_nobody_told_of_the_host() -> None:
    told = running()
    told.vm(1030, "VmPowerOffOnIsolationEvent", host="host-1")
    restarted(told)
    assert line(told.ledger())[-2:] == [(1030, "down", "host_isolation"), (1090, "up", None)]


def test_a_host_that_booted_had_stopped_what_was_on_it() -> None:
    told = running()
    lost(told)
    told.host(1600, "esx.audit.host.boot")
    told.read(1600, "runtime.bootTime", 1500, of="host-1")
    told.host(1600, "HostConnectedEvent")
    told.vm(1600, "VmPoweredOffEvent", host="host-1")
    told.vm(1600, "VmConnectedEvent", host="host-1")
    told.power(1600, "poweredOff")
    told.read(1600, "runtime.connectionState", "connected")
    states = line(told.ledger())
    assert states[:3] == [UP, (940, "unknown", "host_failure"), (1500, "down", "host_failure")]
    assert states[3:] == []
    told.host(1010, FAILED)
    assert line(told.ledger())[2] == (1000, "down", "host_failure")


def test_what_vcenter_finds_after_a_host_is_back_did_not_happen_then() -> None:
    told = running()
    lost(told)
    found(told, 1600)
    told.vm(1610, "VmPoweredOffEvent", host="host-1")
    told.power(1610, "poweredOff")
    assert line(told.ledger())[:3] == [
        UP,
        (940, "unknown", "host_not_responding"),
        (1610, "down", "guest_shutdown"),
    ]


def test_a_host_that_somebody_disconnects_hides_its_vms_but_does_not_stop_them() -> None:
    told = running()
    told.host(1000, "HostDisconnectedEvent", user="op")
    told.read(1000, "runtime.connectionState", "disconnected")
    assert line(told.ledger()) == [UP, (1000, "unknown", "host_disconnected")]


def test_a_restart_of_a_vm_whose_host_was_never_named_is_tied_to_the_one_failure_before_it() -> None:
    told = Chronicle(watched=[(5000, DAY)])
    told.host(1012, "HostConnectionLostEvent", cluster="domain-c1")
    told.host(1032, FAILED, cluster="domain-c1")
    told.vm(1100, "VmPoweredOnEvent", host="host-2")
    told.vm(1101, RESTARTED, host="host-2", cluster="domain-c1")
    told.read(5000, "runtime.host", "host-2")
    told.power(5000, "poweredOn", boot=1100)
    assert line(told.ledger())[-2:] == [(1012, "down", "host_failure"), (1100, "up", None)]


def test_a_restart_by_ha_may_come_before_vcenter_misses_the_host() -> None:
    told = running()
    restarted(told, 1050)
    told.host(1070, "HostConnectionLostEvent", cluster="domain-c1")
    assert line(told.ledger()) == [UP, (990, "unknown", "host_not_responding"), (1050, "up", None)]


def test_a_restart_that_answers_no_failure_that_was_seen_leaves_the_time_before_unknown() -> None:
    told = Chronicle(watched=[(5000, DAY)])
    told.vm(100, "VmPoweredOnEvent", host="host-1")
    told.vm(4000, "VmPoweredOnEvent", host="host-2")
    told.vm(4001, RESTARTED, host="host-2")
    states = line(told.ledger())
    assert (100, "up", None) in states
    assert states[-2:] == [(400 - 60, "unknown", "host_not_responding"), (4000, "up", None)]


def test_a_vm_that_vcenter_calls_inaccessible_is_unknown_until_its_boot_time_proves_it_ran() -> None:
    told = running()
    told.read(1000, "runtime.connectionState", "inaccessible")
    told.read(2000, "runtime.connectionState", "connected")
    assert line(told.ledger()) == [UP]
    told.read(2000, "runtime.bootTime", 1900)
    assert (1000, "unknown", "datastore_loss") in line(told.ledger())


def test_a_host_has_a_ledger_of_its_own() -> None:
    told = Chronicle()
    told.read(0, "runtime.connectionState", "connected", of="host-1")
    told.read(0, "runtime.inMaintenanceMode", "false", of="host-1")
    told.host(1000, "HostConnectionLostEvent")
    told.host(1100, "HostConnectedEvent")
    told.host(2000, "EnteredMaintenanceModeEvent", user="op")
    told.host(3000, "ExitMaintenanceModeEvent", user="op")
    told.host(4000, "HostDisconnectedEvent", user="op")
    told.watched = [(0, 60)]
    assert line(told.host_ledger()) == [
        (0, "connected", None),
        (1000, "not_responding", "host_not_responding"),
        (1100, "connected", None),
        (2000, "maintenance", None),
        (3000, "connected", None),
        (4000, "disconnected", "host_disconnected"),
    ]
    assert [one.seconds for one in outages(told.host_ledger())] == [100, DAY - 4000]


def test_a_failed_host_is_one_outage_with_the_reason_that_ha_found() -> None:
    told = Chronicle(watched=[(0, 60)])
    told.read(0, "runtime.connectionState", "connected", of="host-1")
    told.host(1000, "HostConnectionLostEvent")
    told.host(1020, FAILED)
    told.host(1600, "HostConnectedEvent")
    lines = outages(told.host_ledger())
    assert [(one.start, one.end, str(one.cause)) for one in lines] == [(at(1000), at(1600), "host_failure")]


def test_a_datastore_is_known_only_while_updates_come() -> None:
    told = Chronicle(watched=[(0, 2 * HOUR), (3 * HOUR, DAY)])
    told.read(0, "summary.accessible", "true", of="datastore-1")
    told.read(5000, "summary.accessible", "false", of="datastore-1")
    told.read(5600, "summary.accessible", "true", of="datastore-1")
    assert line(told.datastore_ledger()) == [
        (0, "accessible", None),
        (5000, "inaccessible", "datastore_loss"),
        (5600, "accessible", None),
        (2 * HOUR, "unknown", "agent_off"),
        (3 * HOUR, "accessible", None),
    ]


def test_a_datastore_needs_no_events_and_a_host_is_known_while_updates_come() -> None:
    told = Chronicle(covered=[(0, 1000)], watched=[(0, 5000)])
    told.read(0, "summary.accessible", "true", of="datastore-1")
    told.read(0, "runtime.connectionState", "connected", of="host-1")
    assert line(told.datastore_ledger(end=5000)) == [(0, "accessible", None)]
    assert line(told.host_ledger(end=5000)) == [(0, "connected", None), (4970, "unknown", "events_unread")]


def test_a_datastore_that_goes_out_of_view_is_unknown_until_it_is_seen_again() -> None:
    told = Chronicle()
    told.read(0, "@present", "seen", of="datastore-1")
    told.read(0, "summary.accessible", "true", of="datastore-1")
    told.read(1000, "@present", "gone", of="datastore-1")
    told.read(2000, "@present", "seen", of="datastore-1")
    told.read(2000, "summary.accessible", "true", of="datastore-1")
    assert line(told.datastore_ledger()) == [
        (0, "accessible", None),
        (1000, "unknown", "not_visible"),
        (2000, "accessible", None),
    ]
