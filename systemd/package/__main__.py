"""`./run package`: build what others install."""

import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from systemd.package.failures import NotBuilt
from systemd.package.release import WHEELHOUSE_PYTHONS, debian_packages, materials, offline
from systemd.package.release import release as release_all
from systemd.package.source_tree import SourceTree, source_tree
from systemd.package.wheels import MACHINES, Target
from systemd.package.workshop import workshop

HERE = next((debian for debian, machine in MACHINES.items() if machine == platform.machine()), "amd64")
ROOT = Path(__file__).parents[2]

into = click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / "dist",
    help="Where to put it; else dist/.",
)
pythons = click.option(
    "--python",
    "versions",
    multiple=True,
    metavar="3.N",
    help="The Python that is there, may be repeated; else that of this machine.",
)
architectures = click.option(
    "--architecture",
    "architectures",
    type=click.Choice(sorted(MACHINES)),
    multiple=True,
    default=(HERE,),
    show_default=True,
    help="May be repeated.",
)


@click.group()
def package() -> None:
    """Build what others install, into dist/: docs/installation.md says what to do with it."""


@package.command()
@into
@pythons
@architectures
def deb(into: Path, versions: tuple[str, ...], architectures: tuple[str, ...]) -> None:
    """The Debian package, for the Python that the distribution has: 3.11 in Debian 12, 3.13 in Debian 13."""
    tree = source_tree(ROOT)
    targets = _targets(versions or (f"3.{sys.version_info.minor}",), architectures)
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="checkmeter-materials-") as folder, workshop(tree) as shop:
        made = materials(shop, tree, targets, Path(folder))
        _say(debian_packages(tree, made, targets, into))


@package.command("wheelhouse")
@into
@pythons
@architectures
def wheelhouse_and_bill(into: Path, versions: tuple[str, ...], architectures: tuple[str, ...]) -> None:
    """All wheels in one archive, for machines without a package index, and their bill of materials (CycloneDX)."""
    tree = source_tree(ROOT)
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="checkmeter-materials-") as folder, workshop(tree) as shop:
        targets = _targets(versions or WHEELHOUSE_PYTHONS, architectures)
        made = materials(shop, tree, targets, Path(folder))
        _say(offline(tree, made, into))


@package.command()
@into
@architectures
def release(into: Path, architectures: tuple[str, ...]) -> None:
    """Everything, from what is committed: wheel, source, Debian packages, wheelhouse, bill of materials, SHA256SUMS.

    Refuses a tree with changes that are not committed, and a version that CHANGELOG.md does not have.
    """
    tree: SourceTree = source_tree(ROOT)
    into.mkdir(parents=True, exist_ok=True)
    if any(into.iterdir()):
        raise NotBuilt(f"{into} is not empty; a release goes into a folder of its own, see --into")
    _say(release_all(tree, architectures, into))


def _targets(versions: Sequence[str], architectures: Sequence[str]) -> list[Target]:
    if wrong := [one for one in versions if not one.startswith("3.") or not one[2:].isdecimal() or int(one[2:]) < 11]:
        raise click.BadParameter(f"{wrong[0]!r} is not 3.11 or later", param_hint="--python")
    return [Target(python=one, architecture=where) for where in architectures for one in versions]


def _say(results: Sequence[Path]) -> None:
    for path in results:
        click.echo(f"{path}  {path.stat().st_size / 1_000_000:.1f} MB")


if __name__ == "__main__":
    package(prog_name="run package")
