"""What the documents say exists: commands, flags, files, decisions."""

import re
import shlex
from pathlib import Path

import click
import pytest

from agent.cli.program import program

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("dashboards/**/*.md")])
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
DEVELOPERS_COMMANDS = {"test", "check", "package"}
ALWAYS_THERE = {"--help", "-h", "--version"}


def name_of(document: Path) -> str:
    return str(document.relative_to(ROOT))


def command_lines(document: Path) -> list[list[str]]:
    """The words after `./run` or `checkmeter` in the document's code blocks and code spans."""
    code = re.findall(r"```[^\n]*\n(.*?)```|`([^`\n]+)`", document.read_text(), re.DOTALL)
    text = "\n".join(block or span for block, span in code).replace("\\\n", " ")
    lines = re.findall(r"^\s*(?:\$ )?(?:sudo )?(?:\./run|checkmeter) ([^|;&><\n]+)", text, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


def complaint(words: list[str]) -> str | None:
    """Why the command line would not be understood; None if it would."""
    command: click.Command = program
    context = click.Context(command)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        try:
            name, found, words = command.resolve_command(context, words)
        except click.UsageError as error:
            return error.format_message()
        assert found is not None
        command, context = found, click.Context(found, parent=context, info_name=name)
    known = ALWAYS_THERE.union(*(option.opts + option.secondary_opts for option in command.params))
    unknown = [word for word in words if word.startswith("-") and word != "-" and word.partition("=")[0] not in known]
    return f"no option {', '.join(unknown)}" if unknown else None


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_that_a_document_shows_is_understood(document: Path) -> None:
    shown = [words for words in command_lines(document) if words and words[0] not in DEVELOPERS_COMMANDS]
    assert [f"{shlex.join(words)}: {why}" for words in shown if (why := complaint(words))] == []


def test_the_readme_shows_the_demo_and_the_tests_as_commands() -> None:
    assert {"demo", "test"} <= {words[0] for words in command_lines(ROOT / "README.md") if words}


def test_a_command_that_does_not_exist_is_found_out() -> None:
    assert complaint(["surve"]) is not None
    assert complaint(["serve", "--no-such-flag"]) == "no option --no-such-flag"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_to_a_file_of_the_project_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text())
    assert [to for to in targets if "://" not in to and not (document.parent / to).exists()] == []


def test_every_document_that_the_source_refers_to_exists() -> None:
    sources = [ROOT / "run", ROOT / ".ci/run", ROOT / "pyproject.toml", *sorted(ROOT.glob("agent/**/*.py"))]
    named = [
        (name_of(path), name) for path in sources for name in re.findall(r"\bdocs/[\w./-]+\.md\b", path.read_text())
    ]
    assert named, "run itself names one"
    assert [f"{path}: {name}" for path, name in named if not (ROOT / name).exists()] == []


def test_decisions_are_numbered_without_a_gap_and_the_architecture_names_each() -> None:
    assert [document.name[:4] for document in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]
    architecture = (ROOT / "docs/architecture.md").read_text()
    assert [document.name for document in DECISIONS if document.name not in architecture] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=name_of)
def test_a_decision_says_what_was_chosen_why_and_at_what_price(decision: Path) -> None:
    headings = re.findall(r"^## (.+)$", decision.read_text(), re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences"]


def test_the_change_log_has_a_place_for_what_is_not_released_yet() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()
