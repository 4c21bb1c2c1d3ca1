"""What the agent is measured against: a vCenter in a process of its own, so that the two sides' costs stay apart."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.agent.cli.invocation import running
from tests.vcsim.server import running as running_vcsim

SEED = 1
VCSIM_SHAPE = ("-clusters=3", "-cluster-hosts=3", "-standalone-hosts=1", "-machines=20")
"""Three clusters of three hosts and one host alone, 20 virtual machines on each of the four."""
VCSIM_VMS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running vCenter: its process, and the file that tells the agent where it is."""

    kind: str
    vms: int
    pid: int
    config_file: Path


@contextlib.contextmanager
def simulated(vms: int, folder: Path) -> Iterator[Server]:
    """`checkmeter simulate` with its scenario going on, so that there is something to read all the time."""
    ca_file = folder / "ca.pem"
    arguments = (f"--vms={vms}", f"--seed={SEED}", f"--ca-file={ca_file}", "--scenario")
    with running("simulate", "--listen-address=127.0.0.1:0", *arguments) as process:
        found = re.search(r":(\d+)/sdk\n +user (\S+), password (\S+)\n", process.wait_for("Ctrl-C ends it."))
        assert found is not None
        config_file = _configuration(folder, int(found[1]), found[2], found[3], f"ca_file: {ca_file.name}")
        yield Server(kind="simulated", vms=vms, pid=process.process.pid, config_file=config_file)
        process.end()


@contextlib.contextmanager
def vcsim(folder: Path, binary: Path) -> Iterator[Server]:
    """govmomi's simulated vCenter, which nobody of this project wrote; nothing happens in it."""
    with running_vcsim(binary, *VCSIM_SHAPE) as server:
        trust = f"fingerprint: '{server.fingerprint}'"
        config_file = _configuration(folder, server.port, server.user, server.password, trust)
        yield Server(kind="vcsim", vms=VCSIM_VMS, pid=server.pid, config_file=config_file)


def _configuration(folder: Path, port: int, user: str, password: str, trust: str) -> Path:
    """The shortest configuration, so that every interval is the one that users get."""
    password_file = folder / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    config_file = folder / "checkmeter.yaml"
    config_file.write_text(
        f"vcenters:\n  - name: bench\n    host: 127.0.0.1\n    port: {port}\n    username: {user}\n"
        f"    password_file: {password_file.name}\n    tls:\n      {trust}\n"
    )
    return config_file
