"""`checkmeter inventory`, as a user runs it."""

import base64
import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from openpyxl import load_workbook
from pyVmomi import vim

from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.cli.invocation import LIMIT_S, PASSWORD, ROOT, checkmeter, environment
from tests.agent.cli.test_serve import ready, serving


def test_the_inventory_of_a_vcenter_is_a_workbook_in_this_folder(
    config_file: Path, vcenter: SimulatedVCenter, tmp_path: Path
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    done = checkmeter("inventory", "--config.file", config_file, cwd=here)
    assert (done.returncode, done.stderr.strip()) == (0, "reading dc1")
    (file,) = here.iterdir()
    assert re.fullmatch(r"checkmeter-inventory-\d{4}-\d{2}-\d{2}\.xlsx", file.name)
    assert done.stdout == f"{file.name}: {file.stat().st_size:,} bytes\n"
    book = load_workbook(file)
    assert book["vInfo"].max_row == 1 + len(list(vcenter.estate.ids(vim.VirtualMachine)))
    assert book["vHost"].max_row > 1
    assert book["vHealth"].max_row > 1, "checks are made"
    assert len(vcenter.sessions) == 0, "it has logged out"
    assert PASSWORD not in done.stdout + done.stderr


def test_tags_and_attributes_that_the_configuration_names_are_columns(config_file: Path) -> None:
    config_file.write_text(config_file.read_text() + "labels:\n  attributes: [Owner]\n  tags: [Tier]\n")
    done = checkmeter("inventory", "--config.file", config_file, "--format", "csv", "--tab", "vInfo", "--output", "-")
    header, *rows = csv.reader(io.StringIO(done.stdout.removeprefix("\ufeff"), newline=""))
    assert {row[header.index("Tier (tag)")] for row in rows} == {"gold", "silver", "bronze"}
    assert all(row[header.index("Owner")] for row in rows)
    assert "Cost centre" not in header, "it is not named"


def test_one_tab_goes_to_standard_output(config_file: Path) -> None:
    done = checkmeter("inventory", "--config.file", config_file, "--format", "csv", "--tab", "vSource", "--output", "-")
    header, row = csv.reader(io.StringIO(done.stdout.removeprefix("\ufeff")))
    assert dict(zip(header, row, strict=True))["API type"] == "VirtualCenter"


def test_a_running_agent_gives_the_same_without_a_login(
    config_file: Path, vcenter: SimulatedVCenter, tmp_path: Path
) -> None:
    with serving(config_file) as agent:
        assert ready(agent)
        address = re.search(r"addresses=(\S+)", agent.output)
        assert address
        file = tmp_path / "inventory.json"
        done = checkmeter("inventory", "--agent.url", f"http://{address[1]}", "--format", "json", "--output", file)
        assert (done.returncode, done.stderr) == (0, "")
        assert len(vcenter.sessions) == 1, "the agent's own"
    names = {row["VM"] for row in json.loads(file.read_text())["vInfo"]}
    assert names == {vcenter.estate.get(moid, "name") for moid in vcenter.estate.ids(vim.VirtualMachine)}


def test_a_vcenter_that_cannot_be_read_is_said_and_the_others_are_written(config_file: Path, tmp_path: Path) -> None:
    more = config_file.read_text().partition("\n")[2].replace("name: dc1", "name: dc2")
    config_file.write_text(config_file.read_text() + re.sub(r"port: \d+", "port: 1", more))
    file = tmp_path / "x.json"
    done = checkmeter("inventory", "--config.file", config_file, "--format", "json", "--output", file)
    assert done.returncode == 1
    assert "dc2: failed: 127.0.0.1:1 refuses the connection" in done.stderr
    assert "error: not in it: dc2" in done.stderr
    assert len(json.loads(file.read_text())["vSource"]) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (("--vcenter", "dc9"), 2, "no vCenter 'dc9' in"),
        (("--tab", "vInfo"), 2, "goes with --format csv"),
        (("--agent.url", "ftp://127.0.0.1"), 2, "must begin with http:// or https://"),
        (("--agent.url", "http://127.0.0.1:1"), 1, "http://127.0.0.1:1/inventory.xlsx: [Errno 111] Connection refused"),
        (("--agent.url", "http://127.0.0.1:1", "--vcenter", "dc1"), 2, "does not go with --agent.url"),
        (("--agent.url", "http://127.0.0.1:1", "--agent.username", "me"), 2, "goes with --agent.password-file"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    config_file: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, problem: str
) -> None:
    done = checkmeter("inventory", "--config.file", config_file, *arguments, cwd=tmp_path)
    assert done.returncode == code
    assert problem in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.glob("*inventory*")) == []


def test_without_any_vcenter_nothing_is_written(config_file: Path, tmp_path: Path) -> None:
    config_file.write_text(re.sub(r"port: \d+", "port: 1", config_file.read_text()))
    file = tmp_path / "x.xlsx"
    done = checkmeter("inventory", "--config.file", config_file, "--output", file)
    assert done.returncode == 1
    assert "error: no vCenter could be read" in done.stderr
    assert not file.exists()


def test_on_a_terminal_a_bar_shows_how_far_it_is(config_file: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        arguments = ("inventory", "--config.file", config_file, "--format", "json", "--output", tmp_path / "x.json")
        done = subprocess.run(
            [sys.executable, "-m", "agent", *arguments],
            cwd=ROOT,
            env=environment(TERM="xterm", COLUMNS="80"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=theirs,
            timeout=LIMIT_S,
            check=True,
        )
        shown = os.read(ours, 100_000).decode()
    finally:
        os.close(theirs)
        os.close(ours)
    assert done.returncode == 0
    percents = [int(one) for one in re.findall(r"(\d+)%", shown)]
    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (0, 100)
    assert len(set(percents)) > 5


class Guarded(BaseHTTPRequestHandler):
    """An agent behind a login, that sends those who are let in to another place."""

    elsewhere = ""
    seen: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        self.seen.append(self.headers.get("Authorization"))
        self.send_response(302 if self.elsewhere and self.path == "/inventory.json" else 200)
        self.send_header("Location", f"{self.elsewhere}/other.json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Nothing on standard error."""


def test_a_login_is_shown_to_the_agent_and_to_no_other(tmp_path: Path) -> None:
    (tmp_path / "password").touch(mode=0o600)
    (tmp_path / "password").write_text(PASSWORD)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Guarded)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    Guarded.elsewhere = url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        done = checkmeter(
            "inventory", "--agent.url", url, "--agent.username", "me", "--agent.password-file", tmp_path / "password",
            "--format", "json", "--output", "-",
        )  # fmt: skip
    finally:
        server.shutdown()
        server.server_close()
    assert (done.returncode, done.stdout) == (0, "{}")
    expected = base64.b64encode(f"me:{PASSWORD}".encode()).decode()
    assert Guarded.seen == [f"Basic {expected}", None]
