import dataclasses
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pydantic
import pytest

from agent.config import Config, load
from agent.errors import ConfigError

Problems = Callable[[str], list[str]]
Loaded = Callable[[str], Config]

MINIMAL = """\
vcenters:
  - name: dc1
    host: vcenter.example.dk
    username: checkmeter@vsphere.local
    password_file: dc1.password
"""


def test_the_smallest_file_gets_all_defaults(loaded: Loaded, folder: Path) -> None:
    (vcenter,) = loaded(MINIMAL).vcenters
    assert (vcenter.name, vcenter.host, vcenter.port) == ("dc1", "vcenter.example.dk", 443)
    assert vcenter.password_file == folder / "dc1.password"
    assert (vcenter.interval, vcenter.slow_interval) == (timedelta(seconds=30), timedelta(minutes=5))
    assert (vcenter.tls.ca_file, vcenter.tls.fingerprint, vcenter.tls.strict) == (None, None, True)


def test_every_key_reaches_the_model(loaded: Loaded, folder: Path) -> None:
    text = MINIMAL + (
        "    port: 8443\n    tls: {ca_file: ca.pem, strict: false}\n    proxy: http://proxy.example.dk:3128\n"
        "    interval: 10s\n    slow_interval: 1h\n    timeout: 2m\n"
    )
    (vcenter,) = loaded(text).vcenters
    assert (vcenter.port, vcenter.proxy) == (8443, "http://proxy.example.dk:3128")
    assert (vcenter.tls.ca_file, vcenter.tls.strict) == (folder / "ca.pem", False)
    assert (vcenter.interval, vcenter.slow_interval, vcenter.timeout) == (
        timedelta(seconds=10),
        timedelta(hours=1),
        timedelta(minutes=2),
    )


def test_a_loaded_configuration_cannot_be_changed(loaded: Loaded) -> None:
    with pytest.raises((pydantic.ValidationError, dataclasses.FrozenInstanceError)):
        loaded(MINIMAL).vcenters[0].port = 1


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ('"2001:DB8::1"', "2001:db8::1"),
        ('"[::1]"', "::1"),
        ("vc", "vc"),
        ("vc.dk.", "vc.dk."),
    ],
)
def test_a_host_is_a_name_or_an_address_of_either_kind(loaded: Loaded, host: str, expected: str) -> None:
    assert loaded(MINIMAL.replace("vcenter.example.dk", host)).vcenters[0].host == expected


@pytest.mark.parametrize("form", ["{}", "{}".lower(), "no colons"])
def test_a_fingerprint_is_kept_in_one_form(loaded: Loaded, form: str) -> None:
    colons = ":".join(f"{byte:02X}" for byte in range(0xA0, 0xC0))
    written = {"{}": colons, "no colons": colons.replace(":", "").lower()}.get(form, colons.lower())
    config = loaded(MINIMAL + f'    tls:\n      fingerprint: "{written}"\n')
    assert config.vcenters[0].tls.fingerprint == colons


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("    pasword_file: x\n", "6:5: vcenters[0].pasword_file: unknown key, did you mean `password_file`?"),
        ("    ca_file: x\n", "6:5: vcenters[0].ca_file: unknown key, did you mean `tls.ca_file`?"),
        ("    interval: 30\n", "6:5: vcenters[0].interval: must be a duration with its unit, such as 30s, 5m or 1h [got 30]"),
        ("    interval: 9s\n", "6:5: vcenters[0].interval: must be from 10s to 10m [got '9s']"),
        ("    slow_interval: 2h\n", "6:5: vcenters[0].slow_interval: must be from 1m to 1h [got '2h']"),
        ("    port: '443'\n", "6:5: vcenters[0].port: must be a whole number [got '443']"),
        ("    port: 65536\n", "6:5: vcenters[0].port: must be at most 65535 [got 65536]"),
        ("    port:\n", "6:5: vcenters[0].port: must be a whole number [got nothing]"),
        ("    name: dc2\n", "6:5: vcenters[0].name: the key is given twice, first on line 2"),
        ("    tls: {strict: yes}\n", "6:11: vcenters[0].tls.strict: must be true or false [got 'yes']"),
        ("    tls: {ca_file: none.pem}\n", "6:11: vcenters[0].tls.ca_file: none.pem: No such file or directory"),
        ("    tls: {ca_file: dc1.password}\n", "6:11: vcenters[0].tls.ca_file: dc1.password: holds no certificate in PEM form"),
        ("    proxy: proxy.example.dk\n", "6:5: vcenters[0].proxy: must be http://HOST:PORT [got 'proxy.example.dk']"),
        (
            "    interval: 5m\n    slow_interval: 1m\n",
            "7:5: vcenters[0].slow_interval: must not be shorter than `interval`, which is 5m [got '1m']",
        ),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_with_its_place_and_cause(problems: Problems, line: str, problem: str) -> None:
    assert problems(MINIMAL + line) == [problem]


@pytest.mark.parametrize("key", ["insecure", "verify_ssl", "ignoreSSL"])
def test_whoever_looks_for_a_way_around_tls_is_told_the_way_through(problems: Problems, key: str) -> None:
    (line,) = problems(MINIMAL + f"    {key}: true\n")
    assert line.endswith("unknown key; certificates are always verified: see tls.ca_file and tls.fingerprint")


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("name", "DC 1", "must be 1 to 63 of a-z, 0-9 and -, such as `dc1` [got 'DC 1']"),
        (
            "host",
            "https://vc/sdk",
            "must be the name or address alone, without https:// and path [got 'https://vc/sdk']",
        ),
        ("host", "vc:443", "must be the name or address alone; the port has its own key, `port` [got 'vc:443']"),
        ("host", "a b", "must be a host name or an IP address [got 'a b']"),
        ("username", "2026-01-01", None),
        ("username", "5", "must be text (put it in quotes) [got 5]"),
        ("username", "' '", "must not be empty [got ' ']"),
        ("password_file", "[x]", "must be the name of a file [got a list]"),
    ],
)
def test_a_wrong_value_of_a_required_key_is_named(
    problems: Problems, loaded: Loaded, key: str, value: str, what: str | None
) -> None:
    text = re.sub(rf"\b{key}: .*", f"{key}: {value}", MINIMAL)
    if what is None:
        assert getattr(loaded(text).vcenters[0], key) == value
    else:
        assert [line.partition(f"vcenters[0].{key}: ")[2] for line in problems(text)] == [what]


def test_a_ca_and_a_fingerprint_exclude_each_other(problems: Problems) -> None:
    fingerprint = ":".join(["AB"] * 32)
    (line,) = problems(MINIMAL + f'    tls:\n      ca_file: ca.pem\n      fingerprint: "{fingerprint}"\n')
    assert line.startswith("8:7: vcenters[0].tls.fingerprint: excludes `ca_file`: keep one of the two")


def test_the_sha1_fingerprint_that_other_tools_print_is_recognised(problems: Problems) -> None:
    (line,) = problems(MINIMAL + f'    tls: {{fingerprint: "{":".join(["AB"] * 20)}"}}\n')
    assert "is a SHA-1 fingerprint; the SHA-256 one is needed" in line


def test_two_vcenters_of_one_name_are_refused(problems: Problems) -> None:
    second = MINIMAL.removeprefix("vcenters:\n")
    assert problems(MINIMAL + second) == ["6:5: vcenters[1].name: another vCenter has this name, on line 2 [got 'dc1']"]


def test_all_mistakes_are_said_at_once_in_the_order_of_the_file(problems: Problems) -> None:
    text = MINIMAL.replace("dc1.password", "gone") + "    interval: soon\n    prot: 1\n  - name: dc1\nloging: x\n"
    assert [line.partition(": ")[2] for line in problems(text)] == [
        "vcenters[0].password_file: password file gone: No such file or directory; create it, readable by the agent alone",
        "vcenters[0].interval: must be a duration with its unit, such as 30s, 5m or 1h [got 'soon']",
        "vcenters[0].prot: unknown key, did you mean `port`?",
        "vcenters[1].host: this key is required",
        "vcenters[1].username: this key is required",
        "vcenters[1].password_file: this key is required",
        "vcenters[1].name: another vCenter has this name, on line 2 [got 'dc1']",
        "loging: unknown key; known here: performance, health, claims, storage, labels, remote_write, service_discovery, vcenters",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1: the file is empty: no vCenter is configured"),
        ("# nothing\n", "1:1: the file is empty: no vCenter is configured"),
        ("vcenters: []\n", "1:1: vcenters: no vCenter is configured: list at least one here [got an empty list]"),
        ("vcenters:\n", "1:1: vcenters: must be a list, each item starting with `- ` [got nothing]"),
        ("vcenters: dc1\n", "1:1: vcenters: must be a list, each item starting with `- ` [got 'dc1']"),
        ("vcenters: [dc1]\n", "1:12: vcenters[0]: must be a section of keys, indented below this one [got 'dc1']"),
        ("- a\n", "1:1: must be keys and values, such as `vcenters:`"),
    ],
)
def test_a_file_without_a_vcenter_is_refused(problems: Problems, text: str, problem: str) -> None:
    assert problems(text) == [problem]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "none.yaml", {})
    assert caught.value.problems == (f"{tmp_path}/none.yaml: No such file or directory",)


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin1.yaml").write_bytes("# måler".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"latin1\.yaml: not UTF-8 text \(byte 3\)"):
        load(tmp_path / "latin1.yaml", {})
