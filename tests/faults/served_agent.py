"""The real `checkmeter serve` in a process of its own, for faults of its machine and its clients."""

import contextlib
import re
import resource
import socket
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.cli.options import DATABASE
from agent.ledger.chain import verify
from agent.ledger.database import Database
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.cli.invocation import LIMIT_S, Running, running
from tests.faults.quick_agent import PASSWORD

PATIENCE_S = 30.0
started: list[Running] = []
"""every agent that ran under a fault: none may write a traceback"""


@dataclass(frozen=True)
class Served:
    """A running agent and where it answers."""

    running: Running
    address: tuple[str, int]
    state: Path

    @property
    def pid(self) -> int:
        return self.running.process.pid

    def get(self, path: str = "/metrics") -> str:
        host, port = self.address
        with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=PATIENCE_S) as answer:
            return answer.read().decode()

    def connect(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=PATIENCE_S)

    def until(self, line: str, path: str = "/metrics") -> None:
        """Until the page has this line, or what it begins with."""
        end = time.monotonic() + PATIENCE_S
        while not re.search(rf"^{re.escape(line)}", page := self.get(path), re.MULTILINE):
            assert time.monotonic() < end, f"no {line!r} in {page[:300]!r}…; {self.running.output[-2000:]}"
            time.sleep(0.1)

    def limit(self, what: int, most: int) -> None:
        """Set a resource limit of the running process; its hard limit stays."""
        hard = resource.prlimit(self.pid, what)[1]
        resource.prlimit(self.pid, what, (most, hard))


@contextlib.contextmanager
def simulated_vcenter() -> Iterator[SimulatedVCenter]:
    estate = Estate(5, lambda: datetime.now(UTC))
    municipality(estate, vms=20)
    with SimulatedVCenter(estate, users={"checkmeter": PASSWORD}) as vcenter:
        yield vcenter


def written_configuration(vcenter: SimulatedVCenter, folder: Path) -> Path:
    (folder / "ca.pem").write_bytes(vcenter.ca_pem)
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text(PASSWORD)
    file = folder / "checkmeter.yaml"
    file.write_text(
        f"vcenters:\n  - name: dc1\n    host: 127.0.0.1\n    port: {vcenter.port}\n    username: checkmeter\n"
        "    password_file: password\n    tls:\n      ca_file: ca.pem\n    interval: 10s\n    timeout: 5s\n"
    )
    return file


@contextlib.contextmanager
def served(config_file: Path, state: Path) -> Iterator[Served]:
    """An agent that has read its vCenter once."""
    listen = ("--web.listen-address", "127.0.0.1:0", "--storage.path", str(state))
    with running("serve", "--config.file", config_file, *listen) as process:
        started.append(process)
        said = process.wait_for("msg=listening")
        found = re.search(r"addresses=([\d.]+):(\d+)", said)
        assert found
        agent = Served(process, (found[1], int(found[2])), state)
        agent.until('checkmeter_vcenter_up{vcenter="dc1"} 1')
        yield agent


def chain_of(state: Path) -> tuple[int, bool]:
    """How many rows the ledger in `state` has, and whether each is as it was written."""
    database = Database(state / DATABASE)
    try:
        with database.reading() as connection:
            checked = verify(connection)
            return checked.seq, checked.found is None
    finally:
        database.close()


__all__ = ["LIMIT_S", "Served", "chain_of", "served", "simulated_vcenter", "written_configuration"]
