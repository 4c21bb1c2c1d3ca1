"""The guest inside a VM whose power is on: hangs, crashes, resets and reboots, measured where something measured them."""

import pytest

from agent.ledger.outages import outages
from tests.agent.ledger.chronicle import DAY, Chronicle, at, line

UP = (0, "up", None)


def running(watched: float = DAY) -> Chronicle:
    told = Chronicle(watched=[(0, watched)])
    told.read(0, "runtime.host", "host-1")
    told.power(0, "poweredOn", boot=-5000)
    told.read(0, "guestHeartbeatStatus", "green")
    told.sample(500, "sys.osUptime.latest", 5400)
    return told


def test_a_guest_without_a_heartbeat_is_silent_and_not_down() -> None:
    told = running()
    told.read(1000, "guestHeartbeatStatus", "red")
    told.read(1600, "guestHeartbeatStatus", "green")
    assert line(told.ledger()) == [UP, (1000, "guest_silent", "hang"), (1600, "up", None)]


def test_a_guest_whose_tools_end_is_not_called_silent() -> None:
    told = running()
    told.read(1000, "guestHeartbeatStatus", "gray")
    assert line(told.ledger()) == [UP]


@pytest.mark.parametrize("kind", ["VmResettingEvent", "VmDasBeingResetEvent", "VmDasBeingResetWithScreenshotEvent"])
def test_a_reset_is_an_outage_until_the_guest_has_booted(kind: str) -> None:
    told = running(watched=60)
    told.vm(1000, kind, user="op")
    told.sample(1200, "sys.osUptime.latest", 170)
    assert line(told.ledger()) == [UP, (1000, "guest_silent", "reset"), (1030, "up", None)]
    [outage] = outages(told.ledger())
    assert (outage.seconds, outage.who) == (30, "op")


def test_a_reset_that_is_watched_ends_with_the_next_sign_of_life() -> None:
    told = running()
    told.vm(1000, "VmResettingEvent", user="op")
    told.read(1002, "guestHeartbeatStatus", "gray")
    told.read(1061, "guestHeartbeatStatus", "green")
    assert line(told.ledger()) == [UP, (1000, "guest_silent", "reset"), (1061, "up", None)]


def test_a_reset_of_a_guest_that_reports_nothing_is_listed_without_a_length() -> None:
    told = Chronicle(watched=[(0, 60)])
    told.power(0, "poweredOn", boot=-5000)
    told.vm(1000, "VmResettingEvent", user="op")
    assert line(told.ledger()) == [UP]
    [outage] = outages(told.ledger())
    assert (outage.start, outage.seconds, outage.cause, outage.who) == (at(1000), 0, "reset", "op")


def test_a_crash_lasts_until_the_guest_boots_or_loses_power() -> None:
    told = running()
    told.vm(1000, "VmGuestOSCrashedEvent")
    told.read(1000, "guestHeartbeatStatus", "red")
    told.vm(4000, "VmPoweredOffEvent", user="op")
    told.power(4000, "poweredOff")
    assert line(told.ledger()) == [UP, (1000, "guest_silent", "crash"), (4000, "down", "power_off")]


def test_a_reboot_counts_from_its_first_sign_of_silence_and_not_from_the_request() -> None:
    told = running()
    told.vm(1000, "VmGuestRebootEvent", user="op")
    told.read(1012, "guestHeartbeatStatus", "gray")
    told.read(1070, "guestHeartbeatStatus", "green")
    told.sample(1200, "sys.osUptime.latest", 160)
    assert line(told.ledger()) == [UP, (1012, "guest_silent", "guest_reboot"), (1040, "up", None)]


def test_a_reboot_inside_the_guest_is_found_by_its_uptime() -> None:
    told = running(watched=60)
    told.sample(1200, "sys.osUptime.latest", 160)
    [outage] = outages(told.ledger())
    assert (outage.start, outage.cause, outage.who) == (at(1040), "guest_reboot", None)


def test_the_boot_of_a_guest_after_a_power_on_is_no_reboot() -> None:
    told = running(watched=60)
    told.vm(1000, "VmPoweredOffEvent", user="op")
    told.vm(1100, "VmPoweredOnEvent", user="op")
    told.sample(1500, "sys.osUptime.latest", 360)
    assert [str(one.cause) for one in outages(told.ledger())] == ["power_off"]


def test_intervals_without_a_beat_after_one_with_beats_are_silence() -> None:
    told = running(watched=60)
    told.sample(900, "sys.heartbeat.summation", 60, interval=300)
    told.sample(1200, "sys.heartbeat.summation", 0, interval=300)
    told.sample(1500, "sys.heartbeat.summation", 10, interval=300)
    assert line(told.ledger()) == [UP, (900, "guest_silent", "hang"), (1200, "up", None)]


def test_a_guest_that_never_sent_a_beat_is_not_silent() -> None:
    told = running(watched=60)
    told.sample(1200, "sys.heartbeat.summation", 0, interval=300)
    assert line(told.ledger()) == [UP]


def test_a_migration_is_a_moment_and_not_an_outage() -> None:
    told = running()
    told.vm(1000, "DrsVmMigratedEvent", host="host-2")
    assert line(told.ledger()) == [UP]
    assert outages(told.ledger()) == ()
    assert [(one.at, str(one.cause)) for one in told.ledger().moments] == [(at(1000), "migration")]
