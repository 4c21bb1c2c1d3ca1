"""A target whose evidence is written down, against a simulated vCenter, in a time that can be moved on."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from agent.collectors.events import EventCollector
from agent.collectors.inventory import InventoryCollector
from agent.collectors.observer import InventoryObserver
from agent.collectors.shared_session import SharedSession
from agent.collectors.slot import WorldSlot
from agent.ledger.database import Database
from agent.model.world import Target, World
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.endpoint import Endpoint
from tests.vcsim.server import Vcsim

PATIENCE_S = 30


class MovableClock:
    """The machine's time, moved on by as much as a test says."""

    def __init__(self) -> None:
        self.moved = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.moved)

    def monotonic(self) -> float:
        return time.monotonic() + self.moved

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        return stop.wait(max(0.0, seconds))


def estate_of(clock: MovableClock, vms: int = 20) -> Estate:
    estate = Estate(7, clock.now)
    municipality(estate, vms=vms)
    return estate


@dataclass(slots=True)
class Ledgering:
    """What runs; `query` asks the database as any other program could."""

    slot: WorldSlot
    database_file: Path

    @property
    def target(self) -> Target:
        return self.slot.read()[1].targets["dc1"]

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return query(self.database_file, sql, *values)

    def until(self, condition: Callable[[Target], object], what: str) -> Target:
        end = time.monotonic() + PATIENCE_S
        while True:
            revision, world = self.slot.read()
            target = world.targets["dc1"]
            if condition(target):
                return target
            assert time.monotonic() < end, f"waited until {what}: {target.problem} {target.ledger}"
            self.slot.wait_for_newer(revision, 0.1)

    def until_caught_up(self) -> Target:
        """Every event that is kept was read, in a round that began after this was called."""
        runs = self.target.collectors["events"].runs if "events" in self.target.collectors else 0
        return self.until(
            lambda target: (
                target.ledger.event_lag_s is not None
                and target.ledger.event_lag_s < 60
                and target.collectors["events"].runs > runs + 1
            ),
            "all events are read",
        )

    def until_row(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows, once there are some."""
        end = time.monotonic() + PATIENCE_S
        while not (rows := self.query(sql, *values)):
            assert time.monotonic() < end, f"waited for a row of {sql}"
            time.sleep(0.1)
        return rows


def query(database_file: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    database = Database(database_file)
    try:
        with database.reading() as connection:
            return connection.execute(sql, values).fetchall()
    finally:
        database.close()


@contextmanager
def ledgering(vcenter: SimulatedVCenter | Vcsim, folder: Path, clock: MovableClock) -> Iterator[Ledgering]:
    """Collect inventory and events into folder/checkmeter.db until the block ends."""
    theirs = isinstance(vcenter, Vcsim)
    endpoint = Endpoint(
        name="dc1",
        host="127.0.0.1",
        port=vcenter.port,
        username=vcenter.user if theirs else "checkmeter",
        fingerprint=vcenter.fingerprint if theirs else vcenter.fingerprint_sha256,
        interval_s=1.0,
        slow_interval_s=60.0,
        timeout_s=10.0,
    )
    password = vcenter.password if theirs else "simulated"
    slot = WorldSlot(
        World(
            version="test",
            started_at=clock.now(),
            targets={"dc1": Target(name="dc1", address=endpoint.address)},
        )
    )
    file, shared, stop = folder / "checkmeter.db", SharedSession(), threading.Event()
    collectors = (
        InventoryCollector(
            endpoint,
            lambda: password,
            lambda: 0,
            slot,
            clock,
            shared=shared,
            observer=InventoryObserver("dc1", file, slot, clock),
        ),
        EventCollector("dc1", shared, file, slot, clock, interval_s=0.2),
    )
    threads = [threading.Thread(target=one.run, args=(stop,)) for one in collectors]
    for thread in threads:
        thread.start()
    try:
        yield Ledgering(slot, file)
    finally:
        stop.set()
        shared.stop()
        for one in collectors:
            one.interrupt()
        for thread in threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive()
