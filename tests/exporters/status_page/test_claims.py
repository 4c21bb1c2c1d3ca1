"""The table of the contract's claims."""

from dataclasses import replace

from agent.model.claims_status import ClaimsStatus
from exporters.status_page.page import render
from exporters.status_page.table import Level, Table
from exporters.status_page.view import view
from tests.exporters.status_page.sample_world import NOW, healthy_world
from tests.world_claims import CLAIMS


def table(status: ClaimsStatus | None) -> Table | None:
    shown = view(replace(healthy_world(), claims=status), NOW)
    return next((one for one in shown.tables if one.key == "claim"), None)


def test_without_a_contract_there_is_no_table_of_claims() -> None:
    assert table(None) is None


def test_a_false_claim_is_marked_with_figures_and_the_sentence_that_explains_it() -> None:
    found = table(CLAIMS)
    assert found is not None
    assert found.title == "Contract: Driftsaftale"
    assert [row.cells[0].text for row in found.rows] == ["2026-11", "2026-10", "2026-10"], "this month, then the last"
    false = {head.key: cell for head, cell in zip(found.headings, found.rows[1].cells, strict=True)}
    assert (false["verdict"].text, false["verdict"].note, false["verdict"].level) == (
        "breached",
        "reported as met",
        Level.BAD,
    )
    assert (false["target"].text, false["reported"].text) == ("at least 99.9 %", "99.980 %")
    assert false["measured"].text == "99.628\u201399.662 %"
    assert false["why"].text == "erp-db-01: 2 h 30 min down, 44 min 27 s allowed"
    assert "proves that it was missed" in false["why"].title
    assert (false["worth"].text, false["worth"].note) == ("2400 DKK", "until 2026-11-30")


def test_mistakes_in_the_contract_stand_first_and_what_was_judged_before_stays() -> None:
    found = table(replace(CLAIMS, valid=False, problems=("contract.yaml:7:3: spec.timeZone: must be a name",)))
    assert found is not None
    assert "must be a name" in found.rows[0].cells[7].text
    assert len(found.rows) == 4


def test_a_contract_that_was_not_judged_yet_is_no_good_news() -> None:
    found = table(ClaimsStatus())
    assert found is not None
    assert (found.rows, found.empty) == ((), "Not judged yet.")


def test_the_whole_page_prints_the_claims() -> None:
    assert "Contract: Driftsaftale" in render(replace(healthy_world(), claims=CLAIMS), NOW)
