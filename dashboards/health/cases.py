"""The cases that promtool runs: each alert fires for an object while it is found, and is silent afterwards."""

import json
from collections import defaultdict
from collections.abc import Iterable

from dashboards.health.alerts import Alert, alerts

_HEAD = "# Generated from agent/health/checks by `python -m dashboards.health`; a test holds it fresh."
_LONG_MINUTES = 60
"""Beyond that a step of a minute would be thousands of them."""


def cases() -> dict[str, str]:
    """The files of cases by name: alerts that come within the hour, and those that take longer."""
    soon = [alert for alert in alerts() if alert.minutes <= _LONG_MINUTES]
    late = [alert for alert in alerts() if alert.minutes > _LONG_MINUTES]
    return {"health.test.yml": _file(soon, 1), "health_days.test.yml": _file(late, 60)}


def _file(chosen: Iterable[Alert], step: int) -> str:
    by_minutes = defaultdict(list)
    for alert in chosen:
        by_minutes[alert.minutes].append(alert)
    lines = [_HEAD, "rule_files: [../rules/health.rules.yml]", f"evaluation_interval: {step}m", "tests:"]
    for minutes, group in sorted(by_minutes.items()):
        lines += _test(minutes, group, step)
    return "\n".join(lines) + "\n"


def _test(minutes: int, group: list[Alert], step: int) -> list[str]:
    found = minutes // step + 2
    fires, silent = (minutes // step + 1) * step, (found + 8) * step
    lines = [
        f"  - name: what was found for {minutes} minutes is told, and no more once it is gone",
        f"    interval: {step}m",
        "    input_series:",
    ]
    for alert in group:
        kind = "vm" if alert.scope == "object" else alert.scope
        series = (
            f'vsphere_health_finding{{vcenter="vc1", check="{alert.check.name}", severity="{alert.severity}", '
            f'entity_type="{kind}", entity_id="id-{alert.severity}", entity_name="erp"}}'
        )
        lines.append(f"      - {{series: {json.dumps(series)}, values: 1x{found} stale}}")
    lines.append("    alert_rule_test:")
    for name in dict.fromkeys(alert.name for alert in group):
        expected = [_expected(alert) for alert in group if alert.name == name]
        lines.append(f"      - {{alertname: {name}, eval_time: {silent}m, exp_alerts: []}}")
        lines.append(
            f"      - {{alertname: {name}, eval_time: {fires}m, exp_alerts: {json.dumps(expected, ensure_ascii=False)}}}"
        )
    return lines


def _expected(alert: Alert) -> dict[str, dict[str, str]]:
    own = {"vcenter": "vc1", alert.id_label: f"id-{alert.severity}", alert.name_label: "erp"}
    if alert.scope == "object":
        own["entity_type"] = "vm"
    texts = {
        key: text.replace(f"{{{{ $labels.{alert.name_label} }}}}", "erp").replace("{{ $labels.vcenter }}", "vc1")
        for key, text in alert.annotations.items()
    }
    return {"exp_labels": alert.labels | own, "exp_annotations": texts}
