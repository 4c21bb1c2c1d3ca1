"""Alerts and runbooks of the health checks are what the catalogue says."""

from agent.health.catalogue import catalogue
from dashboards.health import ROOT, rendered
from dashboards.health.alerts import BY_HAND, alerts
from tests.dashboards.expressions import RULES, rules


def test_rules_cases_and_runbooks_are_what_the_checks_say() -> None:
    stale = [path.name for path, text in rendered().items() if not path.exists() or path.read_text("utf-8") != text]
    assert stale == [], "write them anew: python -m dashboards.health"
    pages = set((ROOT / "runbooks").glob("Health*.md"))
    assert pages <= rendered().keys()


def test_every_fault_tells_somebody_once() -> None:
    by_hand = {rule["alert"] for path in RULES for rule in rules(path) if "alert" in rule}
    assert set(BY_HAND.values()) <= by_hand
    assert BY_HAND.keys() <= catalogue().keys()
    told = {alert.check.name for alert in alerts()} | BY_HAND.keys()
    assert {name for name, check in catalogue().items() if name not in told and len(check.states) > 1} == set()
