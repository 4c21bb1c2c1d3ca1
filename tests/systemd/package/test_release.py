"""What has to be true of a tree before it is released, and what is said where it is not."""

import subprocess
import tarfile
from pathlib import Path

import pytest

from systemd.package.failures import NotBuilt, run
from systemd.package.release import hindrances
from systemd.package.source_tree import SourceTree, committed_copy, source_tree
from systemd.package.wheelhouse import wheelhouse
from tests.systemd.package.made_wheels import wheel

pytestmark = pytest.mark.needs("git")
NOTES = """\
# Changelog

## [Unreleased]

## [1.2.3] - 2026-11-24

### Added

- Much.

## [1.2.2] - 2026-10-01
"""


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A tester", "-c", "user.email=tester@example.org")
    subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True)


def tree(folder: Path, notes: str = NOTES, shown: str = "1.2.3") -> Path:
    """A tree of version 1.2.3, committed."""
    folder.mkdir()
    (folder / "agent").mkdir()
    (folder / "agent/__init__.py").write_text(f'__version__ = "{shown}"\n')
    (folder / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    (folder / "CHANGELOG.md").write_text(notes)
    (folder / "requirements.lock").write_text("")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=All of it", "--date=2026-11-24T12:00:00Z")
    return folder


def test_a_tree_whose_notes_and_files_are_in_order_may_be_released(tmp_path: Path) -> None:
    assert hindrances(source_tree(tree(tmp_path / "tree"), {})) == []


@pytest.mark.parametrize(
    ("notes", "complaint"),
    [
        (NOTES.replace("[1.2.3]", "[1.2.4]"), "has no section '## [1.2.3] - YYYY-MM-DD'"),
        (NOTES.replace(" - 2026-11-24", ""), "the section of 1.2.3 in CHANGELOG.md has no date"),
        (NOTES.replace("2026-11-24", "2026-11-31"), "the section of 1.2.3 in CHANGELOG.md has no date"),
        (NOTES.replace("## [Unreleased]\n", "## [Unreleased]\n\n- More.\n"), "has changes under [Unreleased]"),
    ],
)
def test_notes_that_do_not_tell_of_this_version_hinder_it(tmp_path: Path, notes: str, complaint: str) -> None:
    (found,) = hindrances(source_tree(tree(tmp_path / "tree", notes), {}))
    assert complaint in found


def test_a_file_that_is_not_committed_hinders_it(tmp_path: Path) -> None:
    there = tree(tmp_path / "tree")
    (there / "odd.txt").touch()
    (found,) = hindrances(source_tree(there, {}))
    assert found == "1 files are not as committed, first odd.txt; commit or remove them"


def test_only_what_is_committed_is_built_from(tmp_path: Path) -> None:
    there = tree(tmp_path / "clone")
    (there / "odd.txt").touch()
    copy = committed_copy(source_tree(there, {}), tmp_path)
    assert (copy.root / "pyproject.toml").exists()
    assert not (copy.root / "odd.txt").exists()


def test_two_versions_in_one_tree_are_noticed(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match=r"says version 1\.2\.3, agent/__init__\.py says 1\.2\.2"):
        source_tree(tree(tmp_path / "tree", shown="1.2.2"), {})


def test_the_moment_is_that_of_the_commit_unless_it_is_given(tmp_path: Path) -> None:
    there = tree(tmp_path / "tree")
    committed = int(run("git", "-C", there, "log", "-1", "--format=%ct"))
    assert source_tree(there, {}).moment == committed
    assert source_tree(there, {"SOURCE_DATE_EPOCH": "17"}).moment == 17
    with pytest.raises(NotBuilt, match="'now'; it has to be seconds since 1970"):
        source_tree(there, {"SOURCE_DATE_EPOCH": "now"})


def test_a_folder_that_is_no_clone_has_no_moment_and_says_so(tmp_path: Path) -> None:
    there = tree(tmp_path / "tree")
    (there / ".git").rename(tmp_path / "elsewhere")
    with pytest.raises(NotBuilt, match="is no clone, so it has no moment; set SOURCE_DATE_EPOCH"):
        source_tree(there, {})


def test_something_else_than_a_tree_of_ours_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="is not a tree of Checkmeter"):
        source_tree(tmp_path, {})


def test_a_program_that_fails_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match=r"^git -C failed: fatal: .*not a git repository"):
        run("git", "-C", tmp_path, "log", environment={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent), "LC_ALL": "C"})
    with pytest.raises(NotBuilt, match=r"^no-such-program is not installed$"):
        run("no-such-program")


def test_the_same_wheels_give_the_same_wheelhouse(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("one==1.0 --hash=sha256:00\n")
    here = SourceTree(root=tmp_path, version="1.2.3", moment=1_700_000_000)
    own, one = (wheel(tmp_path, f"{name}-py3-none-any.whl") for name in ("checkmeter-1.2.3", "one-1.0"))
    (tmp_path / "again").mkdir()
    first = wheelhouse(here, own, [one], bill="{}", how="How.", folder=tmp_path)
    second = wheelhouse(here, own, [one], bill="{}", how="How.", folder=tmp_path / "again")
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as archive:
        names = {Path(name).name for name in archive.getnames()}
    assert names == {"README", "requirements.lock", "checkmeter-1.2.3.cdx.json", own.path.name, one.path.name}
