"""Power and guest actions: the state they leave and the events they post, in order."""

import pytest
from pyVmomi import vim

from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.scenario_power import (
    guest_crash,
    guest_reboot,
    guest_shutdown,
    guest_started,
    heartbeat_lost,
    power_off,
    power_on,
    reset,
    suspend,
    tools_stop,
)
from agent.simulator.schema import id_of
from tests.simulator.simulated_time import SimulatedTime

VENDOR = "KOMMUNE\\drift-vagt"


class Site:
    def __init__(self):
        self.time = SimulatedTime()
        self.estate = Estate(7, self.time.now)
        municipality(self.estate, vms=40)
        self.vm = next(
            vm
            for vm in self.estate.ids(vim.VirtualMachine)
            if self.estate.get(vm, "guestHeartbeatStatus") == "green" and not self.estate.get(vm, "snapshot")
        )
        self.time.advance(60)
        self._seen = len(self.estate.events)

    def get(self, path):
        return self.estate.get(self.vm, path)

    def events(self):
        """The names of the events since the last call."""
        fresh = self.estate.events[self._seen :]
        self._seen += len(fresh)
        return [getattr(event, "eventTypeId", type(event).__name__.rpartition(".")[2]) for event in fresh]

    @property
    def free(self):
        return self.estate.get(id_of(self.get("datastore")[0]), "summary.freeSpace")


@pytest.fixture
def site():
    return Site()


def test_a_power_off_clears_the_boot_time_and_silences_the_guest(site):
    free, swap = site.free, site.get("config.hardware.memoryMB") * 1024**2
    power_off(site.estate, site.vm, user=VENDOR)
    assert site.events() == ["VmStoppingEvent", "VmPoweredOffEvent"]
    assert site.estate.events[-1].userName == VENDOR
    assert site.estate.events[-1].chainId == site.estate.events[-2].key
    for path in ("runtime", "summary.runtime"):
        assert site.get(f"{path}.powerState") == "poweredOff"
        assert site.get(f"{path}.bootTime") is None
        assert site.get(f"{path}.cleanPowerOff") is True
    assert site.get("guest.toolsRunningStatus") == "guestToolsNotRunning"
    assert (site.get("guest.disk"), site.get("guest.ipAddress")) == ([], None)
    assert site.get("guestHeartbeatStatus") == "gray"
    assert site.get("summary.quickStats.overallCpuUsage") == 0
    assert site.free - free == swap


def test_a_power_on_boots_now_and_the_guest_says_what_it_said_before(site):
    before = (str(site.get("guest.disk")), site.get("guest.ipAddress"), site.get("guest.hostName"), site.free)
    power_off(site.estate, site.vm)
    site.events()
    site.time.advance(90)
    power_on(site.estate, site.vm, guest=False)
    assert site.events() == ["VmStartingEvent", "VmPoweredOnEvent"]
    assert site.get("runtime.bootTime") == site.time.now()
    assert site.get("runtime.cleanPowerOff") is None
    assert site.get("guestHeartbeatStatus") == "gray"
    guest_started(site.estate, site.vm)
    assert site.get("guestHeartbeatStatus") == "green"
    assert (str(site.get("guest.disk")), site.get("guest.ipAddress"), site.get("guest.hostName"), site.free) == before


def test_a_guest_that_is_off_does_not_start(site):
    power_off(site.estate, site.vm)
    guest_started(site.estate, site.vm)
    assert site.get("guestHeartbeatStatus") == "gray"


def test_a_suspend_and_resume_keep_the_boot_time(site):
    boot = site.get("runtime.bootTime")
    suspend(site.estate, site.vm)
    assert site.events() == ["VmSuspendingEvent", "VmSuspendedEvent"]
    assert site.get("runtime.powerState") == "suspended"
    assert site.get("runtime.suspendTime") == site.time.now()
    assert "suspend" in {file.type for file in site.get("layoutEx.file")}
    site.time.advance(600)
    power_on(site.estate, site.vm)
    assert site.events() == ["VmResumingEvent", "VmPoweredOnEvent"]
    assert site.get("runtime.bootTime") == boot
    assert site.get("runtime.suspendTime") is None
    assert "suspend" not in {file.type for file in site.get("layoutEx.file")}


def test_a_guest_shutdown_is_somebodys_request_and_the_guests_own_power_off(site):
    guest_shutdown(site.estate, site.vm, user=VENDOR)
    assert site.events() == ["VmGuestShutdownEvent", "VmPoweredOffEvent"]
    assert [event.userName for event in site.estate.events[-2:]] == [VENDOR, ""]
    assert site.get("runtime.powerState") == "poweredOff"


@pytest.mark.parametrize(("action", "event"), [(reset, "VmResettingEvent"), (guest_reboot, "VmGuestRebootEvent")])
def test_a_reset_or_guest_reboot_leaves_power_and_boot_time(site, action, event):
    boot = site.get("runtime.bootTime")
    action(site.estate, site.vm, guest=False)
    assert site.events() == [event]
    assert site.get("runtime.powerState") == "poweredOn"
    assert site.get("runtime.bootTime") == boot
    assert site.get("guest.guestState") == "notRunning"
    guest_started(site.estate, site.vm)
    assert site.get("guest.guestState") == "running"


def test_a_crashed_guest_is_on_and_does_not_answer_until_it_boots_again(site):
    guest_crash(site.estate, site.vm)
    assert site.events() == ["VmGuestOSCrashedEvent"]
    assert site.get("guest.guestKernelCrashed") is True
    assert site.get("guestHeartbeatStatus") == "red"
    assert site.get("runtime.powerState") == "poweredOn"
    reset(site.estate, site.vm)
    assert site.get("guest.guestKernelCrashed") is False
    assert site.get("guestHeartbeatStatus") == "green"


def test_tools_stop_without_an_event_and_a_hang_shows_in_the_heartbeat_only(site):
    tools_stop(site.estate, site.vm)
    assert site.get("guest.toolsStatus") == site.get("summary.guest.toolsStatus") == "toolsNotRunning"
    assert site.get("guestHeartbeatStatus") == "gray"
    guest_started(site.estate, site.vm)
    heartbeat_lost(site.estate, site.vm)
    assert site.get("guestHeartbeatStatus") == site.get("summary.quickStats.guestHeartbeatStatus") == "red"
    assert site.get("guest.guestState") == "running"
    assert site.events() == []


def test_only_what_changed_gets_a_new_version(site):
    version = site.estate.version
    power_off(site.estate, site.vm)
    entry = site.estate.entry(site.vm)
    paths = ("runtime.powerState", "runtime.bootTime", "runtime.host", "name", "config.hardware.numCPU")
    assert entry.touched_since(version, paths) == ["runtime.powerState", "runtime.bootTime"]
