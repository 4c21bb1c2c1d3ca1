"""Every line that the agent can say when something fails has an entry in docs/troubleshooting.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent import errors
from tests.agent.cli.invocation import ROOT

GUIDE = " ".join((ROOT / "docs/troubleshooting.md").read_text().split())
SPOKEN = ("agent", "exporters")
LEVELS = frozenset({"warning", "error", "exception"})
SHORTEST = 6
"""Of fewer letters of ours a message says what the system said: `…: Permission denied`."""


def python_files() -> list[Path]:
    found = [file for room in SPOKEN for file in (ROOT / room).rglob("*.py")]
    return sorted(file for file in found if "simulator" not in file.parts)


def error_names(trees: dict[Path, ast.Module]) -> set[str]:
    """The agent's own errors, those of `agent.errors` and all that are derived from them anywhere."""
    names = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    bases = {
        node.name: {ast.unparse(base) for base in node.bases}
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    while more := {name for name, of in bases.items() if of & names} - names:
        names |= more
    return names


def pieces(node: ast.expr) -> list[str]:
    """What a message says in so many words, without what is put into it."""
    match node:
        case ast.Constant(value=str(text)):
            return text.split("%s")
        case ast.JoinedStr(values=values):
            return [one.value for one in values if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        case _:
            return []


def messages() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Where each message stands, and its pieces that say something."""
    trees = {file: ast.parse(file.read_text()) for file in python_files()}
    names = error_names(trees)
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = ast.unparse(node.func)
            if called in names or (called.startswith("log.") and called.removeprefix("log.") in LEVELS):
                said = tuple(text for piece in pieces(node.args[0]) if len(text := piece.strip(" :;,()")) >= SHORTEST)
                if said:
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", said


FOUND = sorted(messages())


def test_the_messages_of_the_agent_are_found():
    assert len(FOUND) > 100


@pytest.mark.parametrize(("where", "words"), FOUND, ids=[where for where, _ in FOUND])
def test_each_message_has_an_entry_in_the_guide(where, words):
    rows = [row for row in GUIDE.split(" | ") if "`" in row]
    quoted = [part for row in rows for part in row.split("`")[1::2]]
    assert any(part in said or said in part for part in quoted if len(part) >= SHORTEST for said in words), (
        f"{where} says {words!r}: add a line to docs/troubleshooting.md"
    )
