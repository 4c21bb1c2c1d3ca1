"""The web configuration while the agent runs, and the commands that help to write it."""

import os
import subprocess
import sys
from pathlib import Path

import bcrypt
import pytest

from agent.cli.options import ListenAddress
from agent.cli.web_config import WatchedWebConfig, is_loopback
from agent.errors import ConfigError
from tests.agent.cli.invocation import LIMIT_S, ROOT, checkmeter, environment
from tests.exporters.web.protected_site import HASH, PASSWORD, USERS, Certificates

HERE = (ListenAddress("127.0.0.1", 10272),)
BEYOND = (ListenAddress("192.0.2.7", 10272),)
TLS = "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    Certificates(folder=tmp_path).serve()
    return tmp_path / "web.yml"


def later(path: Path, text: str) -> None:
    """Write, so that the file's time differs whatever the file system's clock."""
    path.write_text(text)
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 10_000_000))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False), ("meter", False)],  # noqa: S104 - the wildcard is what is tested
)
def test_the_loopback_addresses_are_known(host: str, *, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(("text", "lacks"), [("", "`tls_server_config` and `basic_auth_users`"), (USERS, "`tls_server_config`;"), (TLS, "`basic_auth_users` (or client certificates);")], ids=["neither", "no TLS", "no login"])  # fmt: skip
def test_beyond_this_machine_both_tls_and_a_login_are_needed(web: Path, text: str, lacks: str) -> None:
    web.write_text(text)
    with pytest.raises(ConfigError) as caught:
        WatchedWebConfig(web, BEYOND)
    assert lacks in str(caught.value)
    assert WatchedWebConfig(web, HERE).current().open_to_all
    assert WatchedWebConfig(web, BEYOND, allow_open=True).current().open_to_all
    web.write_text(TLS + USERS)
    assert not WatchedWebConfig(web, BEYOND).current().open_to_all


def test_a_change_that_would_open_the_agent_to_others_is_not_made(web: Path) -> None:
    web.write_text(TLS + USERS)
    watched = WatchedWebConfig(web, BEYOND)
    before = watched.current()
    later(web, USERS)
    assert not watched.look()
    assert watched.current() is before


def test_a_renewed_certificate_is_noticed_and_a_mistake_changes_nothing(web: Path, tmp_path: Path) -> None:
    web.write_text(TLS)
    watched = WatchedWebConfig(web, HERE)
    before = watched.current()
    assert not watched.look()
    later(web, "tls_server_config: []\n")
    assert not watched.look()
    assert watched.current() is before
    later(web, TLS)
    Certificates(folder=tmp_path).serve()
    assert watched.look()
    assert watched.current().tls is not before.tls
    (tmp_path / "server.key").unlink()
    assert not watched.look()
    assert watched.current().tls is not None


def test_without_a_file_nothing_is_watched_or_reloaded() -> None:
    watched = WatchedWebConfig(None, HERE)
    assert not watched.look()
    assert not watched.reload()


def test_a_password_from_standard_input_becomes_a_hash_that_opens() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "agent", "web", "hash-password", "--cost", "10"],
        cwd=ROOT,
        env=environment(),
        input=f"{PASSWORD}\n",
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=True,
    )
    assert bcrypt.checkpw(PASSWORD.encode(), done.stdout.strip().encode())
    assert PASSWORD not in done.stdout + done.stderr


def test_no_password_at_all_is_refused() -> None:
    refused = checkmeter("web", "hash-password")
    assert refused.returncode == 1
    assert "empty" in refused.stderr


def test_a_web_configuration_is_checked_without_the_agent(web: Path) -> None:
    web.write_text(TLS + USERS)
    assert checkmeter("web", "check", web).stdout == f"{web}: correct; TLS, a login is needed\n"
    web.write_text(USERS + "users: {}\n")
    wrong = checkmeter("web", "check", web)
    assert wrong.returncode == 78
    assert f"{web}:3:1: users: unknown key" in wrong.stderr
    assert HASH not in wrong.stderr
