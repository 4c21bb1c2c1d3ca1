"""A Debian with systemd on which the agent's own package is installed, as an administrator finds it: nothing is configured yet."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from systemd.package.debian_package import build
from systemd.package.source_tree import SourceTree, declared_version
from systemd.package.wheels import Target, fetch, read_wheel
from systemd.package.workshop import workshop
from tests.systemd.package.debian_machine import PYTHON, DebianMachine, fresh_machine
from tests.systemd.package.test_life_cycle import ROOT, architecture

PACKAGES = ("python3", "systemd", "systemd-sysv")


def package(folder: Path) -> Path:
    """The Debian package of this tree."""
    tree = SourceTree(root=ROOT, version=declared_version(ROOT), moment=1_750_000_000)
    target = Target(python=PYTHON, architecture=architecture())
    with workshop(tree) as shop:
        wheels = fetch(shop, ROOT / "requirements.lock", target, folder / "wheels")
        own = read_wheel(shop.distributions(tree, folder / tree.version)[0])
    return build(tree, target, own, wheels, folder)


def ready_machine(folder: Path) -> DebianMachine:
    """Made in `folder`; a test goes without where it cannot be made."""
    with ThreadPoolExecutor() as beside:
        built = beside.submit(package, folder)
        machine = fresh_machine(folder, *PACKAGES)
    machine.run("dpkg", "--install", machine.bring(built.result()))
    return machine
