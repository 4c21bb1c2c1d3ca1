"""`checkmeter record` and `simulate --replay` as a user runs them."""

import csv
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from pyVmomi import vim

from agent.recording.file import read_recording
from agent.recording.lines import End, Header, Properties
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.cli.invocation import PASSWORD, checkmeter, running
from tests.simulator.tiny_estate import tiny_estate

USER = "reader@vsphere.local"
TRUST = "tls: {ca_file: ca.pem}"


@pytest.fixture(scope="module")
def vcenter() -> Iterator[SimulatedVCenter]:
    with SimulatedVCenter(tiny_estate(), users={USER: PASSWORD}) as running_vcenter:
        yield running_vcenter


def configured(folder: Path, port: int, ca_pem: bytes, user: str = USER, password: str = PASSWORD) -> Path:
    (folder / "ca.pem").write_bytes(ca_pem)
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text(password)
    file = folder / "checkmeter.yaml"
    file.write_text(
        f"vcenters:\n- {{name: dc1, host: 127.0.0.1, port: {port}, username: {user}, password_file: password, {TRUST}}}\n"
    )
    return file


class Recorded(NamedTuple):
    """What the command said, and the file that it made."""

    said: str
    file: Path


@pytest.fixture(scope="module")
def recorded(vcenter: SimulatedVCenter, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    folder = tmp_path_factory.mktemp("recorded")
    out = folder / "out.cmrec"
    config = configured(folder, vcenter.port, vcenter.ca_pem)
    done = checkmeter("record", "--config.file", config, "--for", "1s", out)
    assert (done.returncode, done.stderr) == (0, "")
    return Recorded(done.stdout, out)


def test_a_recording_says_how_much_it_holds_and_is_its_owners_alone(recorded: Recorded) -> None:
    text = rf"{recorded.file}: [\d,]+ bytes, \d+ objects, \d+ events; the time was over\n"
    assert re.fullmatch(text, recorded.said), recorded.said
    assert recorded.file.stat().st_mode & 0o777 == 0o600


def test_a_recording_is_played_back_as_a_vcenter(tmp_path: Path, recorded: Recorded) -> None:
    options = ("--listen-address", "127.0.0.1:0", "--ca-file", tmp_path / "ca.pem")
    with running("simulate", *options, "--replay", recorded.file) as simulated:
        said = simulated.wait_for("Ctrl-C ends it.")
        assert "A simulated server that plays back out.cmrec answers at" in said
        (port,) = re.findall(r"https://127\.0\.0\.1:(\d+)/sdk", said)
        again = configured(tmp_path, int(port), (tmp_path / "ca.pem").read_bytes(), "checkmeter", "simulated")
        found = checkmeter("config", "check", "--config.file", again, "--connect")
        assert "connected as checkmeter to VMware vCenter Server 8.0.3" in found.stdout
        simulated.wait_for("The recording has ended")


def test_neither_the_password_nor_a_session_is_in_the_recording(recorded: Recorded) -> None:
    lines = list(read_recording(recorded.file))
    text = repr(lines)
    assert PASSWORD not in text
    assert USER not in text
    assert "session[" not in text
    types = {one.line.type for one in lines if isinstance(one.line, Properties)}
    assert not types & {"SessionManager", "ContainerView", "PropertyCollector"}


def test_ctrl_c_keeps_what_was_recorded_and_says_so(tmp_path: Path, vcenter: SimulatedVCenter) -> None:
    out = tmp_path / "out.cmrec"
    config = configured(tmp_path, vcenter.port, vcenter.ca_pem)
    calls = vcenter.calls["QueryPerf"]
    with running("record", "--config.file", config, "--for", "1h", out) as recording:
        while vcenter.calls["QueryPerf"] == calls:
            recording.process.poll()
        assert recording.end(signal.SIGINT) == 0
    assert "it was stopped" in recording.output
    assert "Traceback" not in recording.output
    lines = [one.line for one in read_recording(out)]
    assert isinstance(lines[0], Header)
    assert lines[-1] == End(reason="stopped")


def test_an_anonymised_recording_names_nobody_and_its_owner_can_look_names_up(
    tmp_path: Path, vcenter: SimulatedVCenter
) -> None:
    out, names = tmp_path / "out.cmrec", tmp_path / "names.csv"
    config = configured(tmp_path, vcenter.port, vcenter.ca_pem)
    options = ("--for", "1s", "--anonymise", "--names-file", names)
    done = checkmeter("record", "--config.file", config, *options, out)
    assert (done.returncode, done.stderr) == (0, "")
    lines = list(read_recording(out))
    assert isinstance(lines[0].line, Header)
    assert lines[0].line.anonymised
    text = repr(lines)
    rows = csv.DictReader(names.read_text(encoding="utf-8").splitlines())
    table = {row["name"]: row["pseudonym"] for row in rows}
    assert names.stat().st_mode & 0o777 == 0o600
    vm = vcenter.estate.get(vcenter.estate.ids(vim.VirtualMachine)[0], "name")
    assert vm not in text
    assert table[vm] in text


def test_names_are_not_written_where_nothing_was_anonymised(tmp_path: Path) -> None:
    done = checkmeter("record", "--names-file", tmp_path / "names.csv", tmp_path / "out.cmrec")
    assert done.returncode == 2
    assert "--names-file goes with --anonymise" in done.stderr


def test_a_file_that_is_there_already_is_not_overwritten(tmp_path: Path, vcenter: SimulatedVCenter) -> None:
    out = tmp_path / "out.cmrec"
    out.write_text("precious")
    config = configured(tmp_path, vcenter.port, vcenter.ca_pem)
    done = checkmeter("record", "--config.file", config, out)
    assert (done.returncode, done.stderr) == (
        1,
        f"error: {out} exists already\n  choose another name, or remove it\n",
    )
    assert out.read_text() == "precious"


def test_a_refused_login_leaves_no_file_behind(tmp_path: Path, vcenter: SimulatedVCenter) -> None:
    config = configured(tmp_path, vcenter.port, vcenter.ca_pem, password="wrong")
    done = checkmeter("record", "--config.file", config, tmp_path / "out.cmrec")
    assert done.returncode == 1
    assert "refused the login" in done.stderr
    assert not (tmp_path / "out.cmrec").exists()


def test_a_folder_that_holds_no_dump_is_said_in_one_line(tmp_path: Path) -> None:
    done = checkmeter("simulate", "--listen-address", "127.0.0.1:0", "--replay", tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        f"error: {tmp_path} is no dump of govc object.save\n  it has no file of the ServiceInstance\n"
    )


def test_only_a_recording_can_be_played_faster() -> None:
    done = checkmeter("simulate", "--speed", "2")
    assert done.returncode == 2
    assert "--speed goes with --replay of a recording" in done.stderr
