"""What people read: the texts in English and Danish, as a real Alertmanager mails them."""

import copy
import json
import re
import shutil
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.dashboards.expressions import ROOT, load_yaml
from tests.dashboards.mail_sink import mail_sink
from tests.dashboards.real_alertmanager import running_alertmanager
from tests.dashboards.test_alertmanager import CONFIG, _alert, _amtool, _post
from tests.dashboards.test_rules import ALERTS, labels_of, named

FOLDER = ROOT / "dashboards/alertmanager"
DANISH = (FOLDER / "templates/danish.tmpl").read_text(encoding="utf-8")
BRANCH = re.compile(r"if (?:and \(eq \$l\.alertname \"(\w+)\"\)[^}]*|eq \$l\.alertname \"(\w+)\") }}([^\n]*)")


def by_mail(folder: Path, port: int) -> Path:
    """The sample with the receivers of mail.yml, and groups that do not wait."""
    config = copy.deepcopy(load_yaml(CONFIG) | load_yaml(FOLDER / "mail.yml"))
    config["global"]["smtp_smarthost"] = f"127.0.0.1:{port}"
    config["route"]["group_wait"] = "0s"
    shutil.copytree(FOLDER / "templates", folder / "templates")
    file = folder / "alertmanager.yml"
    with file.open("w") as out:
        YAML(typ="safe").dump(config, out)
    return file


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def sentences() -> dict[str, str]:
    """The Danish sentences of each alert."""
    found: dict[str, str] = {}
    for both, one, sentence in BRANCH.findall(DANISH):
        found[both or one] = found.get(both or one, "") + sentence
    return found


@pytest.mark.parametrize("alert", [one for one in ALERTS if not one["alert"].startswith("Health")], ids=named)
def test_every_alert_has_a_danish_sentence_made_of_labels_that_it_has(alert: dict[str, Any]) -> None:
    sentence = sentences()[alert["alert"]]
    assert len(sentence) > 10
    assert set(re.findall(r"\$l\.(\w+)", sentence)) <= labels_of(alert)


def test_every_danish_sentence_belongs_to_an_alert() -> None:
    assert set(sentences()) <= {alert["alert"] for alert in ALERTS}


@pytest.mark.needs("amtool")
def test_amtool_accepts_the_receivers_by_mail(tmp_path: Path) -> None:
    done = _amtool("check-config", by_mail(tmp_path, 25))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("alertmanager")
def test_on_call_and_the_vendor_get_a_danish_mail_that_says_what_is_down(tmp_path: Path) -> None:
    with mail_sink() as sink, running_alertmanager(by_mail(tmp_path, sink.port), tmp_path / "data") as url:
        _post(url, [_alert("VsphereVmDown", "critical", "vm", vcenter="dc1", vm_id="v1", vm_name="økonomi01")])
        mails = {str(mail["To"]): mail for mail in sink.wait_for(2, 20)}
    assert set(mails) == {"on-call@example.org", "service-desk@example.net"}
    page, letter = mails["on-call@example.org"], mails["service-desk@example.net"]
    assert page["Subject"] == letter["Subject"] == "KRITISK: økonomi01 er nede"
    assert "* økonomi01 er nede\n  Siden " in _text(page)
    assert "Vores egen måling viser" in _text(letter)
    assert "Vores egen måling viser" not in _text(page)


def told(status: str, *alerts: dict[str, str]) -> dict[str, Any]:
    """What Alertmanager makes a notification from."""
    return {
        "status": status,
        "alerts": [
            {
                "status": status,
                "labels": labels,
                "annotations": {
                    "summary": f"{labels['vm_name']} is down",
                    "description": "No service.",
                    "runbook_url": "b.md",
                },
                "startsAt": "2026-11-24T12:00:00Z",
                "endsAt": "2026-11-24T12:05:00Z",
            }
            for labels in alerts
        ],
        "commonLabels": {"alertname": "VsphereVmDown", "severity": "critical", "vcenter": "dc1"},
        "externalURL": "http://alertmanager",
    }


ONE = {"alertname": "VsphereVmDown", "severity": "critical", "vcenter": "dc1", "vm_name": "erp01"}
OTHER = ONE | {"vm_name": "erp02"}
UNKNOWN = ONE | {"alertname": "SomethingOfYours"}


@pytest.mark.needs("amtool")
@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        ("en.subject", told("firing", ONE), "CRITICAL: erp01 is down"),
        ("da.subject", told("firing", ONE), "KRITISK: erp01 er nede"),
        ("en.subject", told("resolved", ONE), "Over: erp01 is down"),
        ("da.subject", told("resolved", ONE), "Ovre: erp01 er nede"),
        ("en.subject", told("firing", ONE, OTHER), "CRITICAL: 2 alerts VsphereVmDown on dc1"),
        ("da.subject", told("firing", ONE, OTHER), "KRITISK: 2 alarmer på dc1, den første: erp01 er nede"),
        ("da.subject", told("firing", UNKNOWN), "KRITISK: erp01 is down"),
        ("en.text", told("firing", ONE), "No service.\n  What to do: b.md"),
        ("da.text", told("firing", ONE, OTHER), "* erp02 er nede\n  Siden "),
        ("da.text", told("resolved", ONE), "* Ovre: erp01 er nede\n  Fra "),
        ("en.vendor.text", told("firing", ONE), "Please confirm it"),
        ("da.vendor.text", told("firing", ONE), "Bekræft det venligst"),
    ],
)
def test_every_text_says_what_it_ought_to(text: str, data: dict[str, Any], expected: str, tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(data))
    done = _amtool(
        "template",
        "render",
        f"--template.glob={FOLDER}/templates/*.tmpl",
        f"--template.data={file}",
        f'--template.text={{{{ template "checkmeter.{text}" . }}}}',
    )
    assert done.returncode == 0, done.stderr
    assert expected in done.stdout
    assert text.endswith("text") or done.stdout == expected
