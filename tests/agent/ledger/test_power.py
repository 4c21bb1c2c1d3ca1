"""The power layer: the rows of the event table and the facts about boot times, one sentence each."""

import pytest

from agent.ledger.outages import outages
from agent.model.availability import Cause
from tests.agent.ledger.chronicle import DAY, HOUR, Chronicle, at, line

UP, DOWN = (0, "up", None), "down"


def running(**more: object) -> Chronicle:
    """A VM on host-1 that has run since long before the epoch; the agent watches all day."""
    told = Chronicle(**more)  # type: ignore[arg-type]  # short form
    told.read(0, "runtime.host", "host-1")
    told.read(0, "runtime.connectionState", "connected")
    told.power(0, "poweredOn", boot=-5000)
    return told


def read_later() -> Chronicle:
    """The same, but the agent only saw the first minute, and read the day's events when it was over."""
    return running(watched=[(0, 60)])


def test_a_vm_that_nothing_happened_to_was_up_all_the_time() -> None:
    assert line(running().ledger()) == [UP]


@pytest.mark.parametrize("kind", ["VmPoweredOnEvent", "DrsVmPoweredOnEvent"])
def test_a_power_cycle_is_down_from_event_to_event(kind: str) -> None:
    told = read_later()
    told.vm(1000, "VmStoppingEvent", user="VENDOR\\op")
    off = told.vm(1003, "VmPoweredOffEvent", user="VENDOR\\op")
    told.vm(1090, "VmStartingEvent", user="VENDOR\\op")
    on = told.vm(1100, kind, user="VENDOR\\op")
    assert line(told.ledger()) == [UP, (1003, DOWN, "power_off"), (1100, "up", None)]
    [outage] = outages(told.ledger())
    assert (outage.seconds, outage.who, outage.ongoing) == (97, "VENDOR\\op", False)
    assert [one.event_key for one in outage.evidence] == [off.event.key, on.event.key]


def test_a_guest_that_was_asked_to_shut_down_names_who_asked() -> None:
    told = read_later()
    told.vm(1000, "VmGuestShutdownEvent", user="VENDOR\\op")
    told.vm(1024, "VmPoweredOffEvent")
    [outage] = outages(told.ledger())
    assert (outage.start, outage.cause, outage.who, outage.ongoing) == (at(1024), "guest_shutdown", "VENDOR\\op", True)


def test_a_power_off_by_nobody_was_the_guest_itself() -> None:
    told = read_later()
    told.vm(1024, "VmPoweredOffEvent")
    assert line(told.ledger()) == [UP, (1024, DOWN, "guest_shutdown")]


def test_a_suspended_vm_is_suspended_until_it_is_resumed() -> None:
    told = read_later()
    told.vm(1000, "VmSuspendedEvent", user="op")
    told.vm(2000, "VmResumingEvent", user="op")
    told.vm(2004, "VmPoweredOnEvent", user="op")
    assert line(told.ledger()) == [UP, (1000, "suspended", "suspend"), (2004, "up", None)]


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("VmPowerOffOnIsolationEvent", "host_isolation"),
        ("VmShutdownOnIsolationEvent", "host_isolation"),
        ("com.vmware.vc.HA.VmcpTerminatingVm", "datastore_loss"),
        ("esx.problem.vm.kill.unexpected.fault.failure", "crash"),
    ],
)
def test_a_sudden_end_is_told_once_with_its_reason(kind: str, cause: str) -> None:
    told = read_later()
    told.vm(1000, kind)
    told.vm(1001, "VmPoweredOffEvent")
    assert line(told.ledger()) == [UP, (1000, DOWN, cause)]
    assert told.ledger().contradictions == ()


def test_a_removed_vm_is_down_and_one_not_yet_created_is_no_outage() -> None:
    told = Chronicle()
    told.vm(500, "VmCreatedEvent", user="op")
    told.vm(900, "VmPoweredOnEvent")
    told.vm(5000, "VmPoweredOffEvent", user="op")
    told.vm(6000, "VmRemovedEvent", user="op")
    assert line(told.ledger()) == [
        (0, DOWN, "not_created"),
        (500, DOWN, "power_off"),
        (900, "up", None),
        (5000, DOWN, "power_off"),
        (6000, DOWN, "removed"),
    ]
    assert Cause.NOT_CREATED not in {one.cause for one in outages(told.ledger())}


def test_a_removed_vm_is_not_hidden_though_it_cannot_be_seen_any_more() -> None:
    told = running(covered=[(0, 30_000), (29_000, DAY)], away=[(40_000, 41_000)])
    told.read(0, "@present", "seen")
    told.vm(1000, "VmRemovedEvent", user="op", learned=1010)
    told.read(1001, "@present", "gone")
    assert line(told.ledger()) == [UP, (1000, DOWN, "removed")]


def test_a_vm_whose_removal_was_found_later_was_up_until_then() -> None:
    told = running(covered=[(0, 900), (300, DAY)], watched=[(0, 950), (30_000, DAY)])
    told.read(0, "@present", "seen")
    told.vm(1000, "VmRemovedEvent", user="op", learned=30_010)
    told.read(30_000, "@present", "gone")
    assert line(told.ledger()) == [UP, (1000, DOWN, "removed")]


def test_before_its_creation_nothing_hides_a_vm_nor_does_an_absence_of_vcenter() -> None:
    told = Chronicle(away=[(1000, 2000)], watched=[(0, 1000), (2000, DAY)])
    told.vm(5000, "VmCreatedEvent", user="op", learned=5010)
    told.read(5001, "@present", "seen")
    told.power(5001, "poweredOff")
    assert line(told.ledger()) == [(0, DOWN, "not_created"), (5000, DOWN, "power_off")]


def test_a_vm_that_was_created_while_the_agent_was_off_is_off_until_it_started() -> None:
    told = Chronicle(covered=[(0, 900), (300, 30_000), (29_000, DAY)], watched=[(0, 900), (30_000, DAY)])
    told.vm(5000, "VmCreatedEvent", user="op", learned=30_000)
    told.vm(5900, "VmStartingEvent", user="op", learned=30_000)
    told.vm(6000, "VmPoweredOnEvent", user="op", learned=30_000)
    told.read(30_000, "@present", "seen")
    told.power(30_000, "poweredOn", boot=6000)
    assert line(told.ledger()) == [(0, DOWN, "not_created"), (5000, DOWN, "power_off"), (6000, "up", None)]


def test_a_vm_that_is_registered_again_is_in_the_inventory_again_and_off_until_it_starts() -> None:
    told = read_later()
    told.vm(1000, "VmPoweredOffEvent", user="op")
    told.vm(1500, "VmRemovedEvent", user="op")
    told.vm(2000, "VmRegisteredEvent", user="op")
    told.vm(2100, "VmStartingEvent", user="op")
    told.vm(2101, "VmPoweredOnEvent", user="op")
    assert line(told.ledger()) == [
        UP,
        (1000, DOWN, "power_off"),
        (1500, DOWN, "removed"),
        (2000, DOWN, "power_off"),
        (2101, "up", None),
    ]


def test_an_uptime_that_counts_the_time_of_a_suspension_does_not_contradict_it() -> None:
    told = running()
    told.vm(1000, "VmSuspendedEvent", user="op")
    told.read(1000, "runtime.powerState", "suspended")
    told.vm(2000, "VmResumingEvent", user="op")
    told.vm(2001, "VmPoweredOnEvent", user="op")
    told.read(2001, "runtime.powerState", "poweredOn")
    told.sample(3000, "sys.uptime.latest", 8000)
    ledger = told.ledger()
    assert line(ledger) == [UP, (1000, "suspended", "suspend"), (2001, "up", None)]
    assert not ledger.contradictions


def test_events_of_the_same_second_are_ordered_by_their_keys() -> None:
    told = read_later()
    told.vm(1000, "VmPoweredOnEvent", key=21)
    told.vm(1000, "VmPoweredOffEvent", key=20, user="op")
    assert line(told.ledger()) == [UP]
    told.vm(1000, "VmPoweredOffEvent", key=22, user="op")
    assert line(told.ledger()) == [UP, (1000, DOWN, "power_off")]


def test_an_agent_that_was_off_learns_from_events_what_it_missed() -> None:
    told = running(watched=[(0, 1000), (5000, DAY)])
    told.vm(2000, "VmPoweredOffEvent", user="op", learned=5001)
    told.vm(3000, "VmPoweredOnEvent", learned=5001)
    assert line(told.ledger()) == [UP, (2000, DOWN, "power_off"), (3000, "up", None)]
    assert told.ledger().intervals[1].learned_at == at(DAY)


def test_purged_events_leave_it_unknown_even_with_an_old_boot_time() -> None:
    told = running(covered=[(0, 1000), (5000, DAY)], watched=[(0, 1000), (5000, DAY)], oldest_kept=5000)
    told.power(5000, "poweredOn", boot=-5000)
    assert line(told.ledger()) == [UP, (970, "unknown", "events_purged"), (5000, "up", None)]


def test_an_uptime_counter_proves_what_events_no_longer_tell() -> None:
    told = running(covered=[(0, 1000), (5000, DAY)], watched=[(0, 1000), (5000, DAY)], oldest_kept=5000)
    told.sample(5020, "sys.uptime.latest", 10_020)
    assert line(told.ledger()) == [UP]


def test_a_boot_time_inside_a_gap_proves_a_restart_that_nobody_saw() -> None:
    told = running(covered=[(0, 1000), (5000, DAY)], watched=[(0, 1000), (5000, DAY)])
    told.power(5000, "poweredOn", boot=3000)
    assert line(told.ledger())[:2] == [UP, (970, "unknown", "events_unread")]
    told.sample(5020, "sys.uptime.latest", 2020)
    assert line(told.ledger())[2:] == [(1000, "unknown", "agent_off"), (3000, "up", None)]


def test_a_boot_that_no_event_tells_of_does_not_make_it_down_for_all_of_the_time_before() -> None:
    told = Chronicle(watched=[(30_000, DAY)])
    told.power(30_000, "poweredOn", boot=20_000)
    assert line(told.ledger()) == [(0, "unknown", "restart_unseen"), (20_000, "up", None)]


def test_while_vcenter_was_away_an_old_boot_time_proves_that_all_went_on() -> None:
    told = running(away=[(1000, 2000)], watched=[(0, 1000), (2000, DAY)])
    told.power(2000, "poweredOn", boot=-5000)
    assert line(told.ledger()) == [UP]


def test_while_vcenter_was_away_a_new_boot_time_proves_a_restart() -> None:
    told = running(away=[(1000, 2000)], watched=[(0, 1000), (2000, DAY)])
    told.power(2000, "poweredOn", boot=1500)
    assert line(told.ledger()) == [UP, (1000, "unknown", "vcenter_away"), (1500, "up", None)]


def test_a_vm_that_was_off_around_an_absence_of_vcenter_may_have_run_in_it() -> None:
    told = Chronicle(away=[(1000, 2000)], watched=[(0, 1000), (2000, DAY)])
    told.power(0, "poweredOff")
    assert line(told.ledger()) == [(0, DOWN, None), (1000, "unknown", "vcenter_away"), (2000, DOWN, None)]


def test_vcenter_says_by_its_own_start_that_it_was_away_while_the_agent_was_off() -> None:
    told = running(watched=[(0, 1000), (5000, DAY)])
    told.vcenter_started(3000)
    told.power(5000, "poweredOn", boot=2500)
    assert line(told.ledger()) == [UP, (1000, "unknown", "vcenter_away"), (2500, "up", None)]


def test_a_clock_jump_is_unknown_until_a_boot_time_spans_it() -> None:
    told = Chronicle(jumps=[(1000, 1600)], watched=[(0, 900), (1700, DAY)])
    told.power(0, "poweredOff")
    assert line(told.ledger())[1] == (1000, "unknown", "clock_jump")
    assert line(running(jumps=[(1000, 1600)]).ledger()) == [UP]


def test_a_vm_seen_off_without_an_event_is_a_contradiction_and_not_smoothed() -> None:
    told = running()
    told.power(4000, "poweredOff")
    ledger = told.ledger()
    assert line(ledger)[2] == (4000, DOWN, None)
    assert line(ledger)[:2] == [UP, (3970, "unknown", "contradiction")]
    [contradiction] = ledger.contradictions
    assert (contradiction.before, contradiction.after) == ("on", "off")
    assert (contradiction.start, contradiction.end) == (at(3970), at(4000))


def test_a_contradiction_is_not_reported_while_the_event_may_still_come() -> None:
    told = running(covered=[(0, 4300)], watched=[(0, 4300)])
    told.power(4000, "poweredOff")
    assert told.ledger(end=4300).contradictions == ()
    told.vm(3998, "VmPoweredOffEvent", user="op", learned=4500)
    assert line(told.ledger(end=4300)) == [UP, (3998, DOWN, "power_off")]


def test_a_counter_that_ran_while_events_say_off_is_a_contradiction() -> None:
    told = read_later()
    told.vm(1000, "VmPoweredOffEvent", user="op")
    told.sample(3000, "sys.uptime.latest", 1500)
    assert (1500, "unknown", "contradiction") in line(told.ledger())
    assert len(told.ledger().contradictions) == 1


def test_what_could_not_be_seen_is_unknown_and_does_not_count_as_silence() -> None:
    told = running(covered=[])
    told.windows = [window(n * HOUR) for n in range(24)]
    told.read(0, "@present", "seen")
    told.read(5 * HOUR, "@present", "gone")
    told.read(9 * HOUR, "@present", "seen")
    states = line(told.ledger())
    assert states[0] == UP
    assert (states[1][1:], states[2][0]) == (("unknown", "not_visible"), 8 * HOUR)
    assert states[1][0] == 5 * HOUR - 30, "until then updates told"


def window(start: float) -> object:
    from agent.model.evidence import CoveredWindow  # noqa: PLC0415 - used once, by this fixture

    return CoveredWindow(start=at(start), end=at(start + HOUR), learned_at=at(start + HOUR + 30))


def test_the_seconds_after_the_last_reading_are_told_by_the_updates() -> None:
    told = running(covered=[(0, 4000)], watched=[(0, 4300)])
    assert line(told.ledger(end=4400)) == [UP, (4270, "unknown", "events_unread")]


def test_the_same_evidence_in_any_order_gives_the_same_ledger() -> None:
    told = running(covered=[(0, 5000), (4000, DAY)])
    told.vm(1000, "VmPoweredOffEvent", user="op")
    told.vm(2000, "VmPoweredOnEvent")
    told.power(1001, "poweredOff")
    told.power(2001, "poweredOn", boot=2000)
    told.host(7000, "HostConnectionLostEvent")
    told.host(7100, "HostConnectedEvent")
    before = told.ledger()
    told.vm_events = [*told.vm_events[::-1], *told.vm_events]
    told.seen["vm-1"].reverse()
    told.covered.reverse()
    told.host_events["host-1"].reverse()
    assert told.ledger() == before
