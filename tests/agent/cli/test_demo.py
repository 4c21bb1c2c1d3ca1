import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from agent.cli.demo import PASSWORD
from tests.agent.cli.invocation import LIMIT_S, checkmeter, running

LISTEN = ("--web.listen-address", "127.0.0.1:0")


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=LIMIT_S) as answer:
        return answer.read().decode()


def test_the_demo_is_complete_once_it_says_so_and_tidies_up_after_ctrl_c(tmp_path: Path) -> None:
    with running("demo", "--vms", "20", *LISTEN, TMPDIR=str(tmp_path)) as demo:
        said = demo.wait_for("Ctrl-C ends it.")
        (page,) = re.findall(r"status page +(http://127\.0\.0\.1:\d+/)", said)
        metrics = get(page + "metrics")
        assert len(re.findall(r'^vsphere_vm_info\{.*vcenter="demo"', metrics, re.MULTILINE)) >= 20
        assert re.search(r'^vsphere_datastore_info\{.*vcenter="demo"', metrics, re.MULTILINE)
        assert get(page + "readyz") == "ready\n"
        assert "demo" in get(page)
        assert re.search(r"False claim: .*\n +Outage that was not reported: .*\n +Wrong line on the bill: ", said)
        (report,) = re.findall(r"report +(http://127\.0\.0\.1:\d+/report/\S+)", said)
        assert "What to take up with the vendor" in get(report)
        assert [folder.name for folder in tmp_path.iterdir()] == [Path(re.findall(r"(/\S+)/ca\.pem", said)[0]).name]
        assert demo.end() == 0
    assert "Traceback" not in demo.output
    assert list(tmp_path.iterdir()) == []


def test_the_configuration_that_the_demo_names_can_be_used_by_hand(tmp_path: Path) -> None:
    with running("demo", "--vms", "20", *LISTEN, TMPDIR=str(tmp_path)) as demo:
        said = demo.wait_for("Ctrl-C ends it.")
        (config,) = re.findall(r"(/\S+/checkmeter\.yaml)", said)
        done = checkmeter("config", "check", "--config.file", config, "--connect")
        assert (done.returncode, done.stderr) == (0, "")
        assert PASSWORD not in Path(config).read_text()


def test_the_demo_ends_by_itself_when_asked_to(tmp_path: Path) -> None:
    done = checkmeter("demo", "--vms", "20", *LISTEN, "--for", "1s", TMPDIR=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.needs("prometheus")
@pytest.mark.needs("alertmanager")
def test_with_its_stack_the_demo_is_scraped_and_both_servers_end_with_it(tmp_path: Path) -> None:
    with running("demo", "--vms", "20", "--stack", *LISTEN, TMPDIR=str(tmp_path)) as demo:
        said = demo.wait_for("Both run on the shipped rules")
        (prometheus,) = re.findall(r"Prometheus +(http://127\.0\.0\.1:\d+)/", said)
        (alertmanager,) = re.findall(r"--alertmanager\.url=(http://127\.0\.0\.1:\d+) alert", said)
        (page,) = re.findall(r"status page +http://(127\.0\.0\.1:\d+)/", said)
        assert page in get(f"{prometheus}/api/v1/status/config")
        assert "VsphereVmDown" in get(f"{prometheus}/api/v1/rules?type=alert")
        assert "dead-mans-switch" in get(f"{alertmanager}/api/v2/receivers")
        assert demo.end() == 0
    assert "Traceback" not in demo.output
    for address in (prometheus, alertmanager):
        with pytest.raises(urllib.error.URLError):
            get(f"{address}/-/ready")
    assert list(tmp_path.iterdir()) == []
