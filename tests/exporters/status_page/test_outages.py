"""The table of the last outages."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from agent.model.availability import Cause, Evidence, EvidenceKind, Outage, State
from agent.model.world import LedgerStatus, Problem, RecentOutage, World
from exporters.status_page.page import render
from exporters.status_page.table import Level, Table
from exporters.status_page.view import StatusView, view
from tests.exporters.status_page.sample_world import NOW, ago, healthy_world, target, world


def proof(key: int, kind: str, at: datetime) -> Evidence:
    return Evidence(kind=EvidenceKind.EVENT, name=kind, at=at, learned_at=at, event_key=key)


def outage(**changes: Any) -> Outage:
    start = ago(days=1, seconds=7)
    known = Outage(
        object_id="5000-1",
        start=start,
        end=start + timedelta(minutes=4, seconds=12),
        earliest_start=start,
        ongoing=False,
        state=State.DOWN,
        cause=Cause.POWER_OFF,
        who="VENDOR\\operator",
        evidence=(proof(4711, "VmPoweredOffEvent", start), proof(4715, "VmPoweredOnEvent", start)),
        learned_at=start,
    )
    return replace(known, **changes)


def world_with(*outages: Outage, judged: bool = True, name: str = "erp-db01") -> World:
    recent = tuple(RecentOutage(kind="vm", name=name, outage=one) for one in outages)
    ledger = LedgerStatus(judged_until=NOW if judged else None, recent_outages=recent)
    return world(replace(target(), ledger=ledger))


def table(shown: World) -> Table:
    return next(one for one in view(shown, NOW).tables if one.key == "outage")


def row(one: Outage) -> dict[str, Any]:
    found = table(world_with(one))
    return {head.key: cell for head, cell in zip(found.headings, found.rows[0].cells, strict=True)}


def test_an_outage_is_told_to_the_second_with_who_did_it_and_the_keys_of_its_events() -> None:
    told = row(outage())
    assert (told["name"].text, told["state"].text, told["start"].text) == ("erp-db01", "down", "2026-11-23 07:51:38Z")
    assert (told["length"].text, told["length"].title, told["length"].note) == ("4 min", "252 s", "")
    assert told["cause"].text == "switched off by VENDOR\\operator"
    assert told["evidence"].text == "VmPoweredOffEvent 4711, VmPoweredOnEvent 4715"


def test_an_outage_that_lasts_is_marked_as_bad_and_one_that_is_over_is_not() -> None:
    assert row(outage(ongoing=True))["state"].level is Level.BAD
    assert row(outage(ongoing=True))["length"].text == "4 min so far"
    assert row(outage())["state"].level is None


def test_what_may_have_been_longer_says_how_long_at_most() -> None:
    start = outage().start
    assert row(outage(earliest_start=start - timedelta(minutes=1)))["length"].note == "at most 5 min"


def test_a_length_that_nothing_measured_is_not_called_zero() -> None:
    start = outage().start
    assert row(outage(end=start, state=State.GUEST_SILENT, cause=Cause.RESET))["length"].text == "not measured"


def test_the_newest_outage_comes_first() -> None:
    older = outage(start=ago(days=9), earliest_start=ago(days=9), end=ago(days=8))
    assert [one.cells[2].text for one in table(world_with(older, outage())).rows] == [
        "2026-11-23 07:51:38Z",
        "2026-11-15 07:51:45Z",
    ]


def test_no_outage_is_good_news_only_once_the_ledger_was_judged() -> None:
    assert table(world_with()).empty == "None in this month and the one before."
    assert table(world_with(judged=False)).empty == "The ledger has not been judged yet."


def test_much_evidence_is_cut_and_counted() -> None:
    many = tuple(proof(number, "VmPoweredOffEvent", ago(days=1)) for number in range(7))
    assert row(outage(evidence=many))["evidence"].text.endswith("VmPoweredOffEvent 3 and 3 more")


def test_the_page_escapes_the_name_of_a_vm_that_was_down() -> None:
    page = render(world_with(outage(), name="<script>alert(1)</script>"), NOW)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def shown_with(ledger: LedgerStatus) -> StatusView:
    (known,) = healthy_world().targets.values()
    return view(world(replace(known, ledger=ledger)), NOW)


def facts(shown: StatusView) -> dict[str, str]:
    return {fact.label: fact.value.text for fact in shown.connections[0].facts}


def test_a_ledger_that_is_not_kept_is_told_in_the_verdict_with_reason_and_cure() -> None:
    full = Problem(
        kind="ledger", problem="database or disk is full", cure="free space on its disk", since=ago(minutes=3)
    )
    shown = shown_with(LedgerStatus(problems={"events": full, "observations": full}))
    assert shown.verdict.level is Level.BAD
    assert shown.verdict.text.startswith("The ledger of vc-a is not kept for 3 min")
    assert facts(shown)["Ledger"] == "not kept: database or disk is full; free space on its disk"


def test_an_altered_ledger_is_told_in_the_verdict_with_its_row() -> None:
    shown = shown_with(LedgerStatus(chain_valid=False, chain_problem="row 7 is missing"))
    assert shown.verdict.text.startswith("The ledger of vc-a was altered")
    assert facts(shown)["Ledger"] == "altered: row 7 is missing"


def test_a_ledger_that_is_kept_says_until_when_events_are_read_and_no_more() -> None:
    shown = shown_with(LedgerStatus(chain_valid=True, covered_until=ago(seconds=5)))
    assert facts(shown)["Events read until"] == "5 s ago"
    assert "Ledger" not in facts(shown)
    assert shown.verdict.level is Level.OK
