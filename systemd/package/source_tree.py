"""The tree that everything is built from: its version, its moment, the files that its commit holds."""

import os
import re
import shutil
import tomllib
from pathlib import Path

from agent.dataclass import dataclass
from systemd.package.failures import NotBuilt, run

VERSION = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTree:
    """A clone, or an unpacked source distribution."""

    root: Path
    version: str
    moment: int
    """Seconds since 1970: the time of everything in what is built, so that building again gives the same bytes."""


def source_tree(root: Path, environment: dict[str, str] | None = None) -> SourceTree:
    """The tree at `root`; its moment is $SOURCE_DATE_EPOCH, or else when its commit was made.

    Raises:
        NotBuilt: it is not Checkmeter's, says two versions, or has no moment.
    """
    environment = dict(os.environ) if environment is None else environment
    version = declared_version(root)
    given = environment.get("SOURCE_DATE_EPOCH", "")
    if given:
        if not given.isdecimal():
            raise NotBuilt(f"SOURCE_DATE_EPOCH is {given!r}; it has to be seconds since 1970")
        return SourceTree(root=root, version=version, moment=int(given))
    if not (root / ".git").exists():
        raise NotBuilt(f"{root} is no clone, so it has no moment; set SOURCE_DATE_EPOCH to seconds since 1970")
    return SourceTree(root=root, version=version, moment=int(run("git", "-C", root, "log", "-1", "--format=%ct")))


def declared_version(root: Path) -> str:
    """The version that pyproject.toml and the program itself say.

    Raises:
        NotBuilt: they are not there, or do not agree.
    """
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        program = re.search(r'^__version__ = "(.+)"$', (root / "agent/__init__.py").read_text("utf-8"), re.MULTILINE)
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise NotBuilt(f"{root} is not a tree of Checkmeter: {error}") from error
    said, shown = project["version"], program[1] if program else None
    if said != shown:
        raise NotBuilt(f"pyproject.toml says version {said}, agent/__init__.py says {shown}; make them one")
    if not VERSION.fullmatch(said):
        raise NotBuilt(f"version {said!r} in pyproject.toml is not of the form 1.2.3 or 1.2.3rc1")
    return str(said)


def committed_copy(tree: SourceTree, folder: Path) -> SourceTree:
    """What the commit holds, and nothing that lies beside it, copied into `folder`.

    Raises:
        NotBuilt: git cannot give it.
    """
    archive = folder / "commit.tar"
    run("git", "-C", tree.root, "archive", "--format=tar", f"--output={archive}", "HEAD")
    copy = folder / "tree"
    shutil.unpack_archive(archive, copy, filter="data")
    archive.unlink()
    return SourceTree(root=copy, version=tree.version, moment=tree.moment)


def uncommitted(root: Path) -> list[str]:
    """Files that differ from the commit or are not in it, as git names them.

    Raises:
        NotBuilt: it is no clone.
    """
    return run("git", "-C", root, "status", "--porcelain").splitlines()
