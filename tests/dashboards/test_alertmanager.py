import json
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dashboards.expressions import ROOT, load_yaml
from tests.dashboards.real_alertmanager import running_alertmanager
from tests.dashboards.test_rules import ALERTS, ALWAYS_FIRES, labels_of

CONFIG = ROOT / "dashboards/alertmanager/alertmanager.yml"


def _amtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["amtool", *arguments], capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.needs("amtool")
def test_amtool_accepts_the_configuration() -> None:
    done = _amtool("check-config", CONFIG)
    assert done.returncode == 0, done.stderr


def receivers_for(labels: dict[str, str]) -> str:
    if labels["alertname"] == "Watchdog":
        return "dead-mans-switch"
    wakes = labels["severity"] == "critical" and not labels["alertname"].startswith("Health")
    own = "on-call" if wakes else "daily-digest"
    return f"vendor,{own}" if labels["audience"] == "vendor" else own


def _routed_by(alert: dict[str, Any]) -> tuple[str, ...]:
    """What routes can tell one alert from another by: those that are alike go the same way."""
    name = (
        alert["alert"]
        if alert["alert"] in ALWAYS_FIRES
        else re.sub("(?<=^Health).+|^(?!Health).+", "Any", alert["alert"])
    )
    return name, *(f"{label}={alert['labels'][label]}" for label in ("severity", "scope", "audience"))


def _matchers() -> Iterator[str]:
    waiting = [load_yaml(CONFIG)["route"]]
    while waiting:
        route = waiting.pop()
        yield from route.get("matchers", ())
        waiting += route.get("routes", ())


def test_routes_match_only_labels_that_every_alert_has() -> None:
    assert {re.split(r"\W", matcher)[0] for matcher in _matchers()} <= {"alertname", "severity", "scope", "audience"}
    named = {matcher for matcher in _matchers() if matcher.startswith("alertname")}
    assert named == {'alertname="Watchdog"', 'alertname!~"Health.+"'}, "then _routed_by must tell those apart, too"


@pytest.mark.needs("amtool")
@pytest.mark.parametrize("alike", sorted({_routed_by(alert) for alert in ALERTS}), ids="-".join)
def test_every_alert_reaches_whom_it_is_for(alike: tuple[str, ...]) -> None:
    name, *pairs = alike
    labels = {"alertname": name} | dict(pair.split("=") for pair in pairs)
    wanted = f"--verify.receivers={receivers_for(labels)}"
    done = _amtool("config", "routes", "test", f"--config.file={CONFIG}", wanted, f"alertname={name}", *pairs)
    assert done.returncode == 0, done.stdout + done.stderr


def _matches(matchers: list[str], labels: dict[str, str]) -> bool:
    parsed = [re.fullmatch(r'(\w+)(=~|=)"(.*)"', matcher) for matcher in matchers]
    assert all(parsed), matchers
    return all(re.fullmatch(one[3], labels.get(one[1], "")) for one in parsed if one)


def test_what_silences_others_always_has_the_labels_that_it_is_compared_by() -> None:
    """Two labels that both sides lack are equal: such a rule would silence everything."""
    for rule in load_yaml(CONFIG)["inhibit_rules"]:
        sources = [
            alert
            for alert in ALERTS
            if _matches(rule["source_matchers"], {"alertname": alert["alert"], **alert["labels"]})
        ]
        assert sources, f"nothing matches {rule['source_matchers']}"
        for alert in sources:
            assert set(rule["equal"]) <= labels_of(alert) | {"alertname"}


def test_the_sample_holds_no_secret_and_posts_to_this_machine_only() -> None:
    for receiver in load_yaml(CONFIG)["receivers"]:
        for webhook in receiver["webhook_configs"]:
            assert webhook["url"].startswith("http://127.0.0.1:")
    assert not re.search(r"(password|token|secret|key):", CONFIG.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def alertmanager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One with the sample configuration."""
    with running_alertmanager(CONFIG, tmp_path_factory.mktemp("alertmanager")) as url:
        yield url


def _post(url: str, alerts: list[dict[str, str]]) -> None:
    body = json.dumps([{"labels": labels} for labels in alerts]).encode()
    request = urllib.request.Request(
        f"{url}/api/v2/alerts", data=body, headers={"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=5):
        pass


def _heard(url: str, vcenter: str) -> set[str]:
    """The names of this vCenter's alerts that are not held back, as `alertname/severity/id`."""
    with urllib.request.urlopen(f"{url}/api/v2/alerts?filter=vcenter%3D%22{vcenter}%22", timeout=5) as answer:
        alerts = json.load(answer)
    return {
        f"{alert['labels']['alertname']}/{alert['labels']['severity']}/{alert['labels'].get('vm_id', '')}"
        for alert in alerts
        if not alert["status"]["inhibitedBy"]
    }


def _alert(name: str, severity: str, scope: str, **labels: str) -> dict[str, str]:
    return {"alertname": name, "severity": severity, "scope": scope, "audience": "vendor", **labels}


def _settled(url: str, vcenter: str, wanted: set[str]) -> set[str]:
    """What is heard as soon as it is `wanted`, or after some seconds: inhibition follows the alerts by a moment."""
    deadline = time.monotonic() + 5
    while (heard := _heard(url, vcenter)) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    return heard


@pytest.mark.needs("alertmanager")
def test_an_unreachable_vcenter_silences_what_stands_on_it_and_nothing_else(alertmanager: str) -> None:
    _post(
        alertmanager,
        [
            _alert("VsphereVcenterUnreachable", "critical", "vcenter", vcenter="a1"),
            _alert("VsphereVmDown", "critical", "vm", vcenter="a1", vm_id="v1"),
            _alert("VsphereHostNotResponding", "critical", "host", vcenter="a1", host_id="h1"),
            _alert("VsphereDatastoreNearlyFull", "warning", "datastore", vcenter="a1", datastore_id="d1"),
            _alert("VsphereVmDown", "critical", "vm", vcenter="a2", vm_id="v1"),
        ],
    )
    unreachable = {"VsphereVcenterUnreachable/critical/"}
    assert _settled(alertmanager, "a1", unreachable) == unreachable
    other = {"VsphereVmDown/critical/v1"}
    assert _settled(alertmanager, "a2", other) == other


@pytest.mark.needs("alertmanager")
def test_a_lost_host_silences_its_own_machines_but_not_one_whose_host_is_not_visible(alertmanager: str) -> None:
    _post(
        alertmanager,
        [
            _alert("VsphereHostNotResponding", "critical", "host", vcenter="b", host_id="h1"),
            _alert("VsphereVmDown", "critical", "vm", vcenter="b", vm_id="on-h1", host_id="h1"),
            _alert("VsphereVmDown", "critical", "vm", vcenter="b", vm_id="on-h2", host_id="h2"),
            _alert("VsphereVmDown", "critical", "vm", vcenter="b", vm_id="unseen"),
        ],
    )
    wanted = {"VsphereHostNotResponding/critical/", "VsphereVmDown/critical/on-h2", "VsphereVmDown/critical/unseen"}
    assert _settled(alertmanager, "b", wanted) == wanted


@pytest.mark.needs("alertmanager")
def test_of_one_alert_at_two_severities_the_worse_speaks_and_other_warnings_stay(alertmanager: str) -> None:
    _post(
        alertmanager,
        [
            _alert("VsphereVmDown", "critical", "vm", vcenter="c", vm_id="v1"),
            _alert("VsphereVmDown", "warning", "vm", vcenter="c", vm_id="v1"),
            _alert("VsphereVmDown", "warning", "vm", vcenter="c", vm_id="v2"),
            _alert("VsphereGuestHeartbeatRed", "warning", "vm", vcenter="c", vm_id="v1"),
        ],
    )
    wanted = {"VsphereVmDown/critical/v1", "VsphereVmDown/warning/v2", "VsphereGuestHeartbeatRed/warning/v1"}
    assert _settled(alertmanager, "c", wanted) == wanted


@pytest.mark.needs("alertmanager")
def test_many_machines_of_a_cluster_are_one_page_and_a_lost_host_explains_even_that(alertmanager: str) -> None:
    many = _alert("VsphereManyVmsDown", "critical", "cluster", vcenter="d1", cluster_id="c1")
    _post(
        alertmanager,
        [
            many,
            _alert("VsphereVmDown", "critical", "vm", vcenter="d1", vm_id="in", cluster_id="c1"),
            _alert("VsphereVmDown", "critical", "vm", vcenter="d1", vm_id="elsewhere", cluster_id="c2"),
            _alert("VsphereVmDown", "critical", "vm", vcenter="d1", vm_id="unseen"),
            _alert("VsphereVmQuestionPending", "critical", "vm", vcenter="d1", vm_id="in", cluster_id="c1"),
            many | {"vcenter": "d2"},
            _alert("VsphereHostNotResponding", "critical", "host", vcenter="d2", host_id="h1", cluster_id="c1"),
            many | {"vcenter": "d3"},
            _alert("VsphereHostNotResponding", "critical", "host", vcenter="d3", host_id="standalone"),
        ],
    )
    paged = {
        "VsphereManyVmsDown/critical/",
        "VsphereVmDown/critical/elsewhere",
        "VsphereVmDown/critical/unseen",
        "VsphereVmQuestionPending/critical/in",
    }
    assert _settled(alertmanager, "d1", paged) == paged
    assert _settled(alertmanager, "d2", {"VsphereHostNotResponding/critical/"}) == {
        "VsphereHostNotResponding/critical/"
    }
    both = {"VsphereManyVmsDown/critical/", "VsphereHostNotResponding/critical/"}
    assert _settled(alertmanager, "d3", both) == both


@pytest.mark.needs("alertmanager")
def test_a_lost_datastore_silences_the_machines_that_hang_on_it_alone(alertmanager: str) -> None:
    _post(
        alertmanager,
        [
            _alert("VsphereDatastoreInaccessible", "critical", "datastore", vcenter="e", datastore_id="d1"),
            _alert("VsphereVmDown", "critical", "vm", vcenter="e", vm_id="on-d1", datastore_id="d1"),
            _alert("VsphereVmInaccessible", "warning", "vm", vcenter="e", vm_id="on-d1", datastore_id="d1"),
            _alert("VsphereVmDown", "critical", "vm", vcenter="e", vm_id="on-two"),
            _alert("VsphereDatastoreNearlyFull", "critical", "datastore", vcenter="e", datastore_id="d2"),
        ],
    )
    wanted = {
        "VsphereDatastoreInaccessible/critical/",
        "VsphereVmDown/critical/on-two",
        "VsphereDatastoreNearlyFull/critical/",
    }
    assert _settled(alertmanager, "e", wanted) == wanted


@pytest.mark.needs("alertmanager")
@pytest.mark.parametrize(
    ("alertname", "scope", "labels"),
    [
        ("VsphereClockOffset", "vcenter", {}),
        ("VsphereDatastoreNearlyFull", "datastore", {"datastore_id": "d1"}),
        ("VsphereVmDown", "vm", {"vm_id": "v1"}),
    ],
)
def test_the_worse_severity_speaks_in_every_scope_that_has_two(
    alertmanager: str, alertname: str, scope: str, labels: dict[str, str]
) -> None:
    vcenter = f"f-{scope}"
    _post(
        alertmanager,
        [_alert(alertname, severity, scope, vcenter=vcenter, **labels) for severity in ("critical", "warning")]
        + [_alert("Another", "warning", scope, vcenter=vcenter, **labels)],
    )
    heard = {f"{alertname}/critical/{labels.get('vm_id', '')}", f"Another/warning/{labels.get('vm_id', '')}"}
    assert _settled(alertmanager, vcenter, heard) == heard


def test_every_scope_with_two_severities_has_its_inhibition() -> None:
    severities: dict[str, set[str]] = {}
    scopes: dict[str, str] = {}
    for alert in ALERTS:
        severities.setdefault(alert["alert"], set()).add(alert["labels"]["severity"])
        scopes[alert["alert"]] = alert["labels"]["scope"]
    twofold = {scopes[name] for name, held in severities.items() if held >= {"critical", "warning"}}
    ruled = {
        re.search(r'scope="(\w+)"', " ".join(rule["source_matchers"]))[1]
        for rule in load_yaml(CONFIG)["inhibit_rules"]
        if any("severity" in matcher for matcher in rule["source_matchers"])
    }
    assert twofold == ruled
