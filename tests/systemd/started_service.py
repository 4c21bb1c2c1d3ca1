"""The service in a booted machine, beside a simulated vCenter: what the behaviours ask of both."""

import contextlib
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.systemd import vcenter_inside
from tests.systemd.container import Container

UNIT = "checkmeter.service"
PORT = 8989
LIBRARY = "/usr/lib/checkmeter"
CREDENTIAL = "/etc/checkmeter/vcenter-dc1"
STATE = "/var/lib/checkmeter"
PATIENCE_S = 60.0
WATCHDOG_S = 15
"""In place of 120: the agent feeds the watchdog about every six seconds."""
CONFIGURATION = f"""\
vcenters:
  - name: dc1
    host: 127.0.0.1
    port: {PORT}
    username: {vcenter_inside.USER}
    password_file: vcenter-dc1
    interval: 10s
    tls:
      ca_file: vmca.pem
"""
FETCH = (
    "import sys, urllib.request as u; "
    "sys.stdout.write(u.urlopen('http://127.0.0.1:10272' + sys.argv[1], timeout=20).read().decode())"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The unit, and the vCenter that it reads."""

    container: Container
    vcenter: subprocess.Popen[str]

    def ask(self, command: str = "state") -> dict[str, int]:
        """Tell the simulated vCenter something, and hear how many sessions, logins and logouts there are."""
        assert self.vcenter.stdin is not None
        assert self.vcenter.stdout is not None
        self.vcenter.stdin.write(command + "\n")
        self.vcenter.stdin.flush()
        return json.loads(self.vcenter.stdout.readline())

    def systemctl(self, *arguments: str) -> float:
        """Run it, successfully; how long that took, in seconds."""
        began = time.monotonic()
        self.container.said("systemctl", *arguments)
        return time.monotonic() - began

    def property(self, name: str) -> str:
        return self.container.property_of(UNIT, name)

    def journal(self, *arguments: str) -> str:
        return self.container.said("journalctl", f"--unit={UNIT}", "--output=cat", *arguments)

    def get(self, path: str) -> str:
        """What the agent serves; empty while it does not."""
        done = self.container.run("python3", "-c", FETCH, path)
        return done.stdout if done.returncode == 0 else ""

    def until(self, condition: Callable[[], object], what: str, seconds: float = PATIENCE_S) -> float:
        """Wait; how long that took, in seconds."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, f"waited {seconds} s until {what}; {self.journal('--lines=15')}"
            time.sleep(0.2)
        return time.monotonic() - began

    def reads(self) -> bool:
        return self.property("StatusText") == "1 of 1 vCenters answer"

    def until_it_reads(self) -> float:
        return self.until(self.reads, "it reads vCenter")

    def restarted_after(self, cause: Callable[[], object]) -> float:
        """How long the restart that `cause` leads to took, until it is started again, in seconds."""
        before = self.property("MainPID")
        cause()
        return self.until(
            lambda: self.property("MainPID") not in {before, "0"} and self.property("ActiveState") == "active",
            "it is started again",
        )

    def ledger(self) -> str:
        """`intact: … rows; …`; fails when the chain is broken."""
        return self.container.said("checkmeter", "ledger", "verify", f"--storage.path={STATE}").strip()

    def put(self, path: str, text: str, mode: str = "644") -> None:
        """A file of root's in the running machine, whose /run is not ours."""
        self.container.said("install", "-D", f"--mode={mode}", "/dev/null", path)
        self.container.said("sh", "-c", 'printf %s "$1" >"$0"', path, text)


@contextlib.contextmanager
def service(container: Container) -> Iterator[Service]:
    """The vCenter runs, the configuration names it; the unit is not started."""
    shutil.copy(vcenter_inside.__file__, container.machine.path("/opt"))
    with subprocess.Popen(
        container.command("env", f"PYTHONPATH={LIBRARY}", "python3", "/opt/vcenter_inside.py", str(PORT), "40"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as vcenter:
        try:
            started = Service(container=container, vcenter=vcenter)
            started.put("/etc/checkmeter/vmca.pem", str(started.ask()["ca"]))
            started.put("/etc/checkmeter/checkmeter.yaml", CONFIGURATION)
            started.put(CREDENTIAL, vcenter_inside.PASSWORD, "600")
            started.put(f"/run/systemd/system/{UNIT}.d/tried.conf", f"[Service]\nWatchdogSec={WATCHDOG_S}\n")
            started.systemctl("daemon-reload")
            yield started
        finally:
            assert vcenter.stdin is not None
            vcenter.stdin.close()
            vcenter.wait(PATIENCE_S)
