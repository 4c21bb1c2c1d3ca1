"""vmware_exporter 0.18.4 itself and the agent, pointed at the same vCenter; their pages family by family."""

import contextlib
import fcntl
import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from agent.cli.agent_process import AgentProcess
from agent.cli.options import ListenAddress
from agent.clock import SystemClock
from agent.config import load
from tests.tools import do_without
from tests.vcsim.server import cache_folder

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
INSTALL_S = 240
START_S = 60
Series = Mapping[frozenset[tuple[str, str]], float]
Page = Mapping[str, Series]


@dataclass(frozen=True, slots=True, kw_only=True)
class VCenter:
    """Where both look."""

    host: str
    port: int
    user: str
    password: str
    ca_pem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One family on both pages: how many series each has, and how many have the same labels and the same value."""

    name: str
    theirs: int
    ours: int
    same_labels: int
    same_values: int

    @property
    def equal(self) -> bool:
        return self.theirs == self.ours == self.same_labels == self.same_values

    @property
    def is_counter(self) -> bool:
        return self.name.endswith(("_summation", "_average", "_latest"))


def environment(folder: Path | None = None) -> Path:
    """The folder of an environment with that program in it, made where there is none and kept from run to run.

    The test is skipped, with one line, where its packages cannot be had.
    """
    cache = folder or cache_folder()
    if cache is None:
        do_without("needs a cache folder to keep vmware_exporter in")
    digest = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:16]
    made = cache / f"vmware_exporter-{digest}"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # pytest-xdist runs several processes; one of them installs
        if not (made / "installed").exists():
            _install(made)
    return made


def _install(made: Path) -> None:
    python = made / "bin/python"
    for command in (
        [sys.executable, "-m", "venv", "--clear", made],
        [python, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-r", REQUIREMENTS],
    ):
        try:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=INSTALL_S,
                check=True,
            )
        except subprocess.TimeoutExpired:
            do_without(f"needs vmware_exporter 0.18.4, whose installation did not end within {INSTALL_S} s")
        except subprocess.CalledProcessError as error:
            last = error.stdout.strip().splitlines()[-1:] or ["no message"]
            do_without(f"needs vmware_exporter 0.18.4, which pip could not install: {last[0]}")
    (made / "installed").touch()


def theirs(vcenter: VCenter, *, query: str = "", **extra: str) -> Page:
    """What vmware_exporter serves of `vcenter`, with all that it can fetch but tags."""
    port = free_port()
    variables = {
        "VSPHERE_HOST": f"{vcenter.host}:{vcenter.port}",
        "VSPHERE_USER": vcenter.user,
        "VSPHERE_PASSWORD": vcenter.password,
        "VSPHERE_IGNORE_SSL": "True",
        "VSPHERE_FETCH_ALARMS": "True",
        **extra,
    }
    process = subprocess.Popen(
        [environment() / "bin/vmware_exporter", "--address", "127.0.0.1", "--port", str(port)],
        env={"PATH": os.environ["PATH"], **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_open(port, process)
        return read(_get(f"http://127.0.0.1:{port}/metrics{query}"))
    finally:
        process.kill()
        process.wait(START_S)


def ours(vcenter: VCenter, folder: Path, more: str = "") -> Page:
    """What the agent serves of it under those names; `more` are lines of the configuration."""
    with agent(vcenter, folder, more) as address:
        return read(_get(f"http://{address}/metrics/vmware_exporter?target={vcenter.host}"))


@contextlib.contextmanager
def agent(vcenter: VCenter, folder: Path, more: str = "") -> Iterator[str]:
    """An agent that has read `vcenter` and its counters; gives its address."""
    (folder / "ca.pem").write_text(vcenter.ca_pem)
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text(vcenter.password)
    (folder / "checkmeter.yaml").write_text(
        f"vcenters:\n  - name: default\n    host: {vcenter.host}\n    port: {vcenter.port}\n"
        f"    username: {vcenter.user}\n    password_file: password\n    tls:\n      ca_file: ca.pem\n"
        f"    vmware_exporter:\n      enabled: true\n      alarms: true\n{more}"
    )
    config = load(folder / "checkmeter.yaml", {})
    stop = threading.Event()
    with AgentProcess(config, [ListenAddress("127.0.0.1", 0)], SystemClock(), folder / "state") as process:
        assert process.wait_until_read(START_S, stop)
        deadline = time.monotonic() + START_S
        while not _read(process) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert _read(process), "no counters, or no tags, were read"
        yield process.addresses[0].authority


def _read(process: AgentProcess) -> bool:
    target = process.world().targets["default"]
    counted = target.performance is not None and bool(target.performance.entities.get("host"))
    return counted and (target.labelling.tags is not None or not target.labelling.categories)


def read(text: str) -> Page:
    """A page as series by family."""
    return {
        family.name: {frozenset(sample.labels.items()): sample.value for sample in family.samples}
        for family in text_string_to_metric_families(text)
    }


def labels(page: Page) -> Mapping[str, set[tuple[str, ...]]]:
    """The label names of each family that has a sample."""
    return {
        name: {tuple(sorted(label for label, _ in one)) for one in series} for name, series in page.items() if series
    }


def differences(before: Page, after: Page) -> list[Difference]:
    """Every family of either page, by name."""
    return [_difference(name, before.get(name, {}), after.get(name, {})) for name in sorted({*before, *after})]


def _difference(name: str, before: Series, after: Series) -> Difference:
    both = before.keys() & after.keys()
    return Difference(
        name=name,
        theirs=len(before),
        ours=len(after),
        same_labels=len(both),
        same_values=sum(abs(before[one] - after[one]) <= 1e-9 * abs(before[one]) for one in both),
    )


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=START_S) as answer:
        text: str = answer.read().decode()
        return text


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _wait_until_open(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert process.poll() is None, f"vmware_exporter ended with {process.returncode}"
        try:
            _get(f"http://127.0.0.1:{port}/healthz")
        except urllib.error.URLError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("vmware_exporter did not start")
