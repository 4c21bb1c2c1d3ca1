import re
import socket
from pathlib import Path

import pytest

from agent.config import load
from tests.agent.cli.invocation import checkmeter, running

FREE_PORT = ("--listen-address", "127.0.0.1:0")


def configuration(folder: Path, port: str, password: str, trust: str) -> Path:
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text(password)
    file = folder / "checkmeter.yaml"
    file.write_text(
        f"vcenters:\n- {{name: sim, host: 127.0.0.1, port: {port}, username: anna, password_file: password, tls: {{{trust}}}}}\n"
    )
    load(file, {})
    return file


@pytest.mark.parametrize(("kind", "product"), [("vcenter", "VMware vCenter Server"), ("esxi", "VMware ESXi")])
def test_what_is_simulated_can_be_logged_in_to_as_it_says(tmp_path: Path, kind: str, product: str) -> None:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    secret.write_text("of-anna\n")
    options = ("--ca-file", tmp_path / "ca.pem", "--user", "anna", "--password-file", secret, "--kind", kind)
    with running("simulate", *FREE_PORT, "--vms", "20", "--no-scenario", *options) as simulated:
        said = simulated.wait_for("Ctrl-C ends it.")
        (port,) = re.findall(r"https://127\.0\.0\.1:(\d+)/sdk", said)
        config = configuration(tmp_path, port, "of-anna", "ca_file: ca.pem")
        done = checkmeter("config", "check", "--config.file", config, "--connect")
        assert f"sim: connected as anna to {product} " in done.stdout
        assert simulated.end() == 0
    assert "of-anna" not in simulated.output
    assert "Traceback" not in simulated.output


def test_the_fingerprint_that_is_printed_is_that_of_the_certificate(tmp_path: Path) -> None:
    with running("simulate", *FREE_PORT, "--vms", "20", "--user", "anna") as simulated:
        said = simulated.wait_for("Ctrl-C ends it.")
        (port,) = re.findall(r"https://127\.0\.0\.1:(\d+)/sdk", said)
        (fingerprint,) = re.findall(r"fingerprint ([0-9a-f]{64})", said)
        config = configuration(tmp_path, port, "simulated", f"fingerprint: '{fingerprint}'")
        assert checkmeter("config", "check", "--config.file", config, "--connect").returncode == 0


def test_a_taken_address_is_said_with_its_cure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = checkmeter("simulate", "--vms", "20", "--listen-address", address)
    assert done.returncode == 1
    assert done.stderr == (
        f"error: cannot listen on {address}: Address already in use\n  choose another --listen-address\n"
    )


def test_a_password_that_others_may_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").write_text("x")
    (tmp_path / "open").chmod(0o644)
    done = checkmeter("simulate", "--vms", "20", "--password-file", tmp_path / "open")
    assert done.returncode == 1
    assert "group or others may access it (mode 0644)" in done.stderr
