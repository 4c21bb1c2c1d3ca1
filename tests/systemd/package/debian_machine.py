"""A fresh Debian in a folder: nothing of this machine is used or changed but its kernel."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.tools import do_without, not_permitted, require

SUITE = "bookworm"
PYTHON = "3.11"
"""Of that suite."""
DEPENDENCIES = ("python3", "systemd-standalone-sysusers")
"""What the package depends on and the smallest Debian does not have: a server has both."""
APART = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation=private")
"""No network but an own loopback, and no process outlives the command."""
LIMIT_S = 400
"""Some 40 s on two idle processors; a busy machine takes longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebianMachine:
    """A chroot, and the commands that run in it as root."""

    root: Path

    def run(self, *command: str, code: int = 0) -> str:
        """What the command wrote, both streams; it has to end with `code`."""
        done = subprocess.run(
            [*APART, "sh", "-c", 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"', self.root, *command],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        assert done.returncode == code, f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    def path(self, absolute: str) -> Path:
        """A file of the machine, seen from outside."""
        return self.root / absolute.removeprefix("/")

    def bring(self, file: Path) -> str:
        """Copy a file onto the machine and say where it is."""
        shutil.copy(file, self.path("/tmp"))  # noqa: S108 - the machine's own, which nobody else is on
        return f"/tmp/{file.name}"  # noqa: S108 - likewise the machine's own


def fresh_machine(folder: Path, *packages: str) -> DebianMachine:
    """Install the smallest Debian, with `packages` beside, into `folder`, from the mirror that debootstrap knows.

    Where that cannot be, the test is skipped: for want of a tool, of root's rights, or of a mirror.
    """
    require("debootstrap")
    require("unshare")
    if os.geteuid() != 0:
        not_permitted("needs root, for a chroot: sudo ./run test tests/systemd")
    if subprocess.run([*APART, "true"], capture_output=True, check=False).returncode:
        not_permitted("needs namespaces of its own, which this root may not make")
    folder.chmod(0o755)
    root = folder / "debian"
    done = subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={','.join(packages or DEPENDENCIES)}", SUITE, root],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    if done.returncode:
        last = done.stdout.strip().splitlines()[-1]
        do_without(f"needs a Debian mirror: debootstrap says {last!r}")
    # Safe on a disk that loses power or not, this machine lasts for one test.
    (root / "etc/dpkg/dpkg.cfg.d/unsafe-io").write_text("force-unsafe-io\n")
    return DebianMachine(root=root)
