"""What is measured against: a vCenter in a process of its own, so that the two sides' costs stay apart."""

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.cli.demo_month.stage import set_the_stage
from agent.cli.endpoints import endpoint
from agent.clock import SystemClock
from agent.config import load
from tests.agent.cli.invocation import ROOT, environment
from tests.vcsim.server import counted, next_line, stop
from tests.vcsim.server import running as running_vcsim

SEED = 1
START_S_A_VM = 0.1
VCSIM_SHAPES: Mapping[int, tuple[str, ...]] = {
    20: ("-clusters=1", "-cluster-hosts=3", "-standalone-hosts=0", "-machines=20"),
    80: ("-clusters=3", "-cluster-hosts=3", "-standalone-hosts=1", "-machines=20"),
    1000: ("-clusters=4", "-cluster-hosts=10", "-standalone-hosts=0", "-machines=250"),
}
"""By number of virtual machines, which `machines` counts on each cluster and on each host that stands alone."""
VCSIM_CONTRACT = """\
apiVersion: checkmeter/v1
kind: VendorContract
metadata: {name: bench, revision: 1}
spec:
  parties: {customer: Eksempel Kommune, vendor: Drift A/S}
  validFrom: 2020-01-01
  timeZone: Europe/Copenhagen
  calendars: {always: {always: true}}
  serviceGroups:
    - {id: all, displayName: All, select: {folders: ["/DC0/vm/**"]}, calendar: always, aggregation: per-vm}
  claims:
    - id: avail
      clause: "7.5.1"
      says: Tilgængelighed på 99,9 % pr. server pr. måned
      measure: availability
      scope: {serviceGroup: all}
      target: {op: gte, value: 99.9, unit: percent}
"""
CADENCE = """\
    interval: {seconds}s
performance:
  interval: {seconds}s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a server has counted since its start."""

    calls: Mapping[str, int]
    """by operation"""
    sent_bytes: int
    """of all answers' bodies, as they went over the wire"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running vCenter, and the file that tells the agent where it is."""

    kind: str
    vms: int
    pid: int
    port: int
    user: str
    password: str
    config_file: Path
    state: Path
    """the agent's; may hold a month that it remembers"""
    counted: Callable[[], Counted]
    changing_percent: float | None = None
    cadence_s: int | None = None


@contextlib.contextmanager
def simulated(
    vms: int, folder: Path, *, changing: float | None = None, cadence_s: int | None = None, claims: bool = False
) -> Iterator[Server]:
    """The simulated vCenter with its scenario going on, so that there is something to read all the time.

    Args:
        vms: How many virtual machines.
        folder: An empty one.
        changing: Instead of the scenario, percent of the virtual machines that change each minute.
        cadence_s: How often the agent reads figures and counters; None: as it does by default.
        claims: Give the agent the demonstration's contract, and the month before as its ledger would have it.
    """
    ca_file = folder / "ca.pem"
    arguments = [f"--vms={vms}", f"--seed={SEED}", f"--ca-file={ca_file}"]
    if changing is not None:
        arguments.append(f"--changing={changing}")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.serving", *arguments],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        told = next_line(process, seconds=60 + START_S_A_VM * vms)
        config_file = _configuration(folder, told, f"ca_file: {ca_file.name}", cadence_s)
        state = folder / "state"
        if not claims:
            state.mkdir(mode=0o700)
        else:
            (vcenter,) = load(config_file).vcenters
            set_the_stage(state, folder / "contract", endpoint(vcenter), told["password"], SystemClock())
            _with_claims(config_file)
        yield Server(
            kind="simulated",
            vms=vms,
            pid=process.pid,
            port=told["port"],
            user=told["user"],
            password=told["password"],
            config_file=config_file,
            state=state,
            counted=lambda: Counted(**counted(process)),
            changing_percent=changing,
            cadence_s=cadence_s,
        )
    finally:
        stop(process)


@contextlib.contextmanager
def vcsim(vms: int, folder: Path, binary: Path) -> Iterator[Server]:
    """govmomi's simulated vCenter, which nobody of this project wrote; nothing happens in it."""
    with running_vcsim(binary, *VCSIM_SHAPES[vms]) as server:
        told = {"port": server.port, "user": server.user, "password": server.password}
        config_file = _configuration(folder, told, f"fingerprint: '{server.fingerprint}'")
        (folder / "contract").mkdir()
        (folder / "contract/contract.yaml").write_text(VCSIM_CONTRACT)
        _with_claims(config_file)
        (folder / "state").mkdir(mode=0o700)
        yield Server(
            kind="vcsim",
            vms=vms,
            pid=server.pid,
            port=server.port,
            user=server.user,
            password=server.password,
            config_file=config_file,
            state=folder / "state",
            counted=lambda: Counted(**server.counted()),
        )


def _configuration(folder: Path, told: Mapping[str, Any], trust: str, cadence_s: int | None = None) -> Path:
    """The shortest configuration, so that every interval is the one that users get."""
    password_file = folder / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(told["password"])
    settings = CADENCE.format(seconds=cadence_s) if cadence_s is not None else ""
    config_file = folder / "checkmeter.yaml"
    config_file.write_text(
        f"vcenters:\n  - name: bench\n    host: 127.0.0.1\n    port: {told['port']}\n    username: {told['user']}\n"
        f"    password_file: {password_file.name}\n    tls:\n      {trust}\n{settings}"
    )
    return config_file


def _with_claims(config_file: Path) -> None:
    config_file.write_text(config_file.read_text() + "claims:\n  folder: contract\n")
