"""The Debian package from its first installation to its purging, on a fresh Debian without a network."""

import hashlib
import json
import platform
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from systemd.package.debian_package import build
from systemd.package.source_tree import SourceTree, declared_version
from systemd.package.wheels import MACHINES, Target, fetch, locked, read_wheel
from systemd.package.workshop import workshop
from tests.systemd.package import inside_the_machine
from tests.systemd.package.debian_machine import PYTHON, DebianMachine, fresh_machine

ROOT = Path(__file__).parents[3]
OLD = "0.0.9"
LEDGER = "/var/lib/checkmeter"
CONFIGURATION = """\
vcenters:
  - name: dc1
    host: 127.0.0.1
    port: 8989
    username: checkmeter
    password_file: vcenter-dc1
    tls:
      ca_file: vmca.pem
"""
pytestmark = pytest.mark.timeout(600)


def older_tree(folder: Path) -> Path:
    """This tree as if it were an older version: other texts in what it ships for /etc, one module more."""
    for name in ("agent", "exporters", "dashboards", "systemd", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    for name in ("pyproject.toml", "agent/__init__.py"):
        text = (folder / name).read_text()
        (folder / name).write_text(
            text.replace(f'version = "{declared_version(ROOT)}"', f'version = "{OLD}"').replace(
                f'__version__ = "{declared_version(ROOT)}"', f'__version__ = "{OLD}"'
            )
        )
    for name in ("checkmeter.yaml.example", "web.yml.example", "checkmeter.default"):
        (folder / "systemd" / name).write_text(f"# as {OLD} had it\n" + (folder / "systemd" / name).read_text())
    (folder / "agent/only_in_the_older.py").write_text('"""Gone since."""\n')
    return folder


def architecture() -> str:
    """Of this machine, as Debian calls it."""
    return next(debian for debian, machine in MACHINES.items() if machine == platform.machine())


def packages(folder: Path) -> tuple[Path, Path]:
    """An older package and the one of this tree."""
    target = Target(python=PYTHON, architecture=architecture())
    older = folder / "older"
    older.mkdir()
    trees = [
        SourceTree(root=older_tree(older), version=OLD, moment=1_700_000_000),
        SourceTree(root=ROOT, version=declared_version(ROOT), moment=1_750_000_000),
    ]
    with workshop(trees[1]) as shop:
        wheels = fetch(shop, ROOT / "requirements.lock", target, folder / "wheels")
        own = [read_wheel(shop.distributions(tree, folder / tree.version)[0]) for tree in trees]
    old, new = (build(tree, target, one, wheels, folder) for tree, one in zip(trees, own, strict=True))
    return old, new


def head(machine: DebianMachine, *arguments: str) -> str:
    """The ledger's last row and its hash, once `ledger verify` found nothing wrong."""
    said = machine.run("checkmeter", "ledger", "verify", f"--storage.path={LEDGER}", *arguments)
    return re.findall(r"\b\d+:[0-9a-f]{64}\b", said)[-1]


def sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def mode_and_group(machine: DebianMachine, path: str) -> str:
    return machine.run("stat", "--format=%a %U %G", path).strip()


def enabled(machine: DebianMachine) -> Path:
    """What `systemctl enable` makes."""
    return machine.path("/etc/systemd/system/multi-user.target.wants/checkmeter.service")


def installed_and_left_alone(machine: DebianMachine, package: str) -> None:
    said = machine.run("dpkg", "--install", package)
    assert "not started: it has no vCenter yet" in said
    assert not enabled(machine).is_symlink()
    assert machine.run("checkmeter", "--version") == f"checkmeter {OLD}\n"
    assert "/etc/checkmeter/checkmeter.yaml:" in machine.run("checkmeter", "config", "check", code=78)
    assert mode_and_group(machine, "/etc/checkmeter/web.yml") == "640 root checkmeter"
    assert machine.path("/usr/lib/checkmeter/agent/__pycache__/only_in_the_older.cpython-311.pyc").exists()


def says_what_it_brings(machine: DebianMachine) -> None:
    """Every locked package, each from a file that the lock allows."""
    bill = json.loads(machine.path("/usr/share/doc/checkmeter/sbom.cdx.json").read_text())
    lock = ROOT / "requirements.lock"
    assert {(one["name"], one["version"]) for one in bill["components"]} == locked(lock)
    files = {entry["content"] for one in bill["components"] for entry in one["hashes"]}
    assert files <= set(re.findall(r"sha256:([0-9a-f]{64})", lock.read_text()))


def configured_as_an_administrator_does(machine: DebianMachine) -> None:
    machine.path("/etc/checkmeter/checkmeter.yaml").write_text(CONFIGURATION)
    password = machine.path("/etc/checkmeter/vcenter-dc1")
    password.write_text("simulated\n")
    password.chmod(0o600)
    enabled(machine).symlink_to("/usr/lib/systemd/system/checkmeter.service")


def observed(machine: DebianMachine) -> str:
    """Let the agent measure for a while, and give the ledger's new head."""
    machine.run("/usr/bin/python3", "-I", machine.bring(Path(inside_the_machine.__file__)))
    return head(machine)


def upgraded(machine: DebianMachine, package: str) -> None:
    """As systemd is told that it should do; it is not there to do it."""
    asked = machine.path("/tmp/asked")  # noqa: S108 - the machine's own, which nobody else is on
    systemctl = machine.path("/usr/bin/systemctl")
    systemctl.write_text('#!/bin/sh\necho "$*" >>/tmp/asked\n')
    systemctl.chmod(0o755)
    machine.path("/run/systemd/system").mkdir(parents=True)
    machine.run("dpkg", "--force-confold", "--install", package)
    assert re.findall(r"\b(?:daemon-reload|stop|start|restart|try-restart)\b.*", asked.read_text()) == [
        "daemon-reload",
        "try-restart checkmeter.service",
    ]
    systemctl.unlink()
    machine.path("/run/systemd/system").rmdir()

    assert machine.run("checkmeter", "--version") == f"checkmeter {declared_version(ROOT)}\n"
    assert enabled(machine).is_symlink()
    assert machine.path("/etc/checkmeter/checkmeter.yaml").read_text() == CONFIGURATION, "what was edited stays"
    for untouched, origin in (
        ("/etc/default/checkmeter", "checkmeter.default"),
        ("/etc/checkmeter/web.yml", "web.yml.example"),
    ):
        assert machine.path(untouched).read_text() == (ROOT / "systemd" / origin).read_text(), (
            "the rest is the new one's"
        )
    assert mode_and_group(machine, "/etc/checkmeter/web.yml") == "640 root checkmeter"
    assert list(machine.path("/usr/lib/checkmeter").rglob("only_in_the_older*")) == []


def removed(machine: DebianMachine) -> None:
    machine.run("dpkg", "--remove", "checkmeter")
    assert not machine.path("/usr/lib/checkmeter").exists()
    assert not machine.path("/usr/bin/checkmeter").exists()
    assert machine.path("/etc/checkmeter/checkmeter.yaml").read_text() == CONFIGURATION


def purged(machine: DebianMachine) -> None:
    said = machine.run("dpkg", "--purge", "checkmeter")
    assert "the ledger was KEPT" in said
    assert "rm -r /var/lib/checkmeter" in said
    assert not machine.path("/etc/checkmeter").exists(), "the passwords are gone"
    assert not machine.path("/etc/default/checkmeter").exists()
    assert not enabled(machine).is_symlink()


@pytest.mark.needs("debootstrap")
@pytest.mark.needs("dpkg-deb")
def test_a_ledger_outlives_upgrade_removal_and_purging_of_the_package(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as beside:
        being_built = beside.submit(packages, tmp_path)
        machine = fresh_machine(tmp_path)
    old, new = (machine.bring(package) for package in being_built.result())
    ledger = machine.path(f"{LEDGER}/checkmeter.db")

    installed_and_left_alone(machine, old)
    says_what_it_brings(machine)
    configured_as_an_administrator_does(machine)
    first = observed(machine)
    upgraded(machine, new)
    head(machine, "--head", first)
    second = observed(machine)
    assert int(second.partition(":")[0]) > int(first.partition(":")[0]), (
        "the new version writes on where the old one ended"
    )
    head(machine, "--head", first)

    before = sum_of(ledger)
    removed(machine)
    purged(machine)
    assert sum_of(ledger) == before
    assert mode_and_group(machine, LEDGER) == "700 checkmeter checkmeter"

    machine.run("dpkg", "--install", new)
    head(machine, "--head", second)
    configured_as_an_administrator_does(machine)
    assert observed(machine) != second, "the same ledger goes on"
    shutil.rmtree(machine.path(LEDGER))
    assert "KEPT" not in machine.run("dpkg", "--purge", "checkmeter"), "nothing is said of a ledger that was deleted"
