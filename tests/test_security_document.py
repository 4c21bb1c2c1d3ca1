"""Every threat in docs/security.md has a test that exists."""

import ast

import pytest

from tests.agent.cli.invocation import ROOT

THREATS = (ROOT / "docs/security.md").read_text().partition("## Threats")[2].partition("\n## ")[0]
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in THREATS.splitlines()
    if line.startswith("|") and "**" not in line and "---" not in line
][1:]


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:60] for row in ROWS])
def test_each_threat_names_tests_that_are_there(row):
    _threat, promise, held_by = row
    assert promise
    named = held_by.split("`")[1::2]
    assert named
    for one in named:
        file, _, test = one.partition("::")
        there = {
            node.name for node in ast.walk(ast.parse((ROOT / file).read_text())) if isinstance(node, ast.FunctionDef)
        }
        assert test in there, one


def test_the_list_of_threats_is_not_empty():
    assert len(ROWS) > 25
