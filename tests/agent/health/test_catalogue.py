"""What holds of every check there is or ever will be."""

from pathlib import Path

import pytest

from agent.health import reference
from agent.health.catalogue import Check, catalogue
from agent.health.example import Example
from agent.health.runner import evaluate
from agent.model.health import HealthReport, State
from agent.vcenter.event_kinds import EVENT_KINDS

CHECKS = list(catalogue().values())
EXAMPLES = [(check, example) for check in CHECKS for example in check.examples]
FOUND = {State.INFO, State.WARNING, State.CRITICAL}


def reported(check: Check, example: Example) -> HealthReport:
    return evaluate(example.look(check.kind), checks={check.name: check})


@pytest.mark.parametrize(("check", "example"), EXAMPLES, ids=lambda one: one.name if isinstance(one, Check) else "")
def test_an_example_is_found_or_passed_over_as_it_says(check: Check, example: Example) -> None:
    report = reported(check, example)
    assert report.gaps == (), "an example is never unknown"
    if example.fires:
        assert report.findings
        assert {finding.state for finding in report.findings} <= set(check.states)
        assert all(finding.evidence and finding.message for finding in report.findings)
    else:
        assert report.findings == ()
        assert report.tally[check.name][State.OK] > 0


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_shows_a_finding_and_a_silence(check: Check) -> None:
    assert {example.fires for example in check.examples} == {True, False}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_says_what_it_finds_and_what_it_reads(check: Check) -> None:
    assert check.states
    assert set(check.states) <= FOUND
    assert check.needs or check.sees or check.counters or check.events
    assert all(
        name.rpartition("_")[2] in UNITS for name, value in check.thresholds.items() if type(value) in (int, float)
    )


UNITS = {
    "days", "hours", "minutes", "seconds", "percent", "gib", "mib", "ms", "ratio", "count", "mbit", "version", "months",
}  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_nothing_is_ok_of_an_object_of_which_nothing_is_known(check: Check) -> None:
    if check.kind.slot is None or not check.needs:
        return
    example = Example(
        fields={**(check.when.example if check.when else {}), **dict.fromkeys(check.needs)},
        shown={},
        others=(),
        given=check.examples[0].given,
        fires=False,
    )
    report = reported(check, example)
    assert report.tally[check.name] == {State.UNKNOWN: 1}


@pytest.mark.parametrize("check", [check for check in CHECKS if check.events], ids=lambda check: check.name)
def test_every_kind_of_event_that_a_check_looks_at_is_read(check: Check) -> None:
    assert sorted(check.events - set(EVENT_KINDS)) == []


def test_the_document_is_what_the_checks_say() -> None:
    page = Path("docs/checks.md").read_text(encoding="utf-8")
    assert reference.refreshed(page) == page, "write it anew: python -m agent.health.reference docs/checks.md"


@pytest.mark.parametrize(
    "check",
    [check for check in CHECKS if check.kind.slot or check.about is not check.kind],
    ids=lambda check: check.name,
)
def test_faults_lie_on_the_kind_of_object_that_the_check_says(check: Check) -> None:
    reports = [reported(check, example) for example in check.examples if example.fires]
    assert {finding.kind for report in reports for finding in report.findings} == {check.about.name}


def test_no_file_of_a_check_is_longer_than_a_page() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in Path("agent/health/checks").glob("*.py")}
    assert {name: lines for name, lines in lengths.items() if lines > 75} == {}
