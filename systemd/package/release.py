"""A release: what has to be true before, everything that is handed out, and the sums of it."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.dataclass import dataclass
from systemd.package import debian_package
from systemd.package.bill_of_materials import bill_of_materials
from systemd.package.failures import NotBuilt
from systemd.package.source_tree import SourceTree, committed_copy, uncommitted
from systemd.package.wheelhouse import HOW, wheelhouse
from systemd.package.wheels import MACHINES, Target, Wheel, fetch, read_wheel
from systemd.package.workshop import Workshop, workshop

DEBIAN_PYTHONS = ("3.11", "3.13")
"""Of Debian 12 and 13."""
WHEELHOUSE_PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Materials:
    """The wheels of one tree."""

    own: Wheel
    sources: Path
    """The source distribution."""
    wheels: dict[Target, list[Wheel]]

    @property
    def every(self) -> list[Wheel]:
        """Each locked wheel once."""
        found = {wheel.path.name: wheel for wheels in self.wheels.values() for wheel in wheels}
        return [found[name] for name in sorted(found)]


def materials(shop: Workshop, tree: SourceTree, targets: Sequence[Target], folder: Path) -> Materials:
    """Build our own wheel and fetch the locked ones.

    Raises:
        NotBuilt: the index cannot be reached, or a wheel is missing.
    """
    wheel, sources = shop.distributions(tree, folder / "ours")
    lock = tree.root / "requirements.lock"
    return Materials(
        own=read_wheel(wheel),
        sources=sources,
        wheels={target: fetch(shop, lock, target, folder / str(target)) for target in targets},
    )


def debian_packages(tree: SourceTree, made: Materials, targets: Sequence[Target], folder: Path) -> list[Path]:
    """A Debian package for each target, in `folder`."""
    return [debian_package.build(tree, target, made.own, made.wheels[target], folder) for target in targets]


def offline(tree: SourceTree, made: Materials, folder: Path) -> list[Path]:
    """The wheelhouse and the bill of materials, in `folder`."""
    first = next(iter(made.wheels))
    bill = bill_of_materials(tree, made.own, made.every, first.markers)
    machines = sorted({MACHINES[target.architecture] for target in made.wheels})
    how = HOW.format(
        version=tree.version,
        machines=" and ".join(machines),
        pythons=", ".join(dict.fromkeys(target.python for target in made.wheels)),
    )
    document = folder / f"checkmeter-{tree.version}.cdx.json"
    document.write_text(bill, encoding="utf-8")
    return [wheelhouse(tree, made.own, made.every, bill=bill, how=how, folder=folder), document]


def release(tree: SourceTree, architectures: Sequence[str], folder: Path) -> list[Path]:
    """Check, then build everything from what is committed into the empty folder `folder`; the sums come last.

    Raises:
        NotBuilt: the tree may not be released as it is, or something could not be built.
    """
    if problems := hindrances(tree):
        raise NotBuilt("; ".join(problems))
    targets = [Target(python=one, architecture=where) for where in architectures for one in WHEELHOUSE_PYTHONS]
    with TemporaryDirectory(prefix="checkmeter-release-") as temporary, workshop(tree) as shop:
        committed = committed_copy(tree, Path(temporary))
        made = materials(shop, committed, targets, Path(temporary))
        results = [folder / one.name for one in (made.own.path, made.sources)]
        for result, origin in zip(results, (made.own.path, made.sources), strict=True):
            result.write_bytes(origin.read_bytes())
        debian = [target for target in targets if target.python in DEBIAN_PYTHONS]
        results += debian_packages(committed, made, debian, folder)
        results += offline(committed, made, folder)
    sums = folder / SUMS
    sums.write_text("".join(f"{_sha256(path)}  {path.name}\n" for path in sorted(results)), encoding="utf-8")
    return [*results, sums]


def hindrances(tree: SourceTree) -> list[str]:
    """Why the tree may not be released: files that are not committed, a change log that says something else."""
    problems = []
    if dirty := uncommitted(tree.root):
        problems.append(f"{len(dirty)} files are not as committed, first {dirty[0][3:]}; commit or remove them")
    text = (tree.root / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## \[([^\]]+)\](.*(?:\n(?!## ).*)*)", text, re.MULTILINE))
    heading = f"## [{tree.version}] - YYYY-MM-DD"
    if tree.version not in sections:
        problems.append(f"CHANGELOG.md has no section {heading!r}; move what is under [Unreleased] there")
    elif not _is_day(sections[tree.version].partition("\n")[0]):
        problems.append(f"the section of {tree.version} in CHANGELOG.md has no date; write {heading!r}")
    if re.search(r"^- ", sections.get("Unreleased", ""), re.MULTILINE):
        problems.append(
            f"CHANGELOG.md has changes under [Unreleased]; they belong to {tree.version} or a later version"
        )
    return problems


def _is_day(rest: str) -> bool:
    try:
        date.fromisoformat(rest.removeprefix(" - ").strip())
    except ValueError:
        return False
    return rest.startswith(" - ")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
