"""A recording of what happens: changes and events as they come, a session that is lost, a vCenter that goes away."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyVmomi import vim

from agent.clock import SystemClock
from agent.collectors.recorder import Recorder, RecorderSettings
from agent.collectors.sample_recorder import SampleRecorder
from agent.errors import LoginRefused
from agent.model.counter_uses import DEFAULT_COUNTERS
from agent.recording.file import RecordingWriter
from agent.recording.lines import End, Gone, Happened, Header, Line, Note, Properties, Samples, Tags, Whole
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.replay.player import Player
from agent.simulator.replay.values import event_of
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.session import connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport
from tests.recorded import MOST_BYTES, PASSWORD, endpoint_of, looked
from tests.simulator.simulated_time import SimulatedTime
from tests.simulator.tiny_estate import tiny_estate

PATIENCE_S = 30


class ImpatientClock(SystemClock):
    """The machine's clock, but nobody waits long on it."""

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        return stop.wait(min(seconds, 0.05))


class Recording:
    """A recorder at work in a thread of its own; `lines` are those that it has written."""

    def __init__(
        self, vcenter: SimulatedVCenter, folder: Path, settings: RecorderSettings, passwords: list[str]
    ) -> None:
        self.path = folder / "over-time.cmrec"
        self.lines: list[Line] = []
        self.reason = ""
        self.stop = threading.Event()
        self._clock = ImpatientClock()
        self._writer = RecordingWriter(self.path, MOST_BYTES, self._clock.monotonic)
        endpoint = replace(endpoint_of(vcenter, folder), interval_s=0.3, slow_interval_s=0.6, timeout_s=10.0)
        self.recorder = Recorder(endpoint, lambda: passwords[0], self._clock, self._write, settings)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def until(self, condition: Callable[[list[Line]], object], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not condition(list(self.lines)):
            assert time.monotonic() < end, f"waited until {what}"
            assert self._thread.is_alive() or condition(list(self.lines)), f"it ended before {what}"
            time.sleep(0.01)

    def end(self) -> None:
        self.stop.set()
        self.recorder.interrupt()
        self.ended()

    def ended(self) -> None:
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()

    def _write(self, line: Line) -> None:
        self._writer.write(line)
        self.lines.append(line)

    def _run(self) -> None:
        self.reason = self.recorder.run(3600, self.stop)
        self._write(End(reason=self.reason))
        self._writer.close()


@contextmanager
def recording(
    estate: Estate, folder: Path, *, passwords: list[str] | None = None, **settings: object
) -> Iterator[tuple[SimulatedVCenter, Recording]]:
    with SimulatedVCenter(estate) as vcenter:
        made = Recording(vcenter, folder, RecorderSettings(events_every_s=0.2, **settings), passwords or [PASSWORD])
        try:
            made.until(lambda lines: any(isinstance(one, Whole) for one in lines), "everything is read once")
            yield vcenter, made
        finally:
            made.end()


def of_kind(lines, kind):
    return [one for one in lines if isinstance(one, kind)]


def running_vm(estate: Estate) -> str:
    return next(
        moid
        for moid in estate.ids(vim.VirtualMachine)
        if estate.get(moid, "runtime.powerState") == "poweredOn"
        and estate.get(moid, "runtime.connectionState") == "connected"
    )


def power_off(estate: Estate, vm: str, when: datetime | None = None) -> None:
    """Its state and its event."""
    estate.set(vm, "runtime.powerState", "poweredOff")
    about = vim.event.VmEventArgument(name="srv", vm=vim.VirtualMachine(vm))
    estate.event(vim.event.VmPoweredOffEvent(vm=about, template=False, createdTime=when or estate.now()))


def told(lines: list[Line], moid: str, path: str) -> list[str]:
    return [one.values[path] for one in of_kind(lines, Properties) if one.moid == moid and path in one.values]


def test_what_happens_is_recorded_as_it_happens_and_played_back(tmp_path: Path) -> None:
    estate = tiny_estate()
    vm = running_vm(estate)
    with recording(estate, tmp_path) as (_, made):
        power_off(estate, vm)
        key = estate.events[-1].key
        made.until(lambda lines: "poweredOff" in told(lines, vm, "runtime.powerState")[-1], "it is off")
        made.until(lambda lines: any(f"<key>{key}</key>" in one.event for one in of_kind(lines, Happened)), "the event")
    assert made.reason == "stopped"
    player = Player(made.path, SimulatedTime())
    assert player.estate.get(vm, "runtime.powerState") == "poweredOn"
    assert key not in {one.key for one in player.estate.events}
    player.run(threading.Event())
    assert player.estate.get(vm, "runtime.powerState") == "poweredOff"
    assert key in {one.key for one in player.estate.events}


def test_what_does_not_change_is_written_once(tmp_path: Path) -> None:
    estate = tiny_estate()
    with recording(estate, tmp_path) as (vcenter, made):
        before = vcenter.calls["RetrievePropertiesEx"]
        made.until(lambda _: vcenter.calls["RetrievePropertiesEx"] > before + 6, "it was read some more times")
    seen = set()
    for line in of_kind(made.lines, Properties):
        for path, value in line.values.items():
            assert (line.moid, path, value) not in seen
            seen.add((line.moid, path, value))
    keys = [one.event.partition("<key>")[2].partition("<")[0] for one in of_kind(made.lines, Happened)]
    assert len(keys) == len(set(keys))


def test_a_lost_session_is_followed_by_a_new_one_and_what_went_meanwhile_is_gone(tmp_path: Path) -> None:
    estate = tiny_estate()
    vm = running_vm(estate)
    folder = estate.get(vm, "parent")._moId
    with recording(estate, tmp_path) as (vcenter, made):
        vcenter.faults.restart(0.3)
        estate.set(folder, "childEntity", [one for one in estate.get(folder, "childEntity") if one._moId != vm])
        estate.remove(vm)
        made.until(lambda lines: vm in {one.moid for one in of_kind(lines, Gone)}, "it is gone")
        made.until(lambda lines: f">{vm}<" not in told(lines, folder, "childEntity")[-1], "it hangs nowhere")
    assert {one.text.partition(":")[0] for one in of_kind(made.lines, Note)} == {"vCenter could not be read"}
    assert len(of_kind(made.lines, Header)) == 1
    player = Player(made.path, SimulatedTime())
    assert vm in player.estate
    player.run(threading.Event())
    assert vm not in player.estate
    assert vm not in [one._moId for one in player.estate.get(folder, "childEntity")]


def test_a_password_that_is_refused_meanwhile_ends_the_recording_at_once(tmp_path: Path) -> None:
    estate, passwords = tiny_estate(), [PASSWORD]
    with recording(estate, tmp_path, passwords=passwords) as (vcenter, made):
        logins = vcenter.calls["Login"]
        passwords[0] = "not any more"
        vcenter.faults.kill_sessions()
        made.ended()
        assert vcenter.calls["Login"] == logins + 1
    assert made.lines[-1] == End(reason="lost")
    assert Player(made.path, SimulatedTime()).estate.ids(vim.VirtualMachine)


def test_a_password_that_is_refused_at_first_is_an_error(tmp_path: Path) -> None:
    with SimulatedVCenter(tiny_estate()) as vcenter:
        recorder = Recorder(
            endpoint_of(vcenter, tmp_path), lambda: "wrong", SystemClock(), lambda _: None, RecorderSettings()
        )
        with pytest.raises(LoginRefused):
            recorder.run(1, threading.Event())
        assert vcenter.calls["Login"] == 1


def test_samples_are_written_once_also_where_readings_overlap(tmp_path: Path) -> None:
    clock, lines = SimulatedTime(), []
    estate = Estate(7, clock.now)
    municipality(estate, vms=20)
    with SimulatedVCenter(estate) as vcenter:
        endpoint = endpoint_of(vcenter, tmp_path)
        inventory = looked(vcenter, clock, tmp_path).inventory
        session = connect(Stub(Transport(endpoint, clock)), endpoint.username, PASSWORD, clock)
        recorder = SampleRecorder(DEFAULT_COUNTERS, {"vm": frozenset({"net"})}, lines.append)
        for _ in range(3):
            for real_time in (True, False):
                recorder.read(session, inventory, int(clock.now().timestamp()), real_time=real_time)
            clock.advance(60)
        session.close()
    seen = set()
    for line in lines:
        for counter, instance, values in line.series:
            for at, value in zip(line.times, values.split(","), strict=True):
                if value != "-1":
                    assert (line.moid, line.interval_s, counter, instance, at) not in seen
                    seen.add((line.moid, line.interval_s, counter, instance, at))
    assert {instance for moid, _, counter, instance, _ in seen if (moid, counter) == (running_vm(estate), 462)} - {""}
    vm = running_vm(estate)
    times = sorted({at for moid, _, counter, _, at in seen if (moid, counter) == (vm, 6)})
    assert times == list(range(times[0], times[0] + 20 * len(times), 20))
    assert times[-1] == int(clock.now().timestamp()) - 60
    assert len(times) > 15


def test_without_counters_no_sample_is_asked_for(tmp_path: Path) -> None:
    with recording(tiny_estate(), tmp_path, counters=None) as (vcenter, made):
        assert vcenter.calls["QueryPerf"] == 0
    assert of_kind(made.lines, Samples) == []


def test_events_go_back_as_far_as_was_asked(tmp_path: Path) -> None:
    estate = tiny_estate()
    for days in (5, 1):
        power_off(estate, running_vm(estate), estate.now() - timedelta(days=days))
    with recording(estate, tmp_path, events_back=timedelta(days=3)) as (_, made):
        pass
    since = estate.now() - timedelta(days=3)
    written = [event_of(one.event) for one in of_kind(made.lines, Happened)]
    assert written
    assert all(one.createdTime > since for one in written)


def test_tags_of_the_categories_that_were_named_are_recorded_and_served_again(tmp_path: Path) -> None:
    estate = tiny_estate()
    category = estate.tagging.category("Owner")
    vm = running_vm(estate)
    estate.tagging.attach(estate.tagging.tag(category, "Schools"), "VirtualMachine", vm)
    with recording(estate, tmp_path, categories=("Owner",)) as (_, made):
        pass
    (line, *_) = of_kind(made.lines, Tags)
    assert line.tags == {vm: (("Owner", "Schools"),)}
    tagging = Player(made.path, SimulatedTime()).estate.tagging
    assert [one["name"] for one in tagging.categories.values()] == ["Owner"]
    assert [one for held in tagging.attached.values() for one in held] == [{"type": "VirtualMachine", "id": vm}]
