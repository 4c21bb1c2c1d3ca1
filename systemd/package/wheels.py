"""The wheels of the locked packages, for one Python on one kind of machine: fetched, checked, unpacked, described."""

import hashlib
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.tags import Tag
from packaging.utils import canonicalize_name, parse_wheel_filename

from agent.dataclass import dataclass
from systemd.package.failures import NotBuilt
from systemd.package.licences import Licence, licence_of
from systemd.package.workshop import Workshop

MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
"""Debian's name of an architecture -> the name in wheels."""
LIBC = ((2, 34), (2, 28), (2, 17))
"""Versions of glibc that are asked for, the best first. Debian 12 has 2.36."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What native wheels are tied to."""

    python: str
    """`3.11`: an extension module fits one minor version."""
    architecture: str
    """As Debian calls it: a key of MACHINES."""

    @property
    def platforms(self) -> list[str]:
        """The platform tags that pip may take, the best first."""
        machine = MACHINES[self.architecture]
        return [*(f"manylinux_{major}_{minor}_{machine}" for major, minor in LIBC), f"manylinux2014_{machine}", "any"]

    @property
    def markers(self) -> dict[str, str]:
        """What requirements ask of the machine, such as `python_version`."""
        return {
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "platform_machine": MACHINES[self.architecture],
            "platform_system": "Linux",
            "sys_platform": "linux",
            "os_name": "posix",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }

    def __str__(self) -> str:
        return f"Python {self.python} on {self.architecture}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """One wheel file, and what it says about itself."""

    path: Path
    name: str
    version: str
    tags: frozenset[Tag]
    metadata: Message

    @property
    def sha256(self) -> str:
        """In hexadecimal."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @property
    def licence(self) -> Licence:
        """In the words of its metadata."""
        return licence_of(self.metadata)

    @property
    def pure(self) -> bool:
        """Whether it runs on every machine."""
        return any(tag.platform == "any" for tag in self.tags)

    def requires(self, markers: Mapping[str, str], extras: Sequence[str] = ()) -> list[str]:
        """Names of the packages that it needs there."""
        asked = [Requirement(text) for text in self.metadata.get_all("Requires-Dist", [])]
        wanted = [
            one
            for one in asked
            if one.marker is None or any(one.marker.evaluate({**markers, "extra": extra}) for extra in ("", *extras))
        ]
        return sorted({canonicalize_name(one.name) for one in wanted})


def read_wheel(path: Path) -> Wheel:
    """What the file at `path` is.

    Raises:
        NotBuilt: it is not a wheel.
    """
    try:
        name, version, _, tags = parse_wheel_filename(path.name)
        with zipfile.ZipFile(path) as archive:
            (inner,) = [one for one in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", one)]
            metadata = HeaderParser().parsestr(archive.read(inner).decode("utf-8"))
    except (ValueError, zipfile.BadZipFile) as error:
        raise NotBuilt(f"{path.name} is not a wheel: {error}") from error
    return Wheel(path=path, name=name, version=str(version), tags=tags, metadata=metadata)


def fetch(workshop: Workshop, lock: Path, target: Target, folder: Path) -> list[Wheel]:
    """The wheels of everything in `lock` for `target`, put into the empty `folder`; pip holds each against its hash.

    Raises:
        NotBuilt: the package index cannot be reached, or a package has no wheel for the target.
    """
    workshop.pip(
        *("download", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--dest", folder),
        *("--implementation", "cp", "--python-version", target.python),
        *(part for abi in (f"cp{target.python.replace('.', '')}", "abi3", "none") for part in ("--abi", abi)),
        *(part for platform in target.platforms for part in ("--platform", platform)),
        *("-r", lock),
    )
    wheels = [read_wheel(path) for path in sorted(folder.glob("*.whl"))]
    if missing := locked(lock) - {(wheel.name, wheel.version) for wheel in wheels}:
        name, version = min(missing)
        raise NotBuilt(f"there is no wheel of {name} {version} for {target}")
    return wheels


def locked(lock: Path) -> set[tuple[str, str]]:
    """Name and version of every package in a lock file."""
    entries = re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {(canonicalize_name(name), version) for name, version in entries}


def fits(wheel: Wheel, target: Target) -> bool:
    """Whether the wheel runs on the target."""
    digits = target.python.replace(".", "")
    minor = int(target.python.partition(".")[2])
    return any(
        tag.platform in target.platforms
        and (
            (tag.abi in {"none", f"cp{digits}"} and tag.interpreter in {"py3", f"py{digits}", f"cp{digits}"})
            or (tag.abi == "abi3" and tag.interpreter in {f"cp3{older}" for older in range(2, minor + 1)})
        )
        for tag in wheel.tags
    )


def libc(wheels: Iterable[Wheel]) -> tuple[int, int]:
    """The oldest glibc that all of them run with."""
    least = [min(versions) for wheel in wheels if not wheel.pure and (versions := _libc_versions(wheel))]
    return max(least, default=LIBC[-1])


def _libc_versions(wheel: Wheel) -> list[tuple[int, int]]:
    found = [re.match(r"manylinux_(\d+)_(\d+)_", tag.platform) for tag in wheel.tags]
    return [(int(one[1]), int(one[2])) for one in found if one] or [LIBC[-1]]


def unpack(wheel: Wheel, folder: Path) -> None:
    """Put the wheel's modules into `folder`. Its command line programs are left out: one launcher starts the agent.

    Raises:
        NotBuilt: it holds what this way of installing does not know.
    """
    with zipfile.ZipFile(wheel.path) as archive:
        for entry in archive.infolist():
            path = PurePosixPath(entry.filename)
            if entry.is_dir():
                continue
            if path.is_absolute() or ".." in path.parts:
                raise NotBuilt(f"{wheel.path.name} holds {entry.filename}, which leads out of its folder")
            if path.parts[0].endswith(".data"):
                if path.parts[1] in {"scripts", "data", "headers"}:
                    continue
                path = PurePosixPath(*path.parts[2:])
            if path.suffix == ".pth":
                raise NotBuilt(f"{wheel.path.name} holds {entry.filename}; the launcher reads no .pth files")
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(archive.read(entry))
