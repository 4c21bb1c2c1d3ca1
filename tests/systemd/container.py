"""A Debian that is booted, with its own systemd and network: systemd-nspawn, entered by nsenter."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.systemd.package.debian_machine import DebianMachine
from tests.tools import not_permitted

ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "SYSTEMD_COLORS": "0",
    "SYSTEMD_PAGER": "",
}
BOOT_S = 60.0
COMMAND_S = 90.0
END_S = 30.0
NSPAWN = (
    "systemd-nspawn",
    "--quiet",
    "--boot",
    "--register=no",
    "--private-network",
    "--link-journal=no",
    "--resolv-conf=off",
    "--timezone=off",
    "--console=pipe",
)
MOUNTED_AT = Path("/sys/fs/cgroup")
HIERARCHIES = {"name=systemd": "systemd", "memory": "memory", "": "unified"}
"""Name in /proc/self/cgroup -> where it is mounted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """The running system. `leader` is its first process, as seen from here."""

    machine: DebianMachine
    leader: int

    def command(self, *inside: str) -> list[str]:
        """What to run here so that `inside` runs there, as root."""
        variables = [f"{name}={value}" for name, value in ENVIRONMENT.items()]
        enter = ["nsenter", f"--target={self.leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"]
        return [*enter, "--root", "--wd=/", "env", "-i", *variables, *inside]

    def run(self, *inside: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end; its two outputs are one."""
        return subprocess.run(
            self.command(*inside),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=COMMAND_S,
            check=False,
        )

    def said(self, *inside: str) -> str:
        """What it says; it has to succeed."""
        done = self.run(*inside)
        assert done.returncode == 0, f"{' '.join(inside)}: {done.returncode}: {done.stdout[-2000:]}"
        return done.stdout

    def property_of(self, unit: str, name: str) -> str:
        """As `systemctl show` has it."""
        return self.said("systemctl", "show", unit, f"--property={name}", "--value").strip()


@contextlib.contextmanager
def booted(machine: DebianMachine) -> Iterator[Container]:
    """Boot `machine`; a test goes without where this machine does not permit it."""
    scope = () if Path("/run/systemd/system").is_dir() else ("--keep-unit",)
    with (
        _groups_of_its_own() as joins,
        machine.root.with_suffix(".console").open("w+") as console,
        subprocess.Popen(
            [*joins, *NSPAWN, *scope, f"--machine=checkmeter-{os.getpid()}", f"--directory={machine.root}"],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
        ) as nspawn,
    ):
        try:
            container = _once_it_runs(nspawn, machine)
            if container is None:
                console.seek(0)
                last = (console.read().splitlines() or ["no word of it"])[-1]
                not_permitted(f"cannot boot systemd here: {last}")
            yield container
        finally:
            _ended(nspawn)


def _once_it_runs(nspawn: subprocess.Popen[bytes], machine: DebianMachine) -> Container | None:
    deadline = time.monotonic() + BOOT_S
    while nspawn.poll() is None and time.monotonic() < deadline:
        children = Path(f"/proc/{nspawn.pid}/task/{nspawn.pid}/children").read_text().split()
        if children:
            container = Container(machine=machine, leader=int(children[-1]))
            if container.run("systemctl", "is-system-running").stdout.strip() in {"running", "degraded"}:
                _delegate_memory(container)
                return container
        time.sleep(0.2)
    return None


def _delegate_memory(container: Container) -> None:
    """nspawn gives a container the older hierarchies of cgroups read-only; what it was put into is its own, though."""
    if container.run("mount", "--options=remount,bind,rw", "/sys/fs/cgroup/memory").returncode == 0:
        container.said("systemctl", "daemon-reexec")


@contextlib.contextmanager
def _groups_of_its_own() -> Iterator[tuple[str, ...]]:
    """On a machine with the older hierarchies of cgroups a group below our own in those that systemd uses, so that no other
    container is in the same; what has to stand before a command for it to be in them.

    Where there is the one newer hierarchy, nspawn makes what it needs.
    """
    groups = dict(line.split(":", 2)[1:] for line in Path("/proc/self/cgroup").read_text().splitlines())
    made: list[Path] = []
    if "name=systemd" in groups:
        for hierarchy, mounted in HIERARCHIES.items():
            group = MOUNTED_AT / mounted / groups.get(hierarchy, "").removeprefix("/") / f"checkmeter-{os.getpid()}"
            with contextlib.suppress(OSError):
                group.mkdir()
                made.append(group)
    joins = " && ".join([*(f"echo $$ >{group}/cgroup.procs" for group in made), 'exec "$@"'])
    try:
        yield ("sh", "-c", joins, "sh")
    finally:
        for group in made:
            for folder, _, _ in os.walk(group, topdown=False):
                Path(folder).rmdir()


def _ended(nspawn: subprocess.Popen[bytes]) -> None:
    """Shut down in good order, else without."""
    if nspawn.poll() is None:
        nspawn.send_signal(signal.SIGTERM)
    try:
        nspawn.wait(END_S)
    except subprocess.TimeoutExpired:
        nspawn.kill()
        nspawn.wait(END_S)
