"""Rules of the whole project. What a rule finds is listed by file and line in the failure."""

import ast
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tools import PACKAGES

ROOT = Path(__file__).parent.parent
CODE = {".py", ".j2", ".js", ".css", ".go", ".sh", ".html"}
TEXT = CODE | {"", ".md", ".toml", ".yaml", ".yml", ".json", ".lock", ".service", ".conf", ".txt", ".mod", ".sum"}
LONGEST_FILE = 300
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "base", "manager", "misc"}
FEWEST_WORDS = 4
SHORTEST_REASON = 8


def files(*folders: str, suffixes: set[str]) -> list[Path]:
    """Everything that belongs to the project; folders that start with a dot hold caches and settings, but for .ci."""
    found = (path for folder in folders or (".",) for path in (ROOT / folder).rglob("*"))
    return sorted(path for path in found if path.suffix in suffixes and path.is_file() and not _is_byproduct(path))


def _is_byproduct(path: Path) -> bool:
    folders = path.relative_to(ROOT).parts[:-1]
    return any(name in {"__pycache__", "dist"} or (name.startswith(".") and name != ".ci") for name in folders)


def place(path: Path, line: int | None = None) -> str:
    return f"{path.relative_to(ROOT)}" + (f":{line}" if line else "")


def run_tool(*command: str | Path) -> str:
    """The tool's words if it found fault, otherwise nothing."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=280,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout or f"{command[0]} ended with {done.returncode}"


def installed(command: str) -> Path:
    return Path(sys.executable).with_name(command)


def test_every_source_file_is_clean_to_the_linter() -> None:
    assert run_tool(installed("ruff"), "check", "--no-fix", ".") == ""


def test_every_source_file_is_formatted_by_the_formatter() -> None:
    assert run_tool(installed("ruff"), "format", "--check", ".") == ""


@pytest.mark.timeout(300)
def test_every_type_is_right_under_strict_rules() -> None:
    assert run_tool(installed("mypy")) == ""


@pytest.mark.timeout(300)
def test_every_room_imports_only_rooms_below_it() -> None:
    assert run_tool(installed("lint-imports"), "--no-cache") == ""


def test_no_source_file_is_longer_than_a_reader_likes() -> None:
    scripts = [ROOT / "run", ROOT / ".ci/run"]
    lengths = {path: len(path.read_text().splitlines()) for path in [*files(suffixes=CODE), *scripts]}
    assert [f"{place(path)}: {n} lines" for path, n in lengths.items() if n > LONGEST_FILE] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = files("agent", "exporters", "dashboards", "systemd", "tests", suffixes={".py", ".js", ".go"})
    words = {path: {part.removesuffix(path.suffix) for part in path.relative_to(ROOT).parts} for path in named}
    assert [place(path) for path in named if words[path] & VAGUE_NAMES] == []


def test_every_package_introduces_itself_or_is_empty() -> None:
    silent = []
    for folder in {path.parent for path in files("agent", "exporters", suffixes={".py"})}:
        introduction = folder / "__init__.py"
        if not introduction.exists():
            silent.append(f"{place(folder)}: has no __init__.py")
        elif (tree := ast.parse(introduction.read_text())).body and not ast.get_docstring(tree):
            silent.append(f"{place(introduction)}: has code and no docstring")
    assert silent == []


EXCEPTION = re.compile(
    r"#\s*(?:ruff:\s*)?(?:noqa(?::\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?"
    r"|type:\s*ignore(?:\[[^]]*\])?|mypy:\s*[\w-]+|pragma:?\s*no\s*\w+|nosec(?:\s+B\d+)*)"
)


def comments(path: Path) -> Iterator[tuple[int, str]]:
    with tokenize.open(path) as source:
        for token in tokenize.generate_tokens(source.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def is_unexplained(comment: str) -> bool:
    """Whether a comment switches a check off and does not say why."""
    reason = EXCEPTION.sub("", comment).strip(" #:-,")
    return bool(EXCEPTION.search(comment)) and len(reason) < SHORTEST_REASON


def test_every_exception_to_the_linter_says_why_on_its_line() -> None:
    found = [(path, *comment) for path in files(suffixes={".py"}) for comment in comments(path)]
    assert [f"{place(path, line)}: {text}" for path, line, text in found if is_unexplained(text)] == []


@pytest.mark.parametrize(
    ("comment", "unexplained"),
    [
        ("# noqa: S603, S607", True),
        ("# noqa: S603, S607 - the test runs a real tool", False),
        ("# type: ignore[attr-defined]", True),
        ("# type: ignore[attr-defined]  # missing from the stubs", False),
        ("# type: ignore[attr-defined]  # noqa: PGH003", True),
        ("# pragma: no cover", True),
        ("# a remark about nothing", False),
    ],
)
def test_a_reason_is_told_from_a_code_of_the_linter(comment: str, *, unexplained: bool) -> None:
    assert is_unexplained(comment) is unexplained


def functions_in(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            yield node.lineno, node.name


def test_the_name_of_every_test_is_a_sentence() -> None:
    found = [(path, *test) for path in files("tests", suffixes={".py"}) for test in functions_in(path)]
    short = [(path, line, name) for path, line, name in found if len(name.split("_")[1:]) < FEWEST_WORDS]
    assert [f"{place(path, line)}: {name}" for path, line, name in short] == []


def test_only_a_missing_tool_or_being_root_may_skip_a_test() -> None:
    skipping = re.compile(
        r"\bpytest\.(?:skip|importorskip|xfail)\(|\bmark\.(?:skip|skipif|xfail)\b(?!\(os\.geteuid\(\) == 0)"
    )
    allowed = {ROOT / "tests/tools.py", Path(__file__)}
    found = [
        place(path, number)
        for path in files("tests", suffixes={".py"})
        if path not in allowed
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if skipping.search(line)
    ]
    assert found == []


def test_continuous_integration_installs_every_tool_that_a_test_may_need() -> None:
    script = (ROOT / ".ci/run").read_text()
    assert [tool for tool, (command, _) in PACKAGES.items() if not re.search(rf"\b{command}\b", script)] == []
    assert [tool for tool, (_, package) in PACKAGES.items() if not re.search(rf"\b{package}\b", script)] == []


def test_nothing_names_the_machine_it_was_written_on() -> None:
    machine = re.compile(r"(?<![\w.$}-])/(?:work|home|root|Users|mnt)/\w")
    found = [
        f"{place(path, number)}: {match[0]}"
        for path in files(suffixes=TEXT)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if (match := machine.search(line))
    ]
    assert found == []


def locked(name: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Package -> version, hashes of its files."""
    entries = re.findall(
        r"^([\w.-]+)==([^\s;]+)[^\n]*((?:\\?\n\s+--hash=sha256:[0-9a-f]{64}[^\n]*)*)",
        (ROOT / name).read_text(),
        re.MULTILINE,
    )
    return {
        canonicalize_name(package): (version, frozenset(re.findall(r"sha256:([0-9a-f]{64})", hashes)))
        for package, version, hashes in entries
    }


def unlocked(requirements: list[str], lock: str) -> list[str]:
    """Requirements that the lock file does not meet."""
    versions = {package: version for package, (version, _) in locked(lock).items()}
    wanted = [Requirement(text) for text in requirements]
    return [
        f"{want}: {lock} has {versions.get(canonicalize_name(want.name))}"
        for want in wanted
        if not want.specifier.contains(versions.get(canonicalize_name(want.name), "0"))
    ]


def test_the_locks_hold_a_version_of_everything_that_is_asked_for() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = [*settings["project"]["dependencies"], *settings["project"]["optional-dependencies"]["simulator"]]
    assert unlocked(runtime, "requirements.lock") == []
    assert unlocked(settings["dependency-groups"]["dev"], "requirements-dev.lock") == []


def test_a_package_that_is_called_typed_says_so_to_type_checkers() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "Typing :: Typed" in settings["project"]["classifiers"]
    shipped = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert [name for name in shipped if not (ROOT / name / "py.typed").exists()] == []


def test_developers_have_exactly_the_versions_that_users_have() -> None:
    developers = locked("requirements-dev.lock")
    assert {name: entry for name, entry in locked("requirements.lock").items() if developers.get(name) != entry} == {}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-build.lock"])
def test_every_locked_package_has_the_hashes_of_its_files(lock: str) -> None:
    assert [name for name, (_, hashes) in locked(lock).items() if not hashes] == []
    assert "://" not in (ROOT / lock).read_text(), "a lock names no registry: each machine has its own"
