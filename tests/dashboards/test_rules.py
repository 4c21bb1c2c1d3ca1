import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest

from tests.dashboards.expressions import ROOT, RULES, Expression, load_yaml, rule_expressions, rules
from tests.dashboards.result_labels import exposed, known, result_labels, selectors, unknown_states

PROMETHEUS = ROOT / "dashboards/prometheus"
RUNBOOKS = ROOT / "dashboards/runbooks"
TESTS = sorted((PROMETHEUS / "tests").glob("*.yml"))
ALERTS = [rule for path in RULES for rule in rules(path) if "alert" in rule]
EXPRESSIONS = [expression for path in RULES for expression in rule_expressions(path)]
HEADINGS = ["Meaning", "Impact", "Diagnosis", "What to do", "What to send the vendor"]
ID_LABELS = {
    "alerting": set(),
    "agent": {"job"},
    "vcenter": {"vcenter"},
    "cluster": {"vcenter", "cluster_id"},
    "host": {"vcenter", "host_id"},
    "vm": {"vcenter", "vm_id"},
    "datastore": {"vcenter", "datastore_id"},
    "claim": {"contract", "claim"},
    "object": {"vcenter", "entity_type", "entity_id"},
    "contract": {"contract"},
}
ALWAYS_FIRES = {"Watchdog"}


def named(alert: Any) -> str:
    return f"{alert['alert']}-{alert['labels']['severity']}"


def labels_of(alert: dict[str, Any]) -> frozenset[str]:
    return result_labels(promql.parse(alert["expr"]), known()) | frozenset(alert["labels"])


def _promtool(*arguments: str | Path) -> None:
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("promtool")
def test_promtool_accepts_the_rules_and_the_sample_configuration() -> None:
    _promtool("check", "rules", *RULES)
    _promtool("check", "config", PROMETHEUS / "prometheus.yml")
    _promtool("check", "config", PROMETHEUS / "probes.yml")


@pytest.mark.needs("promtool")
@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_the_rules_do_what_their_cases_say(path: Path) -> None:
    _promtool("test", "rules", path)


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda expression: expression.where.rpartition(" / ")[2])
def test_every_metric_label_and_state_in_a_rule_exists(expression: Expression) -> None:
    result_labels(promql.parse(expression.promql), known())
    assert unknown_states(expression.promql) == []


@pytest.mark.parametrize("alert", ALERTS, ids=named)
def test_an_alert_says_how_urgent_about_what_and_for_whom_it_is(alert: dict[str, Any]) -> None:
    said = alert["labels"]
    assert said["severity"] in {"critical", "warning", "none"}
    assert said["audience"] in {"operations", "vendor"}
    assert ID_LABELS[said["scope"]] <= labels_of(alert)


@pytest.mark.parametrize("alert", ALERTS, ids=named)
def test_an_alert_text_uses_only_labels_and_metrics_that_exist(alert: dict[str, Any]) -> None:
    assert {"summary", "description", "runbook_url"} <= set(alert["annotations"])
    text = " ".join(alert["annotations"].values())
    assert set(re.findall(r"\$labels\.(\w+)", text)) <= labels_of(alert)
    assert set(re.findall(r"\b(?:vsphere|checkmeter)_\w+", text)) <= set(exposed())
    assert len(re.sub(r"{{.*?}}", "a-name-of-20-letters", alert["annotations"]["summary"])) <= 80


@pytest.mark.parametrize("alert", ALERTS, ids=named)
def test_an_alert_has_a_runbook_with_the_five_headings(alert: dict[str, Any]) -> None:
    url = alert["annotations"]["runbook_url"]
    assert url == f"dashboards/runbooks/{alert['alert']}.md"
    page = (ROOT / url).read_text(encoding="utf-8")
    assert page.startswith(f"# {alert['alert']}\n")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == HEADINGS
    assert all(section.strip() for section in re.split(r"^## .+$", page, flags=re.MULTILINE))


def test_every_runbook_belongs_to_an_alert_and_names_only_metrics_that_exist() -> None:
    pages = {path.stem: path.read_text(encoding="utf-8") for path in RUNBOOKS.glob("*.md")}
    assert set(pages) == {alert["alert"] for alert in ALERTS}
    named_metrics = {name for page in pages.values() for name in re.findall(r"\b(?:vsphere|checkmeter)_\w+", page)}
    assert named_metrics
    assert named_metrics <= set(exposed())


@cache
def cases_by_alert() -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = {alert["alert"]: [] for alert in ALERTS}
    for path in TESTS:
        for test in load_yaml(path)["tests"]:
            for case in test.get("alert_rule_test", ()):
                found[case["alertname"]].append(case)
    return found


@pytest.mark.parametrize("alert", ALERTS, ids=named)
def test_an_alert_has_a_case_where_it_fires_and_one_where_it_is_silent(alert: dict[str, Any]) -> None:
    cases = cases_by_alert()[alert["alert"]]
    fired = [expected["exp_labels"]["severity"] for case in cases for expected in case["exp_alerts"]]
    assert alert["labels"]["severity"] in fired
    assert alert["alert"] in ALWAYS_FIRES or any(not case["exp_alerts"] for case in cases)


@pytest.mark.parametrize("alert", ALERTS, ids=named)
def test_an_alert_is_not_fragile(alert: dict[str, Any]) -> None:
    assert "topk" not in alert["expr"]
    assert "bottomk" not in alert["expr"]
    if "absent" in alert["expr"]:
        assert alert["for"] == "5m", "absence needs several scrapes, or every restart of Prometheus pages"


def test_no_two_alerts_are_the_same() -> None:
    assert len({named(alert) for alert in ALERTS}) == len(ALERTS)


def test_recorded_names_say_level_metric_and_operation() -> None:
    recorded = [rule["record"] for path in RULES for rule in rules(path) if "record" in rule]
    assert recorded
    assert all(re.fullmatch(r"(vsphere|checkmeter):[a-z_]+:[a-z_]+(_rate5m)?", name) for name in recorded)


def test_every_recorded_series_is_used() -> None:
    boards = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "dashboards/grafana").glob("*.json"))
    recorded = {rule["record"] for path in RULES for rule in rules(path) if "record" in rule}
    used = {
        selector.name
        for path in RULES
        for rule in rules(path)
        for selector, _ in selectors(rule["expr"])
        if selector.name != rule.get("record")
    }
    assert {name for name in recorded if name not in used and name not in boards} == set()


def test_prometheus_scrapes_as_often_as_grafana_believes_and_the_job_has_the_name_the_rules_look_for() -> None:
    prometheus = load_yaml(PROMETHEUS / "prometheus.yml")
    grafana = load_yaml(ROOT / "dashboards/grafana/provisioning/datasources/checkmeter.yml")
    (source,) = grafana["datasources"]
    assert source["jsonData"]["timeInterval"] == prometheus["global"]["scrape_interval"]
    (job,) = prometheus["scrape_configs"]
    looked_for = {
        matcher.value
        for alert in ALERTS
        for selector, _ in selectors(alert["expr"])
        for matcher in selector.matchers.matchers
        if matcher.name == "job"
    }
    assert looked_for == {job["job_name"]}
