"""A recording played back in its own time."""

import gzip
import json
import threading
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from pyVmomi import vim

from agent.errors import AgentError
from agent.recording.file import RecordingWriter
from agent.recording.lines import End, Gone, Happened, Header, Line, Note, Properties, Samples, Whole
from agent.simulator.objects import Estate
from agent.simulator.replay.player import Player
from agent.simulator.vcenter import SimulatedVCenter
from tests.recorded import MOST_BYTES, recording_of
from tests.simulator.clients import connected, updates, wait
from tests.simulator.simulated_time import SimulatedTime
from tests.simulator.tiny_estate import tiny_estate

DAY_S = 86400.0
ROOT = Properties(type="Folder", moid="group-d1", values={"name": '<val xsi:type="xsd:string">Datacenters</val>'})
STARTED_S = SimulatedTime().now().timestamp()


def header(**changes: object) -> Header:
    values = {"started_s": STARTED_S, "clock_ahead_s": 0.0, "kind": "vcenter", "api": "8.0.3.0", "about": ""}
    return Header(program="0.1.0", anonymised=False, **{**values, **changes})


def recording(folder: Path, *lines: tuple[float, Line]) -> Path:
    """Lines, each at its seconds."""
    path, clock = folder / "made.cmrec", SimulatedTime()
    with RecordingWriter(path, MOST_BYTES, clock.monotonic) as writer:
        for at_s, line in lines:
            clock.advance(at_s - clock.monotonic())
            writer.write(line)
    return path


def power(moid: str, state: str) -> Properties:
    value = f'<val xsi:type="VirtualMachinePowerState">{state}</val>'
    return Properties(type="VirtualMachine", moid=moid, values={"runtime.powerState": value})


def played(player: Player) -> Estate:
    player.run(threading.Event())
    return player.estate


def test_what_happened_while_it_was_recorded_happens_again_at_its_distance_to_the_start(tmp_path: Path) -> None:
    path = recording(
        tmp_path,
        (0, header()),
        (1, ROOT),
        (2, power("vm-1", "poweredOn")),
        (5, Whole(objects=2)),
        (65, power("vm-1", "poweredOff")),
        (70, End(reason="time")),
    )
    clock = SimulatedTime()
    player = Player(path, clock)
    states = []
    states.append((clock.monotonic(), player.estate.get("vm-1", "runtime.powerState")))
    played(player)
    states.append((clock.monotonic(), player.estate.get("vm-1", "runtime.powerState")))
    assert states == [(0.0, "poweredOn"), (65.0, "poweredOff")]
    assert player.ended.is_set()


def test_a_client_that_waits_is_told_of_a_change_that_was_recorded(tmp_path: Path) -> None:
    start = [(0, header()), (1, ROOT), (1, power("vm-1", "poweredOn"))]
    folder = Properties(
        type="Folder",
        moid="group-d1",
        values={
            "childEntity": '<val xsi:type="ArrayOfManagedObjectReference">'
            '<ManagedObjectReference type="VirtualMachine">vm-1</ManagedObjectReference></val>'
        },
    )
    path = recording(tmp_path, *start, (1, folder), (2, Whole(objects=2)), (9, power("vm-1", "suspended")))
    player = Player(path, SimulatedTime())
    with SimulatedVCenter(player.estate) as vcenter, connected(vcenter) as client:
        collector = client.collector(vim.VirtualMachine, "runtime.powerState")
        first = wait(collector, "")
        played(player)
        assert updates(wait(collector, first.version)) == [("modify", "vm-1", {"runtime.powerState": "suspended"})]


def test_a_recording_can_be_played_faster_than_it_was(tmp_path: Path) -> None:
    start = [(0.0, header()), (1.0, ROOT), (1.0, power("vm-1", "poweredOn")), (5.0, Whole(objects=2))]
    path = recording(tmp_path, *start, (605.0, power("vm-1", "poweredOff")))
    clock = SimulatedTime()
    player = Player(path, clock, speed=60)
    began = player.estate.now()
    played(player)
    assert clock.monotonic() == 10.0
    assert player.estate.get("vm-1", "runtime.powerState") == "poweredOff"
    assert player.estate.now() - began == timedelta(minutes=10)


def test_all_times_are_moved_to_the_day_of_the_replay(tmp_path: Path) -> None:
    booted = Properties(
        type="VirtualMachine",
        moid="vm-1",
        values={"runtime.bootTime": '<val xsi:type="xsd:dateTime">2026-11-24T07:00:00.5Z</val>'},
    )
    child = '<val xsi:type="ArrayOfManagedObjectReference">{}</val>'.format(
        '<ManagedObjectReference type="VirtualMachine">vm-1</ManagedObjectReference>'
    )
    folder = Properties(type="Folder", moid="group-d1", values={"childEntity": child})
    event = Happened(
        event='<returnval xsi:type="VmPoweredOnEvent"><key>7</key><chainId>7</chainId>'
        "<createdTime>2026-11-24T07:00:00Z</createdTime><userName/><template>false</template></returnval>"
    )
    samples = Samples(
        type="VirtualMachine", moid="vm-1", interval_s=20, times=(int(STARTED_S) - 20,), series=((6, "", "812"),)
    )
    path = recording(
        tmp_path, (0, header()), (0, folder), (1, booted), (1, event), (1, samples), (10, Whole(objects=2))
    )
    clock = SimulatedTime()
    clock.advance(DAY_S + 10)
    player = Player(path, clock)
    with SimulatedVCenter(player.estate) as vcenter, connected(vcenter) as client:
        found = client.read(vim.VirtualMachine, "runtime.bootTime")["vm-1"]
        assert found["runtime.bootTime"].isoformat() == "2026-11-25T07:00:00.500000+00:00"
        assert client.content.eventManager.latestEvent.createdTime.isoformat() == "2026-11-25T07:00:00+00:00"
        spec = vim.PerformanceManager.QuerySpec(entity=vim.VirtualMachine("vm-1"), intervalId=20, format="normal")
        (answer,) = client.content.perfManager.QueryPerf([spec])
    assert [one.timestamp.timestamp() for one in answer.sampleInfo] == [STARTED_S - 20 + DAY_S]
    assert [(one.id.counterId, list(one.value)) for one in answer.value] == [(6, [812])]


def test_values_that_are_newer_than_the_type_tables_are_served_as_they_were_written(tmp_path: Path) -> None:
    strange = '<val xsi:type="VirtualMachineNewThing"><unheardOf>1</unheardOf></val>'
    later = '<val xsi:type="VirtualMachineNewThing"><unheardOf>2</unheardOf></val>'
    of_vm = {"type": "VirtualMachine", "moid": "vm-1"}
    path = recording(
        tmp_path,
        (0, header()),
        (0, ROOT),
        (1, Properties(**of_vm, values={"config.bootOptions": strange})),
        (2, Whole(objects=2)),
        (3, Properties(**of_vm, values={"config.bootOptions": later})),
    )
    player = Player(path, SimulatedTime())
    assert player.estate.entry("vm-1").verbatim == {"config.bootOptions": strange}
    version = player.estate.version
    played(player)
    assert player.estate.entry("vm-1").verbatim == {"config.bootOptions": later}
    assert player.estate.version > version


def test_an_event_of_a_new_class_comes_as_it_was_written(tmp_path: Path) -> None:
    written = (
        '<returnval xsi:type="VmTeleportedEvent"><key>9</key><chainId>9</chainId>'
        "<createdTime>2026-11-24T07:59:00Z</createdTime><userName>anna</userName><to>elsewhere</to></returnval>"
    )
    path = recording(tmp_path, (0, header()), (0, ROOT), (0, Happened(event=written)), (0, Whole(objects=1)))
    estate = Player(path, SimulatedTime()).estate
    assert [(one.key, one.eventTypeId) for one in estate.events] == [(9, "VmTeleportedEvent")]
    assert estate.recorded_events == {9: written}


def test_an_object_that_went_and_a_property_that_was_unset_are_gone(tmp_path: Path) -> None:
    of_vm = {"type": "VirtualMachine", "moid": "vm-1"}
    path = recording(
        tmp_path,
        (0, header()),
        (0, ROOT),
        (0, power("vm-1", "poweredOn")),
        (0, power("vm-2", "poweredOn")),
        (0, Whole(objects=3)),
        (1, Properties(**of_vm, unset=("runtime.powerState",))),
        (2, Gone(type="VirtualMachine", moid="vm-2")),
        (3, Note(text="vCenter could not be read: unreachable")),
    )
    estate = played(Player(path, SimulatedTime()))
    assert estate.get("vm-1", "runtime.powerState") is None
    assert "vm-2" not in estate


def test_what_the_account_could_not_read_cannot_be_read_in_the_replay(tmp_path: Path) -> None:
    estate = tiny_estate()
    with SimulatedVCenter(estate) as vcenter:
        vcenter.faults.deny(None, vim.VirtualMachine, "config.annotation", "VirtualMachine.Config.Annotation")
        path = recording_of(vcenter, SimulatedTime(), tmp_path)
    player = Player(path, SimulatedTime())
    with SimulatedVCenter(player.estate) as vcenter:
        player.attach(vcenter.faults.access)
        withheld = vcenter.faults.access.withheld
    vms = {moid: held for moid, held in withheld.items() if moid in estate.ids(vim.VirtualMachine)}
    assert len(vms) == len(estate.ids(vim.VirtualMachine))
    assert {tuple(held.items()) for held in vms.values()} == {
        (("config.annotation", "VirtualMachine.Config.Annotation"),)
    }


def test_a_recording_that_was_cut_off_is_played_as_far_as_it_goes(tmp_path: Path) -> None:
    path = recording(tmp_path, (0, header()), (0, ROOT), (0, power("vm-1", "poweredOn")))
    whole = path.read_bytes()
    path.write_bytes(whole[:-12])  # the end of gzip's last block, as where the writer was killed
    assert "group-d1" in Player(path, SimulatedTime()).estate


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([(0, ROOT)], "is no recording"),
        ([(0, header(format=99))], "has format 99, this program reads up to 1"),
        ([(0, header())], "ends before anything was read"),
        ([(0, header()), (0, power("vm-1", "poweredOn"))], "has no root folder"),
    ],
)
def test_what_cannot_be_replayed_is_said_in_one_line(
    tmp_path: Path, lines: list[tuple[float, Line]], problem: str
) -> None:
    path = recording(tmp_path, *lines)
    with pytest.raises(AgentError) as raised:
        Player(path, SimulatedTime())
    assert problem in raised.value.problem
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"not gzip", b"\x1f\x8b\x08\x00broken"])
def test_a_file_of_another_kind_is_no_recording(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(AgentError):
        Player(tmp_path / "other", SimulatedTime())


def test_a_replay_that_is_told_to_stop_plays_nothing_more(tmp_path: Path) -> None:
    later = (timedelta(hours=1).total_seconds(), power("vm-1", "poweredOff"))
    path = recording(tmp_path, (0, header()), (0, ROOT), (0, power("vm-1", "poweredOn")), (0, Whole(objects=2)), later)
    player, stop = Player(path, SimulatedTime()), threading.Event()
    stop.set()
    player.run(stop)
    assert player.estate.get("vm-1", "runtime.powerState") == "poweredOn"
    assert not player.ended.is_set()


def altered(random: Random, document: object) -> object:
    """A JSON document in which one thing, somewhere, is another one."""
    if random.random() < 0.25 or not isinstance(document, dict | list) or not document:
        return random.choice(
            [None, -1, 10**30, 1e300, "", "<a", "<val/>", "<val xsi:type='x'>1</val>", [], {}, ["a"], True]
        )
    if isinstance(document, list):
        place = random.randrange(len(document))
        return [*document[:place], altered(random, document[place]), *document[place + 1 :]]
    name = random.choice(list(document))
    return {**document, name: altered(random, document[name])}


def test_a_recording_that_was_altered_at_random_is_played_or_refused_in_one_line(tmp_path: Path) -> None:
    with SimulatedVCenter(tiny_estate(SimulatedTime().now)) as vcenter:
        path = recording_of(vcenter, SimulatedTime(), tmp_path)
    lines = gzip.decompress(path.read_bytes()).splitlines()
    random, refused = Random(5), 0
    for _ in range(60):
        place = random.randrange(len(lines))
        line = json.dumps(altered(random, json.loads(lines[place]))).encode()
        path.write_bytes(
            gzip.compress(b"\n".join([*lines[:place], line, *lines[place + 1 :]]) + b"\n", compresslevel=1)
        )
        try:
            played(Player(path, SimulatedTime()))
        except AgentError as error:
            refused += 1
            said = str(error)
            if "\n" in said or str(path) not in said:
                raise
    assert 3 < refused < 57
