"""When findings come and go: blips are not written down, what cannot be judged is not over."""

from datetime import timedelta
from typing import Any

from agent.health.example import NOON
from agent.health.history import FindingHistory
from agent.model.health import Finding, Gap, HealthReport, Reason, State


def finding(state: State = State.WARNING, **changes: Any) -> Finding:
    fields = {
        "check": "vm_cpu_ready",
        "kind": "vm",
        "object_id": "50-1",
        "moid": "vm-1",
        "object_name": "erp",
        "part": "",
        "message": "waits",
    }
    return Finding(state=state, **{**fields, **changes})


def report(minutes: int, *findings: Finding, gaps: tuple[Gap, ...] = ()) -> HealthReport:
    return HealthReport(evaluated_at=NOON + timedelta(minutes=minutes), findings=findings, gaps=gaps)


def told(history: FindingHistory, *reports: HealthReport) -> list[tuple[State | None, int]]:
    """State and minute of all that is written down, for a check that wants ten minutes."""
    changes = [one for each in reports for one in history.saw(each, lambda _: timedelta(minutes=10))]
    return [(one.state, int((one.at - NOON).total_seconds() // 60)) for one in changes]


def test_what_stands_long_enough_began_when_it_was_first_seen_and_ended_when_it_was_last_seen() -> None:
    found = finding()
    reports = [report(0, found), report(5, found), report(10, found), report(20, found), report(25), report(31)]
    assert told(FindingHistory({}, NOON), *reports) == [(State.WARNING, 0), (None, 20)]


def test_a_blip_is_not_written_down_and_a_gap_of_minutes_is_no_end() -> None:
    found = finding()
    assert told(FindingHistory({}, NOON), report(0, found), report(5), report(10, found)) == []
    reports = [report(0, found), report(10, found), report(15), report(18, found), report(30, found)]
    assert told(FindingHistory({}, NOON), *reports) == [(State.WARNING, 0)]


def test_a_finding_that_gets_worse_is_written_down_at_once() -> None:
    reports = [report(0, finding()), report(10, finding()), report(11, finding(State.CRITICAL))]
    assert told(FindingHistory({}, NOON), *reports) == [(State.WARNING, 0), (State.CRITICAL, 11)]


def test_what_nobody_can_judge_any_more_is_not_over() -> None:
    gap = Gap(
        check="vm_cpu_ready", kind="vm", reason=Reason.STALE, source="QueryPerf", privilege=None, objects=("erp",)
    )
    reports = [report(0, finding()), report(10, finding()), report(60, gaps=(gap,)), report(90, gaps=(gap,))]
    assert told(FindingHistory({}, NOON), *reports) == [(State.WARNING, 0)]


def test_after_a_restart_what_the_ledger_has_goes_on() -> None:
    began = NOON - timedelta(hours=41)
    history = FindingHistory({finding().key: (State.WARNING, began)}, NOON)
    assert told(history, report(0, finding())) == []
    assert history.since(finding().key) == began
    assert told(history, report(30)) == [(None, 0)]
