"""Recordings of simulated vCenters, and what the agent reads of a vCenter, to hold a replay against the original."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from agent.clock import Clock
from agent.collectors.one_reading import look_once
from agent.collectors.recorder import Recorder, RecorderSettings
from agent.config.builds import load_builds
from agent.health.look import Look
from agent.model.counter_uses import DEFAULT_COUNTERS
from agent.recording.file import RecordingWriter
from agent.recording.lines import End, Line
from agent.recording.pseudonyms import Pseudonyms
from agent.simulator.replay.player import Player
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.anonymiser import Anonymiser
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.event_kinds import EVENT_KINDS

PASSWORD = "simulated"  # noqa: S105 - opens a vCenter that is made up
EVERYTHING = RecorderSettings(events_back=timedelta(days=30))
MOST_BYTES = 1 << 30
KEY = bytes(range(32))
COUNTERS = frozenset(use.name for uses in DEFAULT_COUNTERS.values() for use in uses)


def endpoint_of(vcenter: SimulatedVCenter, folder: Path) -> Endpoint:
    ca_file = folder / f"ca-{vcenter.port}.pem"
    ca_file.write_bytes(vcenter.ca_pem)
    return Endpoint(name="dc1", host="127.0.0.1", port=vcenter.port, username="checkmeter", ca_file=ca_file)


def recording_of(
    vcenter: SimulatedVCenter,
    clock: Clock,
    folder: Path,
    settings: RecorderSettings = EVERYTHING,
    *,
    seconds: float = 0,
    anonymised: bool = False,
) -> Path:
    """Record until `seconds` have passed on `clock`: 0 reads everything once."""
    path = folder / "out.cmrec"
    anonymiser = Anonymiser(Pseudonyms(KEY), names=anonymised, counters=COUNTERS)
    with RecordingWriter(path, MOST_BYTES, clock.monotonic) as writer:

        def write(line: Line) -> None:
            writer.write(anonymiser.line(line))

        recorder = Recorder(
            endpoint_of(vcenter, folder), lambda: PASSWORD, clock, write, settings, anonymised=anonymised
        )
        writer.write(End(reason=recorder.run(seconds, threading.Event())))
    return path


@contextmanager
def replayed(path: Path, clock: Clock) -> Iterator[tuple[SimulatedVCenter, Player]]:
    """The recording as a vCenter at the moment when everything had been read once; nothing is played yet."""
    player = Player(path, clock)
    with SimulatedVCenter(player.estate, kind=player.kind) as vcenter:
        player.attach(vcenter.faults.access)
        yield vcenter, player


def looked(vcenter: SimulatedVCenter, clock: Clock, folder: Path) -> Look:
    """Everything that the agent reads."""
    endpoint = endpoint_of(vcenter, folder)
    return look_once(endpoint, lambda: PASSWORD, clock, days=30, kinds=EVENT_KINDS, builds=load_builds())
