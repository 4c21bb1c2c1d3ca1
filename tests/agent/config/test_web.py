"""The web configuration file: what may stand in it, and every mistake with its place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.config.web import WebConfig, load_web
from agent.errors import ConfigError

HASH = "$2b$10$eImiTXuWVxfM37uY4JANjQ.3mP8Y9s3xZzF8CZ0s8mB0G0pXc2PWe"
WHOLE = f"""\
tls_server_config:
  cert_file: server.crt
  key_file: /etc/ssl/private/server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: clients.pem
  client_allowed_sans: [prometheus.example.dk]
  min_version: TLS13
  max_version: TLS13
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
  prefer_server_cipher_suites: false
http_server_config:
  http2: false
  headers:
    Strict-Transport-Security: max-age=31536000
basic_auth_users:
  prometheus: {HASH}
"""

Load = Callable[[str], WebConfig]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load_text(text: str) -> WebConfig:
        (tmp_path / "web.yml").write_text(text)
        return load_web(tmp_path / "web.yml")

    return load_text


def problems(load: Load, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(text)
    return [line.partition("web.yml:")[2] for line in caught.value.problems]


def test_a_file_of_prometheus_own_exporters_is_understood(load: Load, tmp_path: Path) -> None:
    config = load(WHOLE)
    assert config.files == (tmp_path / "server.crt", Path("/etc/ssl/private/server.key"), tmp_path / "clients.pem")
    assert config.tls_server_config is not None
    assert config.tls_server_config.min_version == "TLS13"
    assert config.http_server_config.headers == {"Strict-Transport-Security": "max-age=31536000"}
    assert config.basic_auth_users == {"prometheus": HASH}


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}\n"])
def test_an_empty_file_protects_nothing(load: Load, text: str) -> None:
    config = load(text)
    assert (config.tls_server_config, config.basic_auth_users, config.files) == (None, {}, ())


TLS = "tls_server_config:\n  cert_file: a\n  key_file: b\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("basic_auth_users:\n  me: secret\n", "2:3: basic_auth_users.me: must be a bcrypt hash: `checkmeter web hash-password` makes one"),
        (f"basic_auth_users:\n  me: {HASH.replace('$10$', '$31$')}\n", "2:3: basic_auth_users.me: the cost of the hash must be from 4 to 15"),
        (f'basic_auth_users:\n  "a:b": {HASH}\n', "2:3: basic_auth_users.a:b: a user's name must not be empty or hold a colon"),
        ("tls_server_config:\n  cert_file: a\n", "1:1: tls_server_config.key_file: this key is required"),
        (TLS + "  min_version: TLS10\n", "4:3: tls_server_config.min_version: must be one of TLS12, TLS13"),
        (TLS + "  min_version: TLS13\n  max_version: TLS12\n", "4:3: tls_server_config.min_version: must not be above `max_version`"),
        (TLS + "  client_auth_type: RequireAndVerifyClientCert\n", "4:3: tls_server_config.client_auth_type: needs `client_ca_file`, which signed the clients'"),
        (TLS + "  client_auth_type: RequestClientCert\n", "4:3: tls_server_config.client_auth_type: must be one of NoClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert"),
        (TLS + "  client_ca_file: c\n", "4:3: tls_server_config.client_ca_file: has no effect without `client_auth_type: RequireAndVerifyClientCert`"),
        (TLS + "  client_allowed_sans: [x]\n", "4:3: tls_server_config.client_allowed_sans: has no effect without `client_auth_type`"),
        (TLS + "  curve_preferences: [X25519]\n", "4:3: tls_server_config.curve_preferences: cannot be chosen here; OpenSSL's own order is a good one"),
        ("tls_server_config:\n  cert_file: a\n  key: PRIVATE\n  key_file: b\n", "3:3: tls_server_config.key: put the key into a file of its own and name it in `key_file`"),
        ("rate_limit: {interval: 1s}\n", "1:1: rate_limit: failed logins are always limited here, the rest by the number of connections"),
        ('http_server_config:\n  headers:\n    X-Frame-Options: "a\\r\\nb"\n', "3:5: http_server_config.headers.X-Frame-Options: must be one line without control characters"),
        ("http_server_config:\n  headers:\n    Server: x\n", "3:5: http_server_config.headers.Server: must be one of Content-Security-Policy, Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options, X-XSS-Protection"),
        ("users: {}\n", "1:1: users: unknown key; known here: tls_server_config, http_server_config, basic_auth_users"),
        ("basic_auth_users: [\n", None),
        ("just text\n", None),
    ],
)  # fmt: skip
def test_a_wrong_line_of_the_web_file_is_named_with_its_place_and_cause(
    load: Load, text: str, problem: str | None
) -> None:
    (found,) = problems(load, text)
    assert problem is None or found == problem


def test_no_message_quotes_a_password_or_a_hash(load: Load) -> None:
    text = f"basic_auth_users:\n  me: hunter2\n  you: [{HASH}]\ntls_server_config:\n  key: hunter2\n"
    assert "hunter2" not in str(found := problems(load, text))
    assert HASH not in str(found)


def test_a_web_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yml: No such file or directory"):
        load_web(tmp_path / "none.yml")
