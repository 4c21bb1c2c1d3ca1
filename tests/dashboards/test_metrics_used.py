"""Every metric is shown, alarmed by, or listed with the reason why it is not."""

from tests.dashboards.expressions import (
    BOARDS,
    ROOT,
    RULES,
    dashboard_expressions,
    load_board,
    load_yaml,
    rule_expressions,
)
from tests.dashboards.result_labels import exposed, selectors

NOT_SHOWN = ROOT / "dashboards/not_shown.yml"


def used() -> set[str]:
    expressions = [one for path in RULES for one in rule_expressions(path)]
    expressions += [one for path in BOARDS for one in dashboard_expressions(load_board(path))]
    return {selector.name for one in expressions for selector, _ in selectors(one.promql)}


def listed() -> list[str]:
    return [metric for group in load_yaml(NOT_SHOWN) for metric in group["metrics"]]


def test_every_metric_is_used_or_listed_with_a_reason() -> None:
    assert sorted(set(exposed()) - used() - set(listed())) == [], "show them on a board, or list them in not_shown.yml"


def test_what_is_listed_as_not_shown_exists_is_not_used_and_is_listed_once() -> None:
    names = listed()
    assert sorted(set(names) - set(exposed())) == []
    assert sorted(set(names) & used()) == []
    assert len(set(names)) == len(names)
    assert all(group["why"].endswith(".") for group in load_yaml(NOT_SHOWN))
