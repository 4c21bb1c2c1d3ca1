"""A simulated vCenter with its estate and, on demand, the scenario that makes things happen in it."""

import contextlib
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import click

from agent.clock import Clock
from agent.dataclass import dataclass
from agent.errors import AgentError, PortInUse
from agent.simulator.estate import municipality, standalone_esxi
from agent.simulator.objects import Estate
from agent.simulator.replay.object_dump import estate_of_dump
from agent.simulator.replay.player import Player
from agent.simulator.scenario import Scenario
from agent.simulator.service import Kind
from agent.simulator.vcenter import SimulatedVCenter

TELL_FROM_VMS = 1000
"""From here on, it takes long enough to say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What to simulate, and where it listens; port 0 takes a free one.

    A standalone ESXi host has its few virtual machines, whatever `vms` is, and no scenario.
    """

    host: str = "127.0.0.1"
    port: int = 0
    vms: int = 80
    seed: int = 1
    kind: Kind = "vcenter"
    scenario: bool = True
    user: str = "checkmeter"
    password: str
    replay: Path | None = None
    """A recording, or a folder of `govc object.save`, in place of what is made up."""
    speed: float = 1.0
    """of a recording, and of the clock of what plays it back"""

    def tell(self, doing: str) -> None:
        """Say to who waits at a terminal what is taking so long."""
        if self.vms >= TELL_FROM_VMS and sys.stderr.isatty():
            click.echo(f"{doing} {self.vms} virtual machines …", err=True)

    @contextlib.contextmanager
    def run(self, clock: Clock) -> Iterator[SimulatedVCenter]:
        """The simulated vCenter, listening, and its scenario going on until the block is left.

        Raises:
            PortInUse: another process listens there.
            AgentError: a package is missing, or the recording cannot be replayed.
        """
        estate, kind, player = self._estate(clock)
        vcenter = SimulatedVCenter(estate, host=self.host, port=self.port, users={self.user: self.password}, kind=kind)
        try:
            vcenter.start()
        except OSError as error:
            raise PortInUse(
                f"cannot listen on {self.host}:{self.port}: {error.strerror}", cure="choose another --listen-address"
            ) from None
        ended = threading.Event()
        try:
            if player is not None:
                player.attach(vcenter.faults.access)
                threading.Thread(target=_play, args=(player, ended), name="replay", daemon=True).start()
            elif self.scenario and self.kind == "vcenter" and self.replay is None:
                scenario = Scenario(estate, self.seed)
                threading.Thread(target=scenario.run, args=(ended, clock), name="scenario", daemon=True).start()
            yield vcenter
        finally:
            ended.set()
            vcenter.stop()

    def _estate(self, clock: Clock) -> tuple[Estate, Kind, Player | None]:
        if self.replay is not None and self.replay.is_dir():
            return *estate_of_dump(self.replay, clock), None
        if self.replay is not None:
            player = Player(self.replay, clock, speed=self.speed)
            return player.estate, player.kind, player
        estate = Estate(self.seed, clock.now)
        if self.kind == "esxi":
            standalone_esxi(estate)
        else:
            self.tell("making")
            municipality(estate, vms=self.vms)
        return estate, self.kind, None


def _play(player: Player, stop: threading.Event) -> None:
    """Play to the end, and say to who reads along that it came."""
    try:
        player.run(stop)
    except AgentError as error:  # the file is damaged: what came before stands
        click.echo(f"error: {error}", err=True)
    if player.ended.is_set():
        click.echo("The recording has ended; everything stays as it was at its end.", err=True)
