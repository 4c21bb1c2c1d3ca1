"""What a user sees when something is wrong: one line, its cure, the right exit code, and the same words in the documents."""

import re
import socket
import stat
import subprocess
import sys
from pathlib import Path

import click
import pytest
from pyVmomi import vim

from agent.cli.options import log_options
from agent.cli.outcome import run
from agent.cli.program import program
from agent.errors import Unreachable
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.cli.invocation import LIMIT_S, PASSWORD, ROOT, checkmeter, environment

TROUBLESHOOTING = (ROOT / "docs/troubleshooting.md").read_text()


def refused(config_file: Path, exit_code: int, *more: str) -> str:
    """What `config check` says on standard error; never a traceback, never the password."""
    done = checkmeter("config", "check", "--config.file", config_file, *more)
    assert done.returncode == exit_code, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert PASSWORD not in done.stderr + done.stdout
    return done.stderr + done.stdout


@pytest.mark.parametrize(
    ("old", "new", "documented"),
    [
        ("tls:", "interval: 1s\n    tls:", "vcenters[0].interval: must be from 10s to 10m [got '1s']"),
        ("vcenters:.*", "vcenters: []", "no vCenter is configured"),
        ("dc1.password", "gone", "No such file or directory"),
    ],
)
def test_a_wrong_configuration_exits_with_78_and_one_line(
    config_file: Path, old: str, new: str, documented: str
) -> None:
    config_file.write_text(re.sub(old, new, config_file.read_text(), count=1, flags=re.DOTALL))
    said = refused(config_file, 78)
    assert len(said.splitlines()) == 1
    assert said.startswith(f"error: {config_file}:")
    assert documented in said
    assert documented in TROUBLESHOOTING


def test_a_password_that_others_may_read_exits_with_78(config_file: Path) -> None:
    (config_file.parent / "dc1.password").chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH | stat.S_IWUSR)
    said = refused(config_file, 78)
    assert "group or others may access it (mode 0644)" in said
    assert "group or others may access it (mode 0644)" in TROUBLESHOOTING


def test_a_right_configuration_is_called_correct(config_file: Path) -> None:
    done = checkmeter("config", "check", "--config.file", config_file)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{config_file}: correct; vCenters: dc1\n", "")


def test_a_check_with_connect_logs_in_and_out_again(config_file: Path, vcenter: SimulatedVCenter) -> None:
    done = checkmeter("config", "check", "--config.file", config_file, "--connect")
    assert (done.returncode, done.stderr) == (0, "")
    assert "dc1: connected as checkmeter to VMware vCenter Server 8.0.3" in done.stdout
    assert re.search(r"visible: [1-9]\d* hosts, [1-9]\d* virtual machines\n", done.stdout)
    assert (vcenter.calls["Login"], vcenter.calls["Logout"], len(vcenter.sessions)) == (1, 1, 0)


def test_an_account_that_sees_nothing_is_told_to_ask_for_more(config_file: Path, vcenter: SimulatedVCenter) -> None:
    estate = vcenter.estate
    networks = next(one for one in estate.ids(vim.Folder) if estate.get(one, "name") == "network")
    vcenter.faults.limit_visibility("checkmeter", networks)
    said = refused(config_file, 1, "--connect")
    assert "no host and no virtual machine is visible; ask for the role Read-only on the top folder" in said
    assert "no host and no virtual machine is visible" in TROUBLESHOOTING
    assert len(vcenter.sessions) == 0


def test_a_refused_password_is_said_once_and_tried_once(config_file: Path, vcenter: SimulatedVCenter) -> None:
    (config_file.parent / "dc1.password").write_text("another")
    said = refused(config_file, 1, "--connect")
    assert "dc1: failed: vCenter refused the login of checkmeter; correct the password file" in said
    assert "vCenter refused the login of" in TROUBLESHOOTING
    assert "error: 1 of 1 vCenters cannot be read\n  each line above says why\n" in said
    assert vcenter.calls["Login"] == 1


def test_a_certificate_of_an_unknown_ca_is_said_and_nothing_sent(config_file: Path, vcenter: SimulatedVCenter) -> None:
    config_file.write_text(config_file.read_text().partition("    tls:")[0])
    assert "is not signed by a CA we know" in refused(config_file, 1, "--connect")
    assert "is not signed by a CA we know" in TROUBLESHOOTING
    assert vcenter.calls["Login"] == 0


def test_a_pinned_fingerprint_is_enough_to_connect(config_file: Path, vcenter: SimulatedVCenter) -> None:
    pinned = f"    tls:\n      fingerprint: '{vcenter.fingerprint_sha256}'\n"
    config_file.write_text(config_file.read_text().partition("    tls:")[0] + pinned)
    assert checkmeter("config", "check", "--config.file", config_file, "--connect").returncode == 0


def test_another_fingerprint_is_refused_with_both_shown(config_file: Path, vcenter: SimulatedVCenter) -> None:
    pinned = f"    tls:\n      fingerprint: '{'AB' * 32}'\n"
    config_file.write_text(config_file.read_text().partition("    tls:")[0] + pinned)
    said = refused(config_file, 1, "--connect")
    assert vcenter.fingerprint_sha256 in said.lower()
    assert "pinned is" in said
    assert "pinned is" in TROUBLESHOOTING
    assert vcenter.calls["Login"] == 0


def test_a_vcenter_that_does_not_listen_fails_and_the_other_is_still_tried(
    config_file: Path, vcenter: SimulatedVCenter
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        entry = config_file.read_text().removeprefix("vcenters:\n")
        other = entry.replace("dc1\n", "dc0\n").replace(str(vcenter.port), str(taken.getsockname()[1]))
        config_file.write_text(f"vcenters:\n{other}{entry}")
        said = refused(config_file, 1, "--connect")
    assert "refuses the connection" in said
    assert "refuses the connection" in TROUBLESHOOTING
    assert "dc1: connected as checkmeter" in said
    assert "1 of 2 vCenters cannot be read" in said


def test_a_taken_port_exits_with_1_and_says_how_to_find_who_has_it(config_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = checkmeter("serve", "--config.file", config_file, "--web.listen-address", f"127.0.0.1:{port}")
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == f"error: cannot listen on 127.0.0.1:{port}: another process has the port"
    assert f"ss -ltnp 'sport = :{port}'" in done.stderr
    assert "another process has the port" in TROUBLESHOOTING


def run_failing(error: BaseException, *more: str) -> int:
    @click.command("failing")
    @log_options()
    def command() -> None:
        raise error

    program.add_command(command)
    try:
        return run(["failing", *more])
    finally:
        del program.commands["failing"]


def test_an_error_is_one_line_with_its_cure_below(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_failing(Unreachable("dc1: no answer", cure="look at the network")) == 1
    assert capsys.readouterr().err == "error: dc1: no answer\n  look at the network\n"


def test_an_error_of_the_operating_system_names_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_failing(FileNotFoundError(2, "No such file or directory", "ca.pem")) == 1
    assert capsys.readouterr().err == "error: ca.pem: No such file or directory\n"


def test_a_bug_asks_to_be_reported_and_hides_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_failing(ZeroDivisionError("inner detail")) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: this is a bug in checkmeter (ZeroDivisionError)\n  please report it")
    assert "Traceback" not in said
    assert "this is a bug in checkmeter" in TROUBLESHOOTING


def test_want_of_memory_is_no_bug(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_failing(MemoryError()) == 1
    said = capsys.readouterr().err
    assert said == "error: checkmeter: the machine has no memory left for it\n"
    assert "the machine has no memory left for it" in TROUBLESHOOTING


def test_a_bug_shows_its_traceback_to_whoever_asks_for_debug(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_failing(ZeroDivisionError("inner detail"), "--log.level", "debug") == 1
    assert "ZeroDivisionError: inner detail" in capsys.readouterr().err


def test_a_reader_that_has_gone_is_no_reason_to_complain() -> None:
    command = [sys.executable, "-m", "agent", "config", "schema"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(LIMIT_S) == 1


@pytest.mark.parametrize("option", ["--config.file", "--web.config.file", "--storage.path"])
def test_an_option_that_a_script_left_empty_is_wrong_use_and_says_so(option: str) -> None:
    done = checkmeter("serve", f"{option}=")
    assert done.returncode == 2
    assert f"Invalid value for '{option}': it is empty; name a file or a folder" in done.stderr
    assert "it is empty; name a file or a folder" in TROUBLESHOOTING
