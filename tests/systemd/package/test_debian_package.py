"""What the Debian package holds, as dpkg-deb reads it; built from small wheels made here."""

import gzip
import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from systemd.package.debian_package import CONFFILES, build, debian_version
from systemd.package.failures import NotBuilt
from systemd.package.man_page import man_page
from systemd.package.source_tree import SourceTree
from systemd.package.wheels import Target
from tests.systemd.package.made_wheels import wheel

ROOT = Path(__file__).parents[3]
TREE = SourceTree(root=ROOT, version="1.2.3", moment=1_700_000_000)
BOOKWORM = Target(python="3.11", architecture="amd64")
NATIVE = "core-1.0-cp311-cp311-manylinux_2_28_x86_64.whl"


def made(folder: Path, native: str = NATIVE) -> Path:
    folder.mkdir()
    own = wheel(folder, "checkmeter-1.2.3-py3-none-any.whl", **{"agent/cli/__init__.py": "def main(): ...\n"})
    return build(TREE, BOOKWORM, own, [wheel(folder, native, "License-Expression: MIT")], folder)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def field(package: Path, name: str) -> str:
    return subprocess.run(
        ["dpkg-deb", "--field", package, name], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("package") / "made")


@pytest.fixture(scope="module")
def unpacked(package: Path) -> Path:
    folder = package.parent / "unpacked"
    subprocess.run(["dpkg-deb", "--raw-extract", package, folder], check=True)
    return folder


@pytest.mark.needs("dpkg-deb")
def test_a_package_that_is_built_again_has_the_same_bytes(package: Path, tmp_path: Path) -> None:
    with umask(0o077):
        again = made(tmp_path / "elsewhere")
    assert again.name == package.name
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(package.read_bytes()).digest()


@pytest.mark.needs("dpkg-deb")
def test_its_name_and_its_dependencies_tie_it_to_what_its_native_libraries_need(package: Path) -> None:
    assert package.name == "checkmeter_1.2.3-1+py3.11_amd64.deb"
    assert field(package, "Version") == "1.2.3-1+py3.11"
    needs = field(package, "Depends").split(", ")
    assert {"python3 (>= 3.11)", "python3 (<< 3.12)", "libc6 (>= 2.28)"} <= set(needs)


@pytest.mark.needs("dpkg-deb")
def test_a_library_for_another_python_is_not_packed(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match=r"core-1\.0-cp313.*does not run with Python 3\.11 on amd64"):
        made(tmp_path / "wrong", NATIVE.replace("cp311", "cp313"))


@pytest.mark.needs("dpkg-deb")
def test_a_candidate_sorts_before_its_release_and_a_newer_python_after_an_older() -> None:
    def of(version: str, python: str = "3.11") -> str:
        tree = SourceTree(root=ROOT, version=version, moment=0)
        return debian_version(tree, Target(python=python, architecture="amd64"))

    ordered = [of("0.9.10"), of("0.10.0rc1"), of("0.10.0rc1", "3.13"), of("0.10.0"), of("0.10.0", "3.13"), of("0.10.1")]
    for lower, higher in pairwise(ordered):
        assert subprocess.run(["dpkg", "--compare-versions", lower, "lt", higher], check=False).returncode == 0


@pytest.mark.needs("dpkg-deb")
def test_every_file_below_etc_is_one_that_an_administrator_may_edit(unpacked: Path) -> None:
    shipped = {f"/{path.relative_to(unpacked)}" for path in (unpacked / "etc").rglob("*") if path.is_file()}
    assert set((unpacked / "DEBIAN/conffiles").read_text().split()) == shipped == {f"/{name}" for name in CONFFILES}


@pytest.mark.needs("dpkg-deb")
def test_every_other_file_has_its_sum(unpacked: Path) -> None:
    lines = (unpacked / "DEBIAN/md5sums").read_text().splitlines()
    sums = {name: md5 for md5, name in (line.split("  ", 1) for line in lines)}
    files = {path for path in unpacked.rglob("*") if path.is_file() and path.relative_to(unpacked).parts[0] != "DEBIAN"}
    names = {path.relative_to(unpacked).as_posix(): path for path in files}
    assert set(sums) == set(names) - set(CONFFILES)
    for name, md5 in sums.items():
        assert hashlib.md5(names[name].read_bytes(), usedforsecurity=False).hexdigest() == md5


@pytest.mark.needs("dpkg-deb")
def test_the_unit_finds_in_the_package_what_it_names(unpacked: Path) -> None:
    unit = (unpacked / "usr/lib/systemd/system/checkmeter.service").read_text()
    named = set(re.findall(r"(/(?:usr/bin|etc|usr/share)/[\w./-]+)", unit)) - {"/etc/checkmeter/vcenter-dc1"}
    assert {"/usr/bin/checkmeter", "/etc/checkmeter/checkmeter.yaml", "/etc/checkmeter/web.yml"} <= named
    assert [path for path in named if not (unpacked / path[1:]).exists()] == []
    user = re.search(r"^User=(\w+)$", unit, re.MULTILINE)
    assert user is not None
    assert f"\nu {user[1]} " in (unpacked / "usr/lib/sysusers.d/checkmeter.conf").read_text()


@pytest.mark.needs("dpkg-deb")
@pytest.mark.parametrize("script", ["postinst", "prerm", "postrm"])
def test_the_scripts_are_right_for_the_smallest_shell(unpacked: Path, script: str) -> None:
    done = subprocess.run(["sh", "-n", unpacked / "DEBIAN" / script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.needs("dpkg-deb")
def test_what_it_brings_and_under_which_licence_is_written_in_it(unpacked: Path) -> None:
    documents = unpacked / "usr/share/doc/checkmeter"
    assert "core 1.0: MIT" in (documents / "copyright").read_text()
    assert '"pkg:pypi/core@1.0"' in (documents / "sbom.cdx.json").read_text()
    assert b"checkmeter (1.2.3-1+py3.11)" in gzip.decompress((documents / "changelog.Debian.gz").read_bytes())
    assert (documents / "installation.md").read_text()


@pytest.mark.needs("dpkg-deb")
def test_a_shell_can_read_the_completion(unpacked: Path) -> None:
    script = unpacked / "usr/share/bash-completion/completions/checkmeter"
    asked = "complete -p checkmeter"
    done = subprocess.run(
        ["bash", "--norc", "-c", f'. "$0" && {asked}', script], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip().endswith(" checkmeter"), done.stderr


def test_the_manual_page_names_every_command_and_begins_no_line_with_a_stray_dot() -> None:
    page = man_page("1.2.3", 1_700_000_000)
    assert page.startswith('.TH CHECKMETER 1 2023-11-14 "checkmeter 1.2.3"\n')
    for words in ("serve", "ledger verify", "web hash\\-password", "report", "report verify"):
        assert f".B {words}\n" in page
    macros = {line.split()[0] for line in page.splitlines() if line.startswith(".")}
    assert macros <= {".TH", ".SH", ".B", ".I", ".RI", ".P", ".TP"}
