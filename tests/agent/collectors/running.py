"""An inventory collector at work against a simulated vCenter, and ways to wait for what it publishes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.collectors.inventory import InventoryCollector
from agent.collectors.slot import WorldSlot
from agent.model.world import Target, World
from agent.simulator.estate import municipality, standalone_esxi
from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.endpoint import Endpoint

PATIENCE_S = 20


def new_estate(kind: str = "vcenter", vms: int = 20) -> Estate:
    estate = Estate(7, SystemClock().now)
    if kind == "esxi":
        standalone_esxi(estate)
    else:
        municipality(estate, vms=vms)
    return estate


@dataclass(slots=True)
class Running:
    """A target under collection. `password` may be changed; the collector notices as it would a changed file."""

    name: str
    slot: WorldSlot
    collector: InventoryCollector
    password: list[str]

    @property
    def target(self) -> Target:
        return self.slot.read()[1].targets[self.name]

    def never(self, condition: Callable[[Target], object], seconds: float) -> None:
        """Watch for `seconds` that it does not do what it must not."""
        with pytest.raises(AssertionError, match="waited"):
            self.until(condition, "it misbehaves", seconds)

    def until(self, condition: Callable[[Target], object], what: str, patience_s: float = PATIENCE_S) -> Target:
        """Wait until the published target satisfies `condition`."""
        end = time.monotonic() + patience_s
        while True:
            revision, world = self.slot.read()
            target = world.targets[self.name]
            if condition(target):
                return target
            assert time.monotonic() < end, f"waited {patience_s} s until {what}; the problem is {target.problem}"
            self.slot.wait_for_newer(revision, 0.2)

    def until_up(self) -> Target:
        return self.until(lambda target: target.up and target.collectors["slow"].last_success, "everything is read")


@contextmanager
def collecting(
    port: int, ca_pem: bytes, folder: Path, *, password: str = "simulated", **options: object
) -> Iterator[Running]:
    """Collect from 127.0.0.1:port until the block ends."""
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(ca_pem)
    values = {"interval_s": 1.0, "slow_interval_s": 2.0, "timeout_s": 10.0, "ca_file": ca_file, **options}
    endpoint = Endpoint(name="dc1", host="127.0.0.1", port=port, username="checkmeter", **values)
    clock = SystemClock()
    target = Target(name="dc1", address=endpoint.address)
    slot = WorldSlot(World(version="test", started_at=clock.now(), targets={"dc1": target}))
    passwords = [password]
    collector = InventoryCollector(endpoint, lambda: passwords[0], lambda: passwords[0], slot, clock)
    stop = threading.Event()
    thread = threading.Thread(target=collector.run, args=(stop,))
    thread.start()
    try:
        yield Running("dc1", slot, collector, passwords)
    finally:
        stop.set()
        collector.interrupt()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@contextmanager
def simulated(
    folder: Path, *, estate: Estate | None = None, kind: str = "vcenter", **options: object
) -> Iterator[tuple[SimulatedVCenter, Running]]:
    """A simulated vCenter with a collector on it, everything read once."""
    with (
        SimulatedVCenter(estate or new_estate(kind), kind=kind) as vcenter,
        collecting(vcenter.port, vcenter.ca_pem, folder, **options) as running,
    ):
        running.until_up()
        yield vcenter, running
