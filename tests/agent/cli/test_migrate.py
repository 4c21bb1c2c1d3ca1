"""`checkmeter migrate`: from vmware_exporter's configuration to ours."""

import os
import stat

import pytest

from agent.cli.outcome import run
from agent.config import load, read_password

README_EXAMPLE = """\
default:
    vsphere_host: "vcenter.example.dk"
    vsphere_user: "user"
    vsphere_password: "pass: word"
    ignore_ssl: False
    specs_size: 5000
    fetch_custom_attributes: True
    fetch_tags: True
    fetch_alarms: True
    collect_only:
        vms: True
        vmguests: True
        datastores: True
        hosts: True
        snapshots: True

esx_1:
    vsphere_host: vc.example2.com:8443
    vsphere_user: 'root'
    vsphere_password: 'password'
    ignore_ssl: yes
    fetch_alarms: False
    collect_only:
        vms: False
        vmguests: True
        datastores: no
        hosts: True
        snapshots: True
"""


@pytest.fixture
def migrate(capsys, tmp_path):
    def call(*words, text=None):
        source = tmp_path / "config.yml"
        if text is not None:
            source.write_text(text)
            words = (source, *words)
        code = run(["migrate", *map(str, words)])
        return code, *capsys.readouterr()

    return call


def test_the_example_of_its_readme_becomes_a_configuration_that_is_correct(migrate, tmp_path):
    ours = tmp_path / "checkmeter.yaml"
    code, out, err = migrate("--to", ours, text=README_EXAMPLE)
    assert (code, err) == (0, "")
    first, second = load(ours).vcenters
    assert (first.name, first.host, first.port, first.username) == ("default", "vcenter.example.dk", 443, "user")
    assert read_password(first) == "pass: word"
    assert (first.vmware_exporter.enabled, first.vmware_exporter.alarms) == (True, True)
    assert first.vmware_exporter.custom_attributes == ("*",)
    assert (first.vmware_exporter.tags, second.vmware_exporter.tags) == (True, False)
    assert first.vmware_exporter.sections == ("vms", "vmguests", "datastores", "hosts", "snapshots")
    assert (second.name, second.host, second.port) == ("esx-1", "vc.example2.com", 8443)
    assert second.vmware_exporter.sections == ("vmguests", "hosts", "snapshots")
    assert stat.S_IMODE((tmp_path / "vcenter-default").stat().st_mode) == 0o600
    assert "pass: word" not in out + ours.read_text()


def test_what_differs_is_said_line_by_line(migrate, tmp_path):
    _, out, _ = migrate("--to", tmp_path / "c.yaml", text=README_EXAMPLE + "    no_such_key: 1\n")
    for told in (
        "differs: default: specs_size: is not needed",
        "differs: default: fetch_tags: only tags of categories that are named are read",
        "differs: default: fetch_custom_attributes: all become labels",
        "differs: esx_1: is the vCenter esx-1 here; ?section=esx_1 still means it",
        "differs: esx_1: ignore_ssl: certificates are always verified here",
        "differs: esx_1: no_such_key: vmware_exporter has no such key",
        "metrics_path: /metrics/vmware_exporter",
        "checkmeter config check --config.file=",
    ):
        assert told in out


def test_variables_of_the_environment_make_the_same(migrate, tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("VSPHERE_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "VSPHERE_HOST": "vc1.example.dk",
        "VSPHERE_USER": "reader",
        "VSPHERE_PASSWORD": "s3",
        "VSPHERE_IGNORE_SSL": "True",
        "VSPHERE_COLLECT_VMS": "False",
        "VSPHERE_LIMITED_HOST": "vc2.example.dk",
        "VSPHERE_LIMITED_USER": "other",
        "VSPHERE_LIMITED_FETCH_ALARMS": "true",
    }.items():
        monkeypatch.setenv(name, value)
    code, out, _ = migrate("--from-environment", "--to", tmp_path / "c.yaml")
    assert code == 0
    assert f"to do: write the password into {tmp_path / 'vcenter-limited'}" in out
    (tmp_path / "vcenter-limited").touch(mode=0o600)
    (tmp_path / "vcenter-limited").write_text("later")
    first, second = load(tmp_path / "c.yaml").vcenters
    assert (first.name, second.name) == ("default", "limited")
    assert first.vmware_exporter.sections == ("vmguests", "datastores", "hosts", "snapshots")
    assert second.vmware_exporter.alarms


def test_a_file_of_variables_as_containers_take_it_is_understood(migrate, tmp_path):
    text = "VSPHERE_USER=a@vsphere.local\nVSPHERE_PASSWORD='x y'\nVSPHERE_HOST=192.0.2.1\n"
    assert migrate("--to", tmp_path / "c.yaml", text=text)[0] == 0
    (only,) = load(tmp_path / "c.yaml").vcenters
    assert (only.host, only.username, read_password(only)) == ("192.0.2.1", "a@vsphere.local", "x y")


def test_a_section_without_a_host_takes_the_targets_of_prometheus(migrate, tmp_path):
    text = "default:\n  vsphere_user: u\n  vsphere_password: p\n"
    code, _, err = migrate("--to", tmp_path / "c.yaml", text=text)
    assert code == 78
    assert "default: names no vsphere_host; give the hosts that Prometheus scrapes with --target" in err
    two = ("--target", "vc1.example.dk", "--target", "vc2.example.dk")
    assert migrate(*two, "--to", tmp_path / "c.yaml", text=text)[0] == 0
    assert [(one.name, one.host) for one in load(tmp_path / "c.yaml").vcenters] == [
        ("vc1", "vc1.example.dk"),
        ("vc2", "vc2.example.dk"),
    ]


def test_nothing_that_exists_is_overwritten_and_then_nothing_is_written(migrate, tmp_path):
    (tmp_path / "vcenter-default").write_text("mine")
    code, _, err = migrate("--to", tmp_path / "c.yaml", text=README_EXAMPLE)
    assert code == 1
    assert f"{tmp_path / 'vcenter-default'}: exists already" in err
    assert not (tmp_path / "c.yaml").exists()
    assert (tmp_path / "vcenter-default").read_text() == "mine"


def test_printing_writes_no_file_and_shows_no_password(migrate, tmp_path):
    code, out, err = migrate("--print", text=README_EXAMPLE)
    assert code == 0
    assert out.startswith("# Made by `checkmeter migrate`")
    assert "differs: default: fetch_tags" in err
    assert "pass: word" not in out + err
    assert [one.name for one in tmp_path.iterdir()] == ["config.yml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("default: 5\n", "config.yml:1:1: default: must be a section of keys"),
        ("default:\n  vsphere_host: a\n", "config.yml:1:1: default.vsphere_user: this key is required"),
        (
            "default:\n  vsphere_user: u\n  vsphere_password: 0123\n",
            "config.yml:3:3: default.vsphere_password: looks like a number or a truth: put the password in quotes",
        ),
        ("default:\n  vsphere_user: u\n  ignore_ssl: perhaps\n", "default.ignore_ssl: must be True or False"),
        ("- a\n", "holds no sections"),
        ("default: {\n", "not valid YAML"),
        ("", "holds no sections"),
    ],
)
def test_a_mistake_in_their_file_is_said_in_one_line_with_its_place(migrate, text, said):
    code, out, err = migrate(text=text)
    assert code == 78
    assert said in err
    assert len(err.splitlines()) == 1
    assert out == ""


def test_wrong_use_is_said(migrate, tmp_path):
    assert migrate()[0] == 2
    code, _, err = migrate(tmp_path / "none.yml")
    assert code == 78
    assert "No such file" in err


def test_what_is_migrated_by_a_bad_host_is_said_with_our_own_line(migrate, tmp_path):
    text = "default:\n  vsphere_host: https://vc/\n  vsphere_user: u\n  vsphere_password: p\n"
    code, _, err = migrate("--to", tmp_path / "c.yaml", text=text)
    assert code == 78
    assert "vcenters[0].host: must be the name or address alone" in err
