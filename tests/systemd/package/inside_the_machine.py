"""Runs in the chroot, by its own Python and nothing else: the installed service, started as its unit says, reads a
simulated vCenter until the ledger has evidence, and is stopped as systemd stops it. Nothing but loopback is there."""

import fcntl
import os
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

LIMIT_S = 60
UNIT = Path("/usr/lib/systemd/system/checkmeter.service")
STATE = Path("/var/lib/checkmeter")
CREDENTIALS = Path("/run/credentials")
METRICS = "http://127.0.0.1:10272/metrics"
WANTED = ("checkmeter_vcenter_up{", "checkmeter_ledger_up{", "checkmeter_ledger_events_total{")
"""Metrics that have to say more than zero."""


def switch_loopback_on() -> None:
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: IFF_UP, IFF_RUNNING


def setting(name: str) -> str:
    (line,) = [line for line in UNIT.read_text().splitlines() if line.startswith(f"{name}=")]
    return line.partition("=")[2]


def what_systemd_prepares() -> None:
    """StateDirectory= and LoadCredential=."""
    if not STATE.exists():
        STATE.mkdir(mode=int(setting("StateDirectoryMode"), 8))
        shutil.chown(STATE, setting("User"), setting("Group"))
    CREDENTIALS.mkdir(parents=True, exist_ok=True)
    name, _, origin = setting("LoadCredential").partition(":")
    copy = CREDENTIALS / name
    copy.unlink(missing_ok=True)
    shutil.copyfile(origin, copy)
    copy.chmod(0o400)
    shutil.chown(copy, setting("User"), setting("Group"))


def seen() -> bool:
    try:
        with urllib.request.urlopen(METRICS, timeout=5) as answer:
            lines = answer.read().decode().splitlines()
    except (urllib.error.URLError, OSError):
        return False
    return all(any(line.startswith(name) and float(line.rsplit(" ", 1)[1]) > 0 for line in lines) for name in WANTED)


def main() -> None:
    switch_loopback_on()
    simulator = subprocess.Popen(
        ["checkmeter", "simulate", "--vms=20", "--ca-file=/etc/checkmeter/vmca.pem"], stdout=subprocess.PIPE, text=True
    )
    assert simulator.stdout is not None
    assert simulator.stdout.readline().startswith("A simulated vCenter"), "the simulator did not start"
    what_systemd_prepares()
    agent = subprocess.Popen(
        shlex.split(setting("ExecStart")),
        user=setting("User"),
        group=setting("Group"),
        extra_groups=[],
        umask=int(setting("UMask"), 8),
        env={"PATH": os.environ["PATH"], "STATE_DIRECTORY": str(STATE), "CREDENTIALS_DIRECTORY": str(CREDENTIALS)},
    )
    try:
        deadline = time.monotonic() + LIMIT_S
        while not seen():
            assert agent.poll() is None, f"the agent ended with {agent.returncode}"
            assert time.monotonic() < deadline, "no evidence in the ledger"
            time.sleep(0.2)
    finally:
        for process in (agent, simulator):
            process.send_signal(signal.SIGTERM)
            process.wait(LIMIT_S)
    assert agent.returncode == 0, f"SIGTERM ended the agent with {agent.returncode}"


if __name__ == "__main__":
    sys.exit(main())
