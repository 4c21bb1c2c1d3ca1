"""The Debian package: the agent with the locked libraries in a folder of its own, run by the distribution's Python.

Native libraries tie it to a minor version of Python and to an architecture; its name and its dependencies say which.
"""

import gzip
import hashlib
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from click.shell_completion import BashComplete

from agent.cli.program import NAME, program
from systemd.package.bill_of_materials import bill_of_materials
from systemd.package.failures import NotBuilt, run
from systemd.package.man_page import man_page
from systemd.package.source_tree import SourceTree
from systemd.package.wheels import Target, Wheel, fits, libc, unpack

HERE = Path("systemd/package")
LIBRARY = "usr/lib/checkmeter"
DOCUMENTS = "usr/share/doc/checkmeter"
CONFFILES = {
    "etc/checkmeter/checkmeter.yaml": "systemd/checkmeter.yaml.example",
    "etc/checkmeter/web.yml": "systemd/web.yml.example",
    "etc/default/checkmeter": "systemd/checkmeter.default",
}
"""Where -> from where in the tree. What the administrator changes in them stays."""
FILES = {
    **CONFFILES,
    "usr/lib/systemd/system/checkmeter.service": "systemd/checkmeter.service",
    "usr/lib/sysusers.d/checkmeter.conf": "systemd/checkmeter.sysusers",
    "usr/bin/checkmeter": "systemd/package/checkmeter",
    f"{DOCUMENTS}/examples/checkmeter.yaml": "systemd/checkmeter.yaml.example",
    f"{DOCUMENTS}/examples/web.yml": "systemd/web.yml.example",
}
PRIVATE = {"etc/checkmeter/web.yml": 0o640}
PROGRAMS = {"usr/bin/checkmeter", "DEBIAN/postinst", "DEBIAN/prerm", "DEBIAN/postrm"}


def debian_version(tree: SourceTree, target: Target) -> str:
    """`0.1.0-1+py3.11`: the next release of Debian with a newer Python upgrades to a newer one of ours.

    A release candidate sorts before its release.
    """
    upstream = re.sub(r"(?=(?:a|b|rc)\d+$)", "~", tree.version)
    return f"{upstream}-1+py{target.python}"


def file_name(tree: SourceTree, target: Target) -> str:
    """As Debian names packages."""
    return f"{NAME}_{debian_version(tree, target)}_{target.architecture}.deb"


def build(tree: SourceTree, target: Target, own: Wheel, wheels: Sequence[Wheel], folder: Path) -> Path:
    """Write the package into `folder`.

    Raises:
        NotBuilt: a wheel is for another Python or machine; dpkg-deb is missing, or refuses what it is given.
    """
    if strangers := [wheel for wheel in (own, *wheels) if not fits(wheel, target)]:
        raise NotBuilt(f"{strangers[0].path.name} does not run with {target}")
    package = folder / file_name(tree, target)
    with TemporaryDirectory(prefix="checkmeter-deb-") as temporary:
        staging = Path(temporary)
        _stage(tree, target, own, wheels, staging)
        # One thread: the bytes must not depend on how many processors built them. xz takes 25 times as long to save a sixth.
        run(
            "dpkg-deb",
            # The control files as gzip: there are programs that keep archives which read nothing newer.
            *("--root-owner-group", "--no-uniform-compression", "--threads-max=1", "-Zzstd", "-z9"),
            *("--build", staging, package),
            environment={"SOURCE_DATE_EPOCH": str(tree.moment)},
        )
    return package


def _stage(tree: SourceTree, target: Target, own: Wheel, wheels: Sequence[Wheel], staging: Path) -> None:
    for wheel in (own, *wheels):
        unpack(wheel, staging / LIBRARY)
    for place, origin in FILES.items():
        _write(staging / place, (tree.root / origin).read_bytes())
    _documents(tree, staging)
    _write(staging / "usr/share/man/man1/checkmeter.1.gz", _zipped(man_page(tree.version, tree.moment).encode()))
    completion = BashComplete(program, {}, NAME, f"_{NAME.upper()}_COMPLETE")
    script = completion.source_template % completion.source_vars()
    _write(staging / "usr/share/bash-completion/completions/checkmeter", script.encode())
    bill = bill_of_materials(tree, own, wheels, target.markers)
    _write(staging / DOCUMENTS / "sbom.cdx.json", bill.encode())
    _write(staging / DOCUMENTS / "copyright", _copyright((own, *wheels)).encode())
    _write(staging / DOCUMENTS / "changelog.Debian.gz", _zipped(_changelog(tree, target).encode()))
    _control(tree, target, wheels, staging)
    _settle(staging, tree.moment)


def _control(tree: SourceTree, target: Target, wheels: Sequence[Wheel], staging: Path) -> None:
    shipped = sorted(path for path in staging.rglob("*") if path.is_file())
    names = {path: path.relative_to(staging).as_posix() for path in shipped}
    sums = [f"{_md5(path)}  {name}\n" for path, name in names.items() if name not in CONFFILES]
    major, _, minor = target.python.partition(".")
    control = (tree.root / HERE / "debian/control").read_text(encoding="utf-8")
    control = control.format(
        version=debian_version(tree, target),
        architecture=target.architecture,
        kibibytes=sum(-(-path.stat().st_size // 1024) for path in shipped),
        python=target.python,
        next_python=f"{major}.{int(minor) + 1}",
        libc=".".join(map(str, libc(wheels))),
    )
    _write(staging / "DEBIAN/control", control.encode())
    _write(staging / "DEBIAN/conffiles", "".join(f"/{name}\n" for name in CONFFILES).encode())
    _write(staging / "DEBIAN/md5sums", "".join(sums).encode())
    for script in ("postinst", "prerm", "postrm"):
        _write(staging / "DEBIAN" / script, (tree.root / HERE / "debian" / script).read_bytes())


def _documents(tree: SourceTree, staging: Path) -> None:
    for path in sorted((tree.root / "docs").rglob("*")):
        if path.is_file():
            _write(staging / DOCUMENTS / path.relative_to(tree.root / "docs"), path.read_bytes())
    _write(staging / DOCUMENTS / "changelog.gz", _zipped((tree.root / "CHANGELOG.md").read_bytes()))


def _copyright(wheels: Sequence[Wheel]) -> str:
    lines = [
        "Checkmeter is under the Apache License 2.0, which is /usr/share/common-licenses/Apache-2.0 on Debian.",
        f"The libraries that it brings are in /{LIBRARY}; the text of each licence is in its folder *.dist-info there.",
        "",
        *(f"{wheel.name} {wheel.version}: {wheel.licence.text}" for wheel in wheels),
    ]
    return "\n".join(lines) + "\n"


def _changelog(tree: SourceTree, target: Target) -> str:
    when = format_datetime(datetime.fromtimestamp(tree.moment, UTC))
    return (
        f"checkmeter ({debian_version(tree, target)}) stable; urgency=medium\n\n"
        f"  * Version {tree.version}: see changelog.gz.\n\n"
        f" -- Checkmeter <noreply@localhost>  {when}\n"
    )


def _settle(staging: Path, moment: int) -> None:
    """The same modes and times for everything, whoever builds it and when."""
    for path in sorted(staging.rglob("*"), reverse=True):
        name = path.relative_to(staging).as_posix()
        if path.is_dir() or name in PROGRAMS:
            path.chmod(0o755)
        else:
            path.chmod(PRIVATE.get(name, 0o644))
        os.utime(path, (moment, moment))
    staging.chmod(0o755)
    os.utime(staging, (moment, moment))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _zipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
