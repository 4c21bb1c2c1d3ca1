"""The agent and what is measured beside it, each as a user runs it, in a process of its own."""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.agent.cli.invocation import ROOT, running
from tests.bench.client import Client, read
from tests.bench.servers import Server
from tests.exporters.vmware_exporter.side_by_side import environment, free_port
from tests.vcsim.server import binary_in, built_in, cache_folder

TELEGRAF_SOURCE = Path(__file__).with_name("telegraf")
END_S = 30
SLOWEST_SCRAPE_S = 900
"""vmware_exporter reads all of vCenter meanwhile."""
TELEGRAF_FRAME = """\
[agent]
  interval = "60s"
  round_interval = false
  flush_interval = "1s"
  omit_hostname = true
[[outputs.prometheus_client]]
  listen = "127.0.0.1:{port}"
  expiration_interval = "6m"
  write_timeout = "10m"
  collectors_exclude = ["gocollector", "process"]
"""
"""Figures of clusters and datastores come every five minutes and are to stay as long; a page of 5,000 VMs takes longer than the
ten seconds after which it closes the connection; the rest is its default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A running program that serves /metrics."""

    name: str
    pid: int
    client: Client
    ready: Callable[[], bool]
    """whether its page is complete; AssertionError when it has ended"""
    reads_when_asked: bool
    """vmware_exporter reads vCenter at each scrape and not otherwise"""
    scrapes_a_s: float
    complained: Callable[[], str]
    """what it said of being late, empty if nothing"""


Starting = Callable[[Server, Path], contextlib.AbstractContextManager[Program]]


@contextlib.contextmanager
def checkmeter(server: Server, folder: Path) -> Iterator[Program]:
    """The agent, with everything that it does by itself."""
    del folder  # all it needs is the server's
    _compile()
    arguments = ("serve", f"--config.file={server.config_file}", "--web.listen-address=127.0.0.1:0")
    with running(*arguments, STATE_DIRECTORY=str(server.state), MALLOC_ARENA_MAX="1") as agent:  # as the unit has it
        address = re.search(r"addresses=(127\.0\.0\.1:\d+)", agent.wait_for("msg=listening"))
        assert address is not None
        client = Client(f"http://{address[1]}")
        yield Program(
            name="checkmeter",
            pid=agent.process.pid,
            client=client,
            ready=lambda: client.get("/readyz")[0] == 200,
            reads_when_asked=False,
            scrapes_a_s=20,
            complained=lambda: "",
        )
        client.close()
        assert agent.end() == 0, agent.output


@cache
def _compile() -> None:
    """As an installed package is. Else each start compiles what changed since: 0.2 s where all of it did."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", "agent", "exporters"], cwd=ROOT, timeout=60, check=True)


@contextlib.contextmanager
def vmware_exporter(server: Server, folder: Path) -> Iterator[Program]:
    """Its last version, 0.18.4, with its own defaults and Twisted 22.8."""
    port = free_port()
    variables = {
        "VSPHERE_HOST": f"127.0.0.1:{server.port}",
        "VSPHERE_USER": server.user,
        "VSPHERE_PASSWORD": server.password,
        "VSPHERE_IGNORE_SSL": "True",
    }
    command = [environment() / "bin/vmware_exporter", "--address", "127.0.0.1", "--port", str(port)]
    with _started(command, folder / "vmware_exporter.log", variables) as process:
        client = Client(f"http://127.0.0.1:{port}", SLOWEST_SCRAPE_S)
        yield Program(
            name="vmware_exporter",
            pid=process.pid,
            client=client,
            ready=lambda: _answers(process, client) and bool(read(client.scrape()).series),
            reads_when_asked=True,
            scrapes_a_s=0,
            complained=lambda: "",
        )
        client.close()


@contextlib.contextmanager
def telegraf(server: Server, folder: Path) -> Iterator[Program]:
    """Its vSphere input as its sample configuration has it, every 60 s, the page by its Prometheus output."""
    port, binary = free_port(), telegraf_binary(folder)
    sample = subprocess.run([binary, "-sample"], capture_output=True, text=True, timeout=END_S, check=True).stdout
    for shown, own in (
        ("https://vcenter.local/sdk", f"https://127.0.0.1:{server.port}/sdk"),
        ("user@corp.local", server.user),
        ('password = "secret"', f'password = "{server.password}"\n  insecure_skip_verify = true'),
    ):
        assert sample.count(shown) == 1, f"Telegraf's sample configuration has no {shown}"
        sample = sample.replace(shown, own)
    config_file, log = folder / "telegraf.conf", folder / "telegraf.log"
    config_file.touch(mode=0o600)
    config_file.write_text(TELEGRAF_FRAME.format(port=port) + sample)
    with _started([binary, "-config", config_file], log, {}) as process:
        client = Client(f"http://127.0.0.1:{port}", SLOWEST_SCRAPE_S)
        yield Program(
            name="Telegraf",
            pid=process.pid,
            client=client,
            ready=lambda: _answers(process, client) and b"\nvsphere_vm_" in read(client.scrape()).text,
            reads_when_asked=False,
            scrapes_a_s=1,
            complained=lambda: _late(log.read_text()),
        )
        client.close()


PEERS: dict[str, Starting] = {"vmware_exporter": vmware_exporter, "telegraf": telegraf}


def telegraf_binary(folder: Path) -> Path:
    """The built Telegraf, kept in the user's cache; skips or fails as vcsim does where it cannot be built."""
    return built_in(cache_folder() or folder, source=TELEGRAF_SOURCE)


def telegraf_is_built() -> bool:
    """Whether that is there already."""
    cache = cache_folder()
    return cache is not None and binary_in(cache, source=TELEGRAF_SOURCE).exists()


@contextlib.contextmanager
def _started(command: list[str | Path], log: Path, variables: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={"PATH": os.environ["PATH"], **variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(END_S)


def _answers(process: "subprocess.Popen[bytes]", client: Client) -> bool:
    """Whether it listens."""
    assert process.poll() is None, f"it ended with {process.returncode}"
    try:
        client.get("/healthz")
    except ConnectionError:
        client.close()
        return False
    return True


def _late(log: str) -> str:
    late = log.count("did not complete within its interval")
    errors = len(re.findall(r"Z E! ", log))
    told = [f"{late} readings took longer than their interval"] if late else []
    told += [f"{errors} errors, first: {_first_error(log)}"] if errors else []
    return "; ".join(told)


def _first_error(log: str) -> str:
    found = re.search(r"Z E! (.{1,160})", log)
    return found[1] if found else ""
