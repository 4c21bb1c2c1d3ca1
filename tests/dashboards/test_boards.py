import copy
from typing import Any

import pytest

from dashboards.boards import rendered
from tests.dashboards.board_lint import RULES, Rule
from tests.dashboards.expressions import BOARDS, dashboard_expressions, load_board, panels

ONCALL = next(path for path in BOARDS if path.stem == "oncall")
NAMES = {"agent", "bill", "capacity", "hosts", "hygiene", "oncall", "sla", "vendor", "vm"}


def test_the_committed_dashboards_are_what_the_boards_render() -> None:
    committed = {path.stem: path.read_text(encoding="utf-8") for path in BOARDS}
    assert dict(rendered()) == committed, "run: python -m dashboards.boards"


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_dashboard_keeps_the_rules(rule: Rule, path: Any) -> None:
    assert list(rule(load_board(path))) == []


def _panel(board: dict[str, Any], panel_type: str = "stat") -> dict[str, Any]:
    return next(panel for panel in panels(board) if panel["type"] == panel_type)


def _ask(board: dict[str, Any], expr: str) -> None:
    _panel(board)["targets"][0]["expr"] = expr


def _relink(board: dict[str, Any], url: str) -> None:
    properties = [one for panel in panels(board) for o in panel["fieldConfig"]["overrides"] for one in o["properties"]]
    next(one for one in properties if one["id"] == "links")["value"][0]["url"] = url


# What breaks each rule: a rule that has nothing here is not known to find anything.
MISTAKES = [
    ("the_data_source_is_a_variable", lambda board: _panel(board)["targets"][0].update(datasource={"uid": "abc"})),
    ("the_data_source_is_a_variable", lambda board: board["templating"]["list"].reverse()),
    ("variables_follow_the_time_range_and_offer_all", lambda board: board["templating"]["list"][1].update(refresh=1)),
    ("the_first_row_says_whether_the_figures_can_be_trusted", lambda board: board["panels"].pop(0)),
    ("what_happened_is_drawn_behind_the_panels", lambda board: board["annotations"]["list"].clear()),
    ("links_in_tables_lead_to_a_board_and_its_variable", lambda board: _relink(board, "/d/checkmeter-vm?var-machine=")),
    ("every_panel_says_what_it_answers", lambda board: _panel(board).pop("description")),
    ("every_panel_has_a_unit", lambda board: _panel(board)["fieldConfig"]["defaults"].pop("unit")),
    ("every_panel_asks_something", lambda board: _panel(board)["targets"].clear()),
    ("panels_have_ids_of_their_own", lambda board: _panel(board).update(id=_panel(board, "table")["id"])),
    ("panels_do_not_overlap", lambda board: _panel(board)["gridPos"].update(w=20)),
    ("panels_do_not_overlap", lambda board: _panel(board, "table")["gridPos"].update(x=20)),
    ("it_fits_on_a_screen_or_two", lambda board: board["panels"].extend([_panel(board)] * 20)),
    ("it_is_a_classic_read_only_dashboard", lambda board: board.update(schemaVersion=42)),
    ("it_is_a_classic_read_only_dashboard", lambda board: board.update(refresh=False)),
    ("links_keep_variables_and_time", lambda board: board["links"][0].update(includeVars=False)),
    ("every_name_exists", lambda board: _ask(board, "vsphere_vm_mood")),
    ("every_name_exists", lambda board: _ask(board, "sum by (cluster) (vsphere_vm_cpus)")),
    ("every_name_exists", lambda board: _ask(board, "vsphere_vm_cpus * on (vm_id) group_left (esx) vsphere_vm_info")),
    ("every_name_exists", lambda board: _ask(board, 'vsphere_vm_cpus{,job=~"$job"}')),
    ("every_state_exists", lambda board: _ask(board, 'vsphere_vm_power_state{state=~"poweredOn|on"}')),
    ("tables_show_labels_that_exist", lambda board: _panel(board, "table")["targets"][0].update(expr="sum(up)")),
    ("every_selector_heeds_the_variables", lambda board: _ask(board, 'vsphere_vm_cpus{job=~"$job"}')),
    ("counters_are_asked_for_their_rate_only", lambda board: _ask(board, "checkmeter_vcenter_logins_total")),
    ("counters_are_asked_for_their_rate_only", lambda board: _ask(board, "rate(vsphere_vm_cpus[$__rate_interval])")),
    ("ranges_fit_the_scrape_interval", lambda board: _ask(board, "rate(checkmeter_vcenter_logins_total[5m])")),
]


@pytest.mark.parametrize(("name", "spoil"), MISTAKES, ids=[f"{name}-{i}" for i, (name, _) in enumerate(MISTAKES)])
def test_a_rule_finds_the_mistake_it_is_for(name: str, spoil: Any) -> None:
    rule = next(rule for rule in RULES if rule.__name__ == name)
    board = copy.deepcopy(load_board(ONCALL))
    spoil(board)
    assert list(rule(board))


def test_every_rule_has_a_mistake_that_it_finds() -> None:
    assert {rule.__name__ for rule in RULES} == {name for name, _ in MISTAKES}


def test_the_nine_dashboards_are_there() -> None:
    assert {path.stem for path in BOARDS} == NAMES


def test_no_two_dashboards_share_an_address() -> None:
    uids = [load_board(path)["uid"] for path in BOARDS]
    assert len(set(uids)) == len(uids)


def test_every_expression_has_its_variables_put_in() -> None:
    found = [expression for path in BOARDS for expression in dashboard_expressions(load_board(path))]
    assert len(found) > len(BOARDS) * 10
    assert not [expression for expression in found if "$" in expression.promql]
