import contextlib
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.cli.invocation import LIMIT_S, PASSWORD, Running, checkmeter, running
from tests.exporters.web.protected_site import USERS

LISTEN = ("--web.listen-address", "127.0.0.1:0")


@contextlib.contextmanager
def serving(config_file: Path, *more: str, **extra: str) -> Iterator[Running]:
    with running("serve", "--config.file", config_file, *LISTEN, *more, **extra) as agent:
        agent.wait_for("msg=listening")
        yield agent


def get(agent: Running, path: str) -> str:
    address = re.search(r"addresses=(\S+)", agent.output)
    assert address
    with urllib.request.urlopen(f"http://{address[1]}{path}", timeout=LIMIT_S) as answer:
        return answer.read().decode()


def ready(agent: Running) -> bool:
    """Whether the first reading reaches the page, soon."""
    for _ in range(100):
        with contextlib.suppress(urllib.error.HTTPError):
            return get(agent, "/readyz") == "ready\n"
        time.sleep(0.1)
    return False


def test_serve_reads_vcenter_and_serves_it_until_sigterm(config_file: Path, vcenter: SimulatedVCenter) -> None:
    with serving(config_file) as agent:
        agent.wait_for("msg=connected")
        agent.wait_for('status="1 of 1 vCenters answer"')
        assert ready(agent)
        assert re.search(r'^vsphere_vm_.*\bvcenter="dc1"', get(agent, "/metrics"), re.MULTILINE)
        assert "<!doctype html>" in get(agent, "/")
        assert len(vcenter.sessions) == 1
        assert agent.end(signal.SIGTERM) == 0
    assert len(vcenter.sessions) == 0, "it has logged out"
    assert PASSWORD not in agent.output
    assert "Traceback" not in agent.output


def test_ctrl_c_ends_it_as_well(config_file: Path) -> None:
    with serving(config_file) as agent:
        assert agent.end(signal.SIGINT) == 0
    assert "msg=stopped" in agent.output


def test_it_listens_and_says_what_is_wrong_while_vcenter_refuses_the_login(
    config_file: Path, vcenter: SimulatedVCenter
) -> None:
    (config_file.parent / "dc1.password").write_text("another")
    with serving(config_file) as agent:
        agent.wait_for("vCenter refused the login of checkmeter")
        assert get(agent, "/healthz") == "alive\n"
        (config_file.parent / "dc1.password").write_text(PASSWORD)
        agent.wait_for("msg=connected")
        assert agent.end() == 0
    assert vcenter.calls["Login"] == 2, "one refused, one with the new password"


def test_systemd_is_told_of_start_progress_and_end(config_file: Path, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.settimeout(LIMIT_S)
        systemd.bind(str(tmp_path / "notify"))
        with serving(config_file, NOTIFY_SOCKET=str(tmp_path / "notify")) as agent:
            told = [systemd.recv(4096).decode()]
            while "STATUS=1 of 1 vCenters answer" not in told or "WATCHDOG=1" not in told:
                told.append(systemd.recv(4096).decode())
            assert agent.end() == 0
            systemd.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    told.append(systemd.recv(4096).decode())
    assert told[0] == "READY=1"
    assert told[-1] == "STOPPING=1\nSTATUS=logging out"


def test_it_serves_on_every_address_it_is_given(config_file: Path) -> None:
    with serving(config_file, *LISTEN) as agent:
        ports = re.findall(r"127\.0\.0\.1:(\d+)", agent.output)
        assert len(set(ports)) == 2
        for port in ports:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=LIMIT_S) as answer:
                assert answer.status == 200


def test_an_address_beyond_this_machine_is_refused_until_it_is_protected_or_asked_for(config_file: Path) -> None:
    beyond = ("serve", "--config.file", config_file, "--web.listen-address", "0.0.0.0:0")
    refused = checkmeter(*beyond)
    assert refused.returncode == 78
    assert "others could reach everything here without `tls_server_config` and `basic_auth_users`" in refused.stderr
    with running(*beyond, "--web.allow-open") as agent:
        said = agent.wait_for("msg=listening")
    assert "level=warning" in said
    assert "whoever reaches this address can read everything" in said


def test_a_web_configuration_protects_and_is_read_again_when_it_changes_and_at_sighup(
    config_file: Path, tmp_path: Path
) -> None:
    web = tmp_path / "web.yml"
    web.write_text(USERS)
    with serving(config_file, "--web.config.file", str(web)) as agent:
        with pytest.raises(urllib.error.HTTPError) as caught:
            get(agent, "/")
        caught.value.close()
        assert caught.value.code == 401
        web.write_text("basic_auth_users:\n  me: not-a-hash\n")
        agent.wait_for("the web configuration stays as it was")
        assert "not-a-hash" not in agent.output
        web.write_text("")
        agent.wait_for("the web configuration was read again")
        try:
            page = get(agent, "/")
        except OSError:  # who connects in the instant in which connections under the old protection are ended
            page = get(agent, "/")
        assert "<!doctype html>" in page
        assert agent.end() == 0


def test_sighup_has_the_configuration_read_again_without_a_pause_in_service(
    config_file: Path, vcenter: SimulatedVCenter
) -> None:
    right = config_file.read_text()
    with serving(config_file) as agent:
        assert ready(agent)
        agent.process.send_signal(signal.SIGHUP)
        agent.wait_for("the configuration is as it was")
        config_file.write_text(right.replace("name: dc1", "name: DC 1"))
        agent.process.send_signal(signal.SIGHUP)
        agent.wait_for("the configuration stays as it was")
        config_file.write_text(f"{right}health:\n  checks:\n    vm_flies: {{enabled: false}}\n")
        agent.process.send_signal(signal.SIGHUP)
        agent.wait_for("health.checks.vm_flies: there is no such check")
        assert get(agent, "/healthz") == "alive\n", "what shows only when it is put to use changes nothing either"
        assert vcenter.calls["Login"] == 1
        config_file.write_text(right.replace("name: dc1", "name: north"))
        agent.process.send_signal(signal.SIGHUP)
        agent.wait_for("msg=reloaded")
        assert 'vcenter="' in get(agent, "/metrics"), "what was known before is shown until there is more"
        for _ in range(100):
            if 'vcenter="north"' in (page := get(agent, "/metrics")):
                break
            time.sleep(0.1)
        assert 'vcenter="dc1"' not in page
        assert len(vcenter.sessions) == 1, "the one before has logged out"
        assert agent.end() == 0


def test_logs_can_be_json(config_file: Path) -> None:
    with running("serve", "--config.file", config_file, *LISTEN, "--log.format", "json") as agent:
        assert '"msg": "listening"' in agent.wait_for("listening")


def test_what_is_not_there_is_answered_with_404(config_file: Path) -> None:
    with serving(config_file) as agent, pytest.raises(urllib.error.HTTPError) as caught:
        get(agent, "/nothing")
    caught.value.close()
    assert caught.value.code == 404
