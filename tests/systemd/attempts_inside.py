"""Tries what the unit's sandbox forbids, and what it has to allow; prints a JSON object: attempt -> `done` or why not.

Copied into the machine as it stands. Run once as the unit runs the agent and once by root without the unit's settings: only
what root may do and the unit may not says anything of the unit.
"""

import ctypes
import json
import mmap
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

libc = ctypes.CDLL(None, use_errno=True)
PRIO, SCHED_FIFO, NEW_USER, NEW_NET, PERSONALITY = 0, 1, 0x10000000, 0x40000000, 0x0040000


def called(result: int) -> None:
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def written(path: str) -> Callable[[], None]:
    def attempt() -> None:
        file = Path(path)
        file.write_text("x")
        file.unlink()

    return attempt


def opened(family: int, kind: int = socket.SOCK_DGRAM) -> Callable[[], None]:
    return lambda: socket.socket(family, kind).close()


def setuid_file() -> None:
    file = Path("/var/lib/checkmeter/setuid")
    file.touch()
    try:
        file.chmod(0o4755)
    finally:
        file.unlink()


def first_process() -> None:
    Path("/proc/1/status").read_text()


ATTEMPTS: dict[str, Callable[[], object]] = {
    "write to /usr": written("/usr/x"),
    "write to /etc/checkmeter": written("/etc/checkmeter/x"),
    "write beside the state folder": written("/var/lib/x"),
    "look into /root": lambda: list(Path("/root").iterdir()),
    "read the password's own file": lambda: Path("/etc/checkmeter/vcenter-dc1").read_text(),
    "see the processes of others": first_process,
    "read /proc/meminfo": lambda: Path("/proc/meminfo").read_text(),
    "make a file run as its owner": setuid_file,
    "memory that is writable and executable": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC),
    "a socket of AF_NETLINK": opened(socket.AF_NETLINK, socket.SOCK_RAW),
    "a socket of AF_PACKET": opened(socket.AF_PACKET, socket.SOCK_RAW),
    "a user namespace": lambda: called(libc.unshare(NEW_USER)),
    "a network namespace": lambda: called(libc.unshare(NEW_NET)),
    "become root": lambda: os.setuid(0),
    "mount": lambda: called(libc.mount(b"x", b"/mnt", b"tmpfs", 0, None)),
    "chroot": lambda: os.chroot("/usr"),
    "real-time scheduling": lambda: os.sched_setscheduler(0, SCHED_FIFO, os.sched_param(1)),
    "raise its own priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
    "another personality": lambda: called(libc.personality(PERSONALITY)),
    "rename the machine": lambda: socket.sethostname(socket.gethostname()),
    "a device file": lambda: os.mknod("/var/lib/checkmeter/null", 0o020600, os.makedev(1, 3)),
    "change cgroups": lambda: Path("/sys/fs/cgroup/systemd/x").mkdir(),
    "write to the state folder": written("/var/lib/checkmeter/x"),
    "write to /tmp": written("/tmp/x"),  # noqa: S108 - the unit's own, or the machine's
    "read the configuration": lambda: Path("/etc/checkmeter/checkmeter.yaml").read_text(),
    "sockets of IPv4, IPv6 and Unix": lambda: [
        opened(family)() for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX)
    ],
}


def outcome(attempt: Callable[[], object]) -> str:
    """In a process of its own: some attempts cannot be taken back."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            attempt()
            said = "done"
        except (OSError, ValueError) as error:
            said = str(error) or type(error).__name__
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said or "ended by the kernel"


if __name__ == "__main__":
    sys.stdout.write(json.dumps({name: outcome(attempt) for name, attempt in ATTEMPTS.items()}) + "\n")
