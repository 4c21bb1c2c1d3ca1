"""A whole agent in this process that reads a simulated vCenter every second and loses no time between attempts."""

import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.cli.agent_process import AgentProcess
from agent.cli.options import DATABASE
from agent.config import Config, load
from agent.ledger.chain import verify
from agent.ledger.database import Database
from agent.model.world import Target
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.scenario_power import power_off, power_on
from agent.simulator.schema import id_of
from agent.simulator.vcenter import SimulatedVCenter

PASSWORD = "simulated"  # noqa: S105 - opens a vCenter that is made up
PATIENCE_S = 30.0
HURRY = 10.0


@dataclass
class HurriedClock:
    """The machine's clock, stepped where a test says so; waiting takes a tenth of the time."""

    step: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.step

    def monotonic(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        return stop.wait(max(0.0, seconds) / HURRY)


def configuration(vcenter: SimulatedVCenter, folder: Path) -> Config:
    """The configuration in a file, with the paces that a file may not have."""
    (folder / "ca.pem").write_bytes(vcenter.ca_pem)
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text(PASSWORD)
    file = folder / "checkmeter.yaml"
    file.write_text(
        f"vcenters:\n  - name: dc1\n    host: 127.0.0.1\n    port: {vcenter.port}\n    username: checkmeter\n"
        "    password_file: password\n    tls:\n      ca_file: ca.pem\n"
    )
    config = load(file, {})
    paces = {"interval": timedelta(seconds=1), "slow_interval": timedelta(seconds=3), "timeout": timedelta(seconds=2)}
    return config.model_copy(update={"vcenters": (config.vcenters[0].model_copy(update=paces),)})


@dataclass
class QuickAgent:
    """The agent, its vCenter, and what a test asks of both."""

    vcenter: SimulatedVCenter
    process: AgentProcess
    clock: HurriedClock
    folder: Path
    told: list[int] = field(default_factory=list)
    """keys of the events that vCenter made while a fault was on"""

    @property
    def target(self) -> Target:
        return self.process.world().targets["dc1"]

    @property
    def ledger(self) -> Path:
        return self.folder / "state" / DATABASE

    def get(self, path: str) -> str:
        url = f"http://{self.process.addresses[0].authority}{path}"
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            return answer.read().decode()

    def metric(self, pattern: str) -> float | None:
        found = re.search(rf"^{pattern} (\S+)$", self.get("/metrics"), re.MULTILINE)
        return float(found[1]) if found else None

    def until(self, condition: Callable[[], object], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end, f"waited {PATIENCE_S} s until {what}; the problem is {self.target.problem}"
            time.sleep(0.05)

    def until_read(self) -> None:
        """Until what vCenter is like now is in the world: a VM that is switched is seen to be."""
        vm = self.machine()
        switch = power_off if self.vcenter.estate.get(vm, "runtime.powerState") == "poweredOn" else power_on
        switch(self.vcenter.estate, vm)
        state = self.vcenter.estate.get(vm, "runtime.powerState")

        def seen() -> bool:
            inventory = self.target.inventory
            return self.target.up and inventory is not None and inventory.vms[vm].power_state == state

        self.until(seen, f"{vm} is seen {state}")

    def machine(self) -> str:
        """The VM that tests switch on and off."""
        return min(id_of(vm) for host in ("host-301",) for vm in self.vcenter.estate.get(host, "vm"))

    def happens_unseen(self) -> None:
        """A VM goes off and on: what the ledger has to know afterwards."""
        estate, vm = self.vcenter.estate, self.machine()
        before = len(estate.events)
        switches = (
            (power_off, power_on) if estate.get(vm, "runtime.powerState") == "poweredOn" else (power_on, power_off)
        )
        for switch in switches:
            switch(estate, vm)
        self.told += [event.key for event in estate.events[before:]]

    def unreadable(self, kind: str) -> None:
        """Until the fault is noticed; the pages are served and say so."""
        self.until(lambda: self.target.problem is not None and self.target.problem.kind == kind, f"it is {kind}")
        self.happens_unseen()
        self.until(lambda: self.metric(r'checkmeter_vcenter_up\{vcenter="dc1"\}') == 0.0, "the metric says so")
        assert self.target.problem is not None
        assert "dc1" in self.get("/")
        assert self.get("/healthz") == "alive\n"

    def recovers(self) -> None:
        """The fault is over: everything is read again, and what happened meanwhile is in the ledger."""
        self.vcenter.faults.clear()
        self.until_read()
        self.until(lambda: not self.unrecorded(), "what happened meanwhile is in the ledger")

    def unrecorded(self) -> set[int]:
        """What the ledger does not know of the events that vCenter made under faults."""
        database = Database(self.ledger)
        try:
            with database.reading() as connection:
                recorded = {key for (key,) in connection.execute("SELECT key FROM events")}
        finally:
            database.close()
        return set(self.told) - recorded

    def chain_is_whole(self) -> bool:
        database = Database(self.ledger)
        try:
            with database.reading() as connection:
                return verify(connection).found is None
        finally:
            database.close()


@contextmanager
def agent_at_work(folder: Path) -> Iterator[QuickAgent]:
    """Everything was read once."""
    clock = HurriedClock()
    estate = Estate(5, lambda: datetime.now(UTC))
    municipality(estate, vms=20)
    with SimulatedVCenter(estate, users={"checkmeter": PASSWORD}) as vcenter:
        config = configuration(vcenter, folder)
        with AgentProcess(config, [("127.0.0.1", 0)], clock, folder / "state") as process:
            agent = QuickAgent(vcenter, process, clock, folder)
            agent.until_read()
            yield agent
            vcenter.faults.clear()


def gone(url: str) -> bool:
    """Whether nobody answers there."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S):
            return False
    except (urllib.error.URLError, ConnectionError):
        return True
