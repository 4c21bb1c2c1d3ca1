import json
import os
import select
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from agent.cli.stack.receiver import receiving
from agent.cli.stack.servers import paced, stack
from agent.cli.stack.telling import told
from agent.clock import SystemClock
from tests.agent.cli.invocation import LIMIT_S, ROOT

ALERT = {
    "status": "firing",
    "labels": {"alertname": "VsphereVmDown", "severity": "critical", "vm_name": "erp01"},
    "annotations": {"summary": "erp01 is down", "description": "Its users have no service."},
    "startsAt": "2026-11-24T12:00:00Z",
}


def _post(address, path, body):
    request = urllib.request.Request(f"http://{address}{path}", data=body, method="POST")
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.status


def test_a_message_of_alertmanager_is_handed_on_with_whom_it_was_for():
    heard = []
    with receiving(SystemClock(), heard.append) as address:
        assert _post(address, "/on-call", json.dumps({"alerts": [ALERT]}).encode()) == 200
    (message,) = heard
    assert message.receiver == "on-call"
    assert message.alerts[0].labels["vm_name"] == "erp01"
    assert "critical: erp01 is down\n    Its users have no service." in told(message)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"alerts": [{}]}', b"\xff"])
def test_what_is_no_message_of_alertmanager_is_refused(body):
    heard = []
    with receiving(SystemClock(), heard.append) as address, pytest.raises(urllib.error.HTTPError, match="400"):
        _post(address, "/on-call", body)
    assert heard == []


def test_the_dead_mans_switch_is_no_news_for_people():
    heard = []
    with receiving(SystemClock(), heard.append) as address:
        _post(address, "/dead-mans-switch", json.dumps({"alerts": [ALERT]}).encode())
    assert told(heard[0]) == ""


def test_a_pace_divides_what_is_waited_and_leaves_what_is_computed():
    text = "  expr: rate(x[5m]) > 0\n  for: 15m\n  keep_firing_for: 3d\nscrape_interval: 30s\nrefresh_interval: 1m\n"
    assert paced(text, 30) == (
        "  expr: rate(x[5m]) > 0\n  for: 30000ms\n  keep_firing_for: 8640000ms\nscrape_interval: 1000ms\n"
        "refresh_interval: 1m\n"
    )


def test_without_the_programs_there_is_no_stack_and_no_error(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with stack(tmp_path / "stack", "127.0.0.1:1", "127.0.0.1:2", SystemClock()) as running:
        assert (running.prometheus, running.alertmanager) == (None, None)


STARTS_A_SERVER = """
import subprocess, sys
from agent.cli.stack.tied import tied
with subprocess.Popen(tied([sys.executable, "-c", "import os, sys; print(os.getpid(), flush=True); sys.stdin.read()"])):
    pass
"""


def test_a_server_ends_with_a_demonstration_that_is_killed():
    ours, theirs = os.pipe()
    command = [sys.executable, "-c", STARTS_A_SERVER]
    with subprocess.Popen(command, cwd=ROOT, stdin=ours, stdout=subprocess.PIPE, text=True) as demonstration:
        server = int(demonstration.stdout.readline())
        ended = os.pidfd_open(server)
        demonstration.kill()
        demonstration.wait(LIMIT_S)
        assert select.select([ended], [], [], LIMIT_S)[0]
    for one in (ours, theirs, ended):
        os.close(one)


@pytest.mark.needs("prometheus")
@pytest.mark.needs("alertmanager")
def test_the_programs_of_this_machine_run_on_the_shipped_files_and_end_with_the_block(tmp_path):
    with stack(tmp_path / "stack", "127.0.0.1:1", "127.0.0.1:2", SystemClock()) as running:
        with urllib.request.urlopen(f"http://{running.prometheus}/api/v1/rules?type=alert", timeout=5) as answer:
            groups = json.load(answer)["data"]["groups"]
        assert sum(len(group["rules"]) for group in groups) > 40
        with urllib.request.urlopen(f"http://{running.alertmanager}/api/v2/status", timeout=5) as answer:
            assert "dead-mans-switch" in json.load(answer)["config"]["original"]
    for address in (running.prometheus, running.alertmanager):
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(f"http://{address}/-/ready", timeout=2)
