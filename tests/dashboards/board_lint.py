"""What a dashboard has to be: each rule is a function from a dashboard to what is wrong with it.

The useful ones of Grafana's dashboard-linter, and our own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any, TypeAlias

import promql_parser as promql

from tests.dashboards.expressions import BOARDS, Expression, dashboard_expressions, load_board, panels
from tests.dashboards.result_labels import UnknownName, known, result_labels, selectors, unknown_states

Board: TypeAlias = Mapping[str, Any]
Rule: TypeAlias = Callable[[Board], Iterator[str]]

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
NEEDS_COUNTER = {"rate", "increase", "irate", "resets"}
GRID_WIDTH = 24
MOST_PANELS = 24
TRUST = [101, 102, 103, 105]
# nobody wants five thousand lines in a panel
NEVER_ALL = {"vm"}


def the_data_source_is_a_variable(board: Board) -> Iterator[str]:
    first = board["templating"]["list"][0]
    if (first["name"], first["type"], first["query"]) != ("datasource", "datasource", "prometheus"):
        yield "the first variable is not the data source"
    holders = [*panels(board), *(target for panel in panels(board) for target in panel["targets"])]
    holders += [variable for variable in board["templating"]["list"] if variable["type"] == "query"]
    holders += [annotation for annotation in board["annotations"]["list"] if annotation.get("expr")]
    for holder in holders:
        if holder.get("datasource") != DATASOURCE:
            yield f"{holder.get('title') or holder.get('name') or holder.get('expr')}: fixed data source"


def variables_follow_the_time_range_and_offer_all(board: Board) -> Iterator[str]:
    names = [variable["name"] for variable in board["templating"]["list"]]
    if names[:3] != ["datasource", "job", "vcenter"]:
        yield f"variables are {names}"
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            wanted = {"refresh": 2, "multi": True}
            if variable["name"] not in NEVER_ALL:
                wanted |= {"includeAll": True, "allValue": ".*"}
            if not wanted.items() <= variable.items():
                yield f"variable {variable['name']} is not {wanted}"


def the_first_row_says_whether_the_figures_can_be_trusted(board: Board) -> Iterator[str]:
    first, *others = board["panels"]
    ids = [panel["id"] for panel in others[:4]]
    if first["type"] != "row" or first["id"] != 100 or ids != TRUST:
        yield f"begins with {first['title']} and the panels {ids}"


def what_happened_is_drawn_behind_the_panels(board: Board) -> Iterator[str]:
    names = {one["name"] for one in board["annotations"]["list"] if one.get("expr")}
    if not names >= {"Outages", "Planned work", "HA restarts"}:
        yield f"annotations are {names}"


def links_in_tables_lead_to_a_board_and_its_variable(board: Board) -> Iterator[str]:
    boards = {one["uid"]: one for one in map(load_board, BOARDS)}
    for panel in panels(board):
        for override in panel["fieldConfig"].get("overrides", []):
            links = [link for one in override["properties"] if one["id"] == "links" for link in one["value"]]
            for link in links:
                found = re.fullmatch(r"/d/([\w-]+)\?.*&var-(\w+)=\$\{__value\.raw\}", link["url"])
                if not found or found[2] not in {one["name"] for one in boards[found[1]]["templating"]["list"]}:
                    yield f"{panel['title']}: {link['url']}"


def every_panel_says_what_it_answers(board: Board) -> Iterator[str]:
    for panel in panels(board):
        if not panel.get("title") or not panel.get("description"):
            yield f"panel {panel.get('id')}: no title or no description"


def every_panel_has_a_unit(board: Board) -> Iterator[str]:
    for panel in panels(board):
        if not panel["fieldConfig"]["defaults"].get("unit"):
            yield f"{panel['title']}: no unit"


def every_panel_asks_something(board: Board) -> Iterator[str]:
    for panel in panels(board):
        if not panel["targets"] or any(not target.get("expr") for target in panel["targets"]):
            yield f"{panel['title']}: nothing asked"


def panels_have_ids_of_their_own(board: Board) -> Iterator[str]:
    rows = [panel for panel in board["panels"] if panel["type"] == "row"]
    ids = [panel.get("id") for panel in (*rows, *panels(board))]
    if None in ids or len(set(ids)) != len(ids):
        yield f"ids are missing or doubled: {ids}"


def panels_do_not_overlap(board: Board) -> Iterator[str]:
    for panel in board["panels"]:
        if panel["gridPos"]["x"] + panel["gridPos"]["w"] > GRID_WIDTH:
            yield f"{panel['title']}: beyond the right edge"
    for one, other in combinations(board["panels"], 2):
        a, b = one["gridPos"], other["gridPos"]
        beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        above = a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
        if not beside and not above:
            yield f"{one['title']} covers {other['title']}"


def it_fits_on_a_screen_or_two(board: Board) -> Iterator[str]:
    count = len(list(panels(board)))
    if count > MOST_PANELS:
        yield f"{count} panels"


def it_is_a_classic_read_only_dashboard(board: Board) -> Iterator[str]:
    if board["schemaVersion"] != 39 or not isinstance(board.get("refresh"), str) or board["editable"]:
        yield "not schemaVersion 39, refresh no text, or editable"
    if not board.get("uid") or board.get("id") is not None:
        yield "no uid, or an id of some database"


def links_keep_variables_and_time(board: Board) -> Iterator[str]:
    if not board["links"]:
        yield "no links to the other dashboards"
    for link in board["links"]:
        if not (link["includeVars"] and link["keepTime"]) or link.get("placement"):
            yield f"link {link['title']} drops variables or time, or hides in a menu"


def every_name_exists(board: Board) -> Iterator[str]:
    for expression in dashboard_expressions(board):
        try:
            labels = result_labels(promql.parse(expression.promql), known())
        except (UnknownName, ValueError) as error:  # the parser raises ValueError on what is no PromQL
            yield f"{expression.where}: {error}"
        else:
            if expression.label and expression.label not in labels:
                yield f"{expression.where}: no label {expression.label}"


def every_state_exists(board: Board) -> Iterator[str]:
    for expression in dashboard_expressions(board):
        for mistake in unknown_states(expression.promql):
            yield f"{expression.where}: {mistake}"


def tables_show_labels_that_exist(board: Board) -> Iterator[str]:
    labels_by_panel: dict[str, set[str]] = {}
    for expression in dashboard_expressions(board):
        panel = expression.where.rpartition(" / ")[0]
        labels_by_panel.setdefault(panel, set()).update(result_labels(promql.parse(expression.promql), known()))
    for panel in panels(board):
        letters = [target["refId"] for target in panel["targets"]]
        values = {f"Value #{letter}" for letter in letters} if len(letters) > 1 else {"Value"}
        for step in panel.get("transformations", []):
            shown = step["options"].get("renameByName", {})
            for field in set(shown) - values - labels_by_panel[f"{board['title']} / {panel['title']}"]:
                yield f"{panel['title']}: no column {field}"


def every_selector_heeds_the_variables(board: Board) -> Iterator[str]:
    for expression in _of_panels(board):
        for selector, _ in selectors(expression.promql):
            matched = {matcher.name for matcher in selector.matchers.matchers}
            for label in {"job", "vcenter"} & known()[selector.name] - matched:
                yield f"{expression.where}: {selector.name} is not chosen by ${label}"


def counters_are_asked_for_their_rate_only(board: Board) -> Iterator[str]:
    for expression in _of_panels(board):
        for selector, function in selectors(expression.promql):
            is_counter = selector.name.endswith("_total")
            if is_counter != (function in NEEDS_COUNTER):
                yield f"{expression.where}: {selector.name} in {function or 'no function'}"


def ranges_fit_the_scrape_interval(board: Board) -> Iterator[str]:
    for expression in _of_panels(board):
        fixed = re.search(r"\b(?:rate|increase|irate)\([^\[]*\[(?!\$__(?:rate_interval|range)\])", expression.written)
        if fixed:
            yield f"{expression.where}: {fixed[0]}… is not $__rate_interval or $__range"


def _of_panels(board: Board) -> Iterator[Expression]:
    return (expression for expression in dashboard_expressions(board) if expression.label is None)


RULES: tuple[Rule, ...] = (
    the_data_source_is_a_variable,
    variables_follow_the_time_range_and_offer_all,
    the_first_row_says_whether_the_figures_can_be_trusted,
    what_happened_is_drawn_behind_the_panels,
    links_in_tables_lead_to_a_board_and_its_variable,
    every_panel_says_what_it_answers,
    every_panel_has_a_unit,
    every_panel_asks_something,
    panels_have_ids_of_their_own,
    panels_do_not_overlap,
    it_fits_on_a_screen_or_two,
    it_is_a_classic_read_only_dashboard,
    links_keep_variables_and_time,
    every_name_exists,
    every_state_exists,
    tables_show_labels_that_exist,
    every_selector_heeds_the_variables,
    counters_are_asked_for_their_rate_only,
    ranges_fit_the_scrape_interval,
)
