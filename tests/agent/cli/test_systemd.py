"""The unit, its example configuration, and the talk with systemd."""

import re
import shlex
import shutil
import socket
import subprocess
import tomllib
from pathlib import Path

import pytest
import trustme

from agent.cli.serve import serve
from agent.cli.systemd import Nobody, Systemd
from agent.config import load
from agent.config.web import WebConfig, load_web
from tests.agent.cli.invocation import LIMIT_S, ROOT, checkmeter, environment
from tests.exporters.web.protected_site import HASH

UNIT = ROOT / "systemd/checkmeter.service"
EXAMPLE = ROOT / "systemd/checkmeter.yaml.example"
WORST_EXPOSURE = 15
"""In tenths: 1.5 of 10."""


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments],
        env=environment(SYSTEMD_COLORS="0"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def unit_with(tmp_path: Path, pattern: str, replacement: str) -> Path:
    copy = tmp_path / "checkmeter.service"
    changed, times = re.subn(pattern, replacement, UNIT.read_text(), flags=re.MULTILINE)
    assert times
    copy.write_text(changed)
    return copy


@pytest.mark.needs("systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    # The program need not be installed here; its exit code is 0 even for what it warns of, so its words count.
    there = unit_with(tmp_path, "^(Exec[A-Z][a-z]+)=/usr/bin/checkmeter", rf"\1={shutil.which('true')}")
    assert analyze("verify", "--man=no", there).stdout == ""


@pytest.mark.needs("systemd-analyze")
def test_a_misspelt_setting_of_the_unit_would_be_found(tmp_path: Path) -> None:
    wrong = unit_with(tmp_path, "^PrivateTmp=yes", "PrivatTmp=yes")
    assert "PrivatTmp" in analyze("verify", "--man=no", wrong).stdout


@pytest.mark.needs("systemd-analyze")
def test_the_service_is_sealed_off_as_well_as_systemd_can() -> None:
    judged = analyze("security", "--offline=true", f"--threshold={WORST_EXPOSURE}", UNIT)
    assert judged.returncode == 0, judged.stdout.splitlines()[-1]


@pytest.mark.needs("systemd-analyze")
def test_a_service_with_more_rights_would_be_noticed(tmp_path: Path) -> None:
    open_unit = unit_with(tmp_path, "^CapabilityBoundingSet=$", "")
    assert analyze("security", "--offline=true", f"--threshold={WORST_EXPOSURE}", open_unit).returncode != 0


def test_the_unit_starts_the_command_that_the_package_installs() -> None:
    (script,) = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    (started,) = re.findall(r"^ExecStart=(.*)$", UNIT.read_text(), re.MULTILINE)
    assert shlex.split(started) == [
        f"/usr/bin/{script}",
        "serve",
        "--config.file=/etc/checkmeter/checkmeter.yaml",
        "--web.config.file=/etc/checkmeter/web.yml",
    ]


def test_a_reload_checks_both_files_without_the_credentials_that_systemd_shows_to_the_service_alone(
    tmp_path: Path,
) -> None:
    config_check, web_check, _ = re.findall(r"^ExecReload=(.*)$", UNIT.read_text(), re.MULTILINE)
    trustme.CA().cert_pem.write_to_path(tmp_path / "vmca.pem")
    shutil.copy(EXAMPLE, tmp_path / "checkmeter.yaml")
    shutil.copy(ROOT / "systemd/web.yml.example", tmp_path / "web.yml")
    for command in (config_check, web_check):
        _, *arguments = shlex.split(command.replace("/etc/checkmeter", str(tmp_path)))
        done = checkmeter(*arguments, CREDENTIALS_DIRECTORY=str(tmp_path / "inaccessible"))
        assert (done.returncode, done.stderr) == (0, "")


def test_a_login_cannot_be_tried_without_passwords(tmp_path: Path) -> None:
    done = checkmeter("config", "check", "--connect", "--without-passwords", f"--config.file={tmp_path}/none.yaml")
    assert done.returncode == 2
    assert "leave out --without-passwords" in done.stderr


def test_the_example_loads_with_the_credential_that_the_unit_delivers(tmp_path: Path) -> None:
    (credential,) = re.findall(r"^LoadCredential=([^:]+):", UNIT.read_text(), re.MULTILINE)
    delivered = tmp_path / "credentials"
    delivered.mkdir()
    (delivered / credential).touch(mode=0o400)
    (delivered / credential).chmod(0o600)
    (delivered / credential).write_text("x")
    (delivered / credential).chmod(0o400)
    trustme.CA().cert_pem.write_to_path(tmp_path / "vmca.pem")
    shutil.copy(EXAMPLE, tmp_path / "checkmeter.yaml")
    config = load(tmp_path / "checkmeter.yaml", {"CREDENTIALS_DIRECTORY": str(delivered)})
    assert [vcenter.password_file for vcenter in config.vcenters] == [delivered / credential]


def test_what_the_example_only_hints_at_is_right_too(tmp_path: Path) -> None:
    text = re.sub(r"# (port|proxy|interval|slow_interval|timeout):", r"\1:", EXAMPLE.read_text())
    text = re.sub("ca_file: .*", "", text).replace(
        '# fingerprint: "AA:BB:…"', f'fingerprint: "{":".join(["AA"] * 32)}"'
    )
    (tmp_path / "vcenter-dc1").touch(mode=0o600)
    (tmp_path / "vcenter-dc1").write_text("x")
    (tmp_path / "checkmeter.yaml").write_text(text)
    (vcenter,) = load(tmp_path / "checkmeter.yaml", {}).vcenters
    assert vcenter.proxy == "http://proxy.example.dk:3128"
    assert vcenter.tls.fingerprint is not None


def test_the_example_of_the_web_configuration_protects_nothing_until_it_is_edited_and_is_right_then(
    tmp_path: Path,
) -> None:
    example = (ROOT / "systemd/web.yml.example").read_text()
    (tmp_path / "web.yml").write_text(example)
    assert load_web(tmp_path / "web.yml") == WebConfig()
    edited = re.sub(r"^#(?=\S| {2})", "", example, flags=re.MULTILINE)
    (tmp_path / "web.yml").write_text(edited.replace("$2b$12$…", HASH))
    config = load_web(tmp_path / "web.yml")
    assert config.basic_auth_users
    assert config.files == (tmp_path / "web.crt", tmp_path / "web.key")


def test_every_option_in_the_file_of_defaults_is_one_of_the_command() -> None:
    names = re.findall(r"^#?CHECKMETER_SERVE_(\w+)=", (ROOT / "systemd/checkmeter.default").read_text(), re.MULTILINE)
    known = {(option.name or "").upper() for option in serve.params}
    assert names
    assert set(names) <= known


def test_each_message_to_systemd_is_one_datagram(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(LIMIT_S)
        listening.bind(str(tmp_path / "notify"))
        systemd = Systemd.of({"NOTIFY_SOCKET": str(tmp_path / "notify")})
        systemd.tell("READY=1", "STATUS=1 of 1 vCenters answer")
        assert listening.recv(4096) == b"READY=1\nSTATUS=1 of 1 vCenters answer"


def test_a_name_in_the_status_cannot_say_something_else_to_systemd(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(LIMIT_S)
        listening.bind(str(tmp_path / "notify"))
        Systemd(str(tmp_path / "notify")).tell("STATUS=dc1\nMAINPID=1")
        assert listening.recv(4096) == rb"STATUS=dc1\nMAINPID=1"


def test_an_abstract_address_of_systemd_is_understood() -> None:
    name = f"checkmeter-test-{id(object())}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(LIMIT_S)
        listening.bind(f"\0{name}")
        Systemd.of({"NOTIFY_SOCKET": f"@{name}"}).tell("READY=1")
        assert listening.recv(4096) == b"READY=1"


def test_without_systemd_nobody_is_told() -> None:
    assert isinstance(Systemd.of({}), Nobody)


def test_a_systemd_that_has_gone_does_not_stop_the_agent(tmp_path: Path) -> None:
    Systemd(str(tmp_path / "gone")).tell("WATCHDOG=1")
