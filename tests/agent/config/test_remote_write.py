"""The receiver of late samples: its address, its labels, and that its password is not sent in the clear."""

import pytest

from agent.config import load
from agent.errors import ConfigError


def config_with(folder, text):
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text("a-password")
    file = folder / "checkmeter.yaml"
    file.write_text(
        f"vcenters: [{{name: dc1, host: vc.example, username: u, password_file: password}}]\nremote_write:\n  {text}\n"
    )
    return load(file, {})


def test_nothing_is_sent_unless_a_receiver_is_named(tmp_path):
    assert config_with(tmp_path, "{}").remote_write.url is None


@pytest.mark.parametrize(
    "url",
    ["https://store.example/api/v1/write", "http://127.0.0.1:9090/write", "http://localhost/w", "http://[::1]:9/w"],
)
def test_a_password_is_sent_where_nobody_can_listen(tmp_path, url):
    found = config_with(tmp_path, f"{{url: '{url}', username: me, password_file: password}}").remote_write
    assert (found.url, found.password_file) == (url, tmp_path / "password")


def test_a_password_is_sent_by_https_only_except_to_this_machine(tmp_path):
    with pytest.raises(ConfigError, match=r"password_file: would be sent in the clear: `url` must begin with https://"):
        config_with(tmp_path, "{url: 'http://store.example/write', username: me, password_file: password}")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://store.example/write", "must be http://HOST:PORT/PATH"),
        ("http://", "must be http://HOST:PORT/PATH"),
        ("http://store.example:99999/write", "must be http://HOST:PORT/PATH"),
        ("https://me:hidden@store.example/write", "must not hold a password"),
    ],
)
def test_an_address_that_is_none_or_holds_a_password_is_refused_without_repeating_it(tmp_path, url, problem):
    with pytest.raises(ConfigError, match=problem) as refused:
        config_with(tmp_path, f"{{url: '{url}'}}")
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("name", ["__name__", "a-b", "1st", ""])
def test_a_label_has_a_name_that_prometheus_takes(tmp_path, name):
    with pytest.raises(ConfigError, match="no label's"):
        config_with(tmp_path, f"{{url: 'http://localhost/w', labels: {{'{name}': x}}}}")


def test_a_password_file_that_is_missing_is_found_before_the_start(tmp_path):
    with pytest.raises(ConfigError, match=r"remote_write\.password_file: password file .*not-there"):
        config_with(tmp_path, "{url: 'http://localhost/w', password_file: not-there}")
