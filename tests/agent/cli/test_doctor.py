"""`checkmeter doctor` against the simulated vCenter, with accounts of several rights."""

import json

import pytest
from pyVmomi import vim

from agent.cli.account_features import features, privileges
from agent.cli.endpoints import endpoint
from agent.cli.outcome import run
from agent.clock import SystemClock
from agent.config import load, read_password
from agent.model.account import NO_NEED, Attempt, attempts_of
from agent.simulator.access import READ_ONLY
from agent.vcenter.account import TAGS, try_account
from agent.vcenter.session import connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport

USER = "checkmeter"


def asked(capsys, *words):
    code = run(["doctor", *map(str, words)])
    out, err = capsys.readouterr()
    return code, out, err


def states(capsys, config_file):
    code, out, _ = asked(capsys, "--config.file", config_file, "--json")
    (document,) = json.loads(out)
    return code, document, {one["name"]: one for one in document["features"]}


def test_with_every_right_everything_works_and_the_exit_code_is_0(capsys, vcenter, config_file):
    vcenter.faults.access.privileges[USER] = READ_ONLY | {"Global.Licenses"}
    code, document, features = states(capsys, config_file)
    assert code == 0
    tags = {name for name in features if name.endswith("_tag_info")}
    assert {features[name]["state"] for name in tags} == {"not configured"}
    assert {one["state"] for name, one in features.items() if name not in tags} == {"works"}
    assert document["minimal_role"] == ["System.Anonymous", "System.View", "System.Read", "Global.Licenses"]


def test_nothing_is_said_to_work_that_was_neither_tried_nor_is_in_the_tables(vcenter, config_file):
    vcenter.faults.access.privileges[USER] = READ_ONLY | {"Global.Licenses"}
    wanted = features()
    known = privileges(wanted)
    (one,) = load(config_file).vcenters
    session = connect(Stub(Transport(endpoint(one), SystemClock())), USER, read_password(one), SystemClock())
    attempts = {**try_account(session, ()).attempts, TAGS: Attempt(off=True)}
    session.close()
    unheard_of = {
        (feature.name, need)
        for feature in wanted
        for need in feature.needs
        if need.partition(".")[0] not in NO_NEED and need not in known and not attempts_of(need, attempts)
    }
    assert unheard_of == set()


def test_the_read_only_role_lacks_the_licences_that_are_not_assigned_and_nothing_else(capsys, vcenter, config_file):
    code, _, features = states(capsys, config_file)
    assert code == 1
    lacking = {name for name, one in features.items() if one["state"] not in ("works", "not configured")}
    assert {"vsphere_licence_info", "licence_expiring", "serve"} <= lacking
    assert features["vsphere_licence_info"]["missing"] == [
        {"privilege": "Global.Licenses", "objects": ["LicenseManager"]}
    ]
    assert {gap["privilege"] for name in lacking for gap in features[name]["missing"]} == {"Global.Licenses"}
    assert all(features[name]["in_part"] for name in lacking), "licences that are assigned are told to everyone"
    assert not {"ledger outages", "vsphere_vm_power_state", "host_reboot_required"} & lacking


def test_a_property_that_is_refused_names_the_privilege_and_every_object(capsys, vcenter, config_file):
    vcenter.faults.deny(USER, vim.HostSystem, "hardware", "Host.Config.Power")
    code, out, _ = asked(capsys, "--config.file", config_file, "--all")
    assert code == 1
    line = next(line for line in out.splitlines() if line.strip().startswith("vsphere_host_memory_size_bytes"))
    assert "missing privilege Host.Config.Power on esx01.kommune.example, " in line
    assert "and 3 more" in line
    _, document, features = states(capsys, config_file)
    (gap,) = features["vsphere_host_memory_size_bytes"]["missing"]
    assert len(gap["objects"]) == 6
    assert features["vsphere_vm_power_state"]["state"] == "works"
    assert "Host.Config.Power" not in document["minimal_role"], "it would let the account change things"


def test_an_account_without_system_read_is_told_so(capsys, vcenter, config_file):
    vcenter.faults.access.privileges[USER] = frozenset({"System.Anonymous", "System.View"})
    _, document, features = states(capsys, config_file)
    assert document["held_on_top"]["System.Read"] is False
    assert features["vsphere_vm_power_state"]["state"] == "missing privilege"
    assert {gap["privilege"] for gap in features["vsphere_vm_power_state"]["missing"]} == {"System.Read"}
    assert features["vsphere_vm_ledger_month_down_seconds"]["state"] == "missing privilege"


def test_one_value_that_breaks_the_answer_costs_no_other_its_verdict(capsys, vcenter, config_file):
    vcenter.faults.access.privileges[USER] = READ_ONLY | {"Global.Licenses"}
    vcenter.faults.control_character(vcenter.estate.ids(vim.VirtualMachine)[0], "config.annotation")
    _, document, features = states(capsys, config_file)
    assert document["visible"]["VirtualMachine"] == 20
    assert {one["state"] for one in features.values()} == {"works", "not configured"}


def test_tags_are_tried_over_rest_where_categories_are_named(capsys, vcenter, config_file):
    config_file.write_text(config_file.read_text() + "labels: {tags: [Tier, Secret]}\n")
    _, _, features = states(capsys, config_file)
    found = features["vsphere_vm_tag_info"]
    assert found["missing"] == [{"privilege": "System.Read", "objects": ["the tag category Secret (if there is one)"]}]
    assert found["in_part"]
    _, out, _ = asked(capsys, "--config.file", config_file, "--letter", "en")
    assert "under Administration, Global permissions" in out
    assert "(cis/tagging)" in out


def test_rights_on_one_folder_leave_hosts_and_datastores_not_visible_never_fine(capsys, vcenter, config_file):
    vcenter.faults.limit_visibility(USER, "group-v3")
    code, document, features = states(capsys, config_file)
    assert code == 1
    assert document["visible"]["HostSystem"] == 0
    assert len(document["hidden"]["HostSystem"]) == 6
    for name in (
        "vsphere_host_info",
        "vsphere_datastore_free_bytes",
        "vsphere_host_cpu_used_cycles_total",
        "vsphere_cluster_info",
        "vsphere_cluster_cpu_used_cycles_total",
        "vsphere_storage_pod_capacity_bytes",
    ):
        assert features[name]["state"] == "not visible", name
        assert not features[name]["in_part"], name
    assert features["vsphere_vm_power_state"]["state"] == "works"
    assert features["ledger outages"]["in_part"]
    assert features["host_reboot_required"]["state"] == "not visible"


def test_the_letter_says_in_english_what_is_missing_and_how_to_give_it(capsys, vcenter, config_file):
    vcenter.faults.limit_visibility(USER, "group-v3")
    code, out, _ = asked(capsys, "--config.file", config_file, "--letter", "en")
    assert code == 0
    assert "Global.Licenses is missing on LicenseManager" in out
    assert "Not visible to the account: HostSystem (6 that our servers refer to)" in out
    assert "govc role.create Checkmeter System.Anonymous System.View System.Read Global.Licenses\n" in out
    prose = [line for line in out.splitlines() if not line.startswith("     ")]
    assert max(map(len, prose)) <= 118, "it is to be printed or mailed"
    assert "New-VIPermission -Entity (Get-Folder -NoRecursion) -Principal 'checkmeter' -Role Checkmeter" in out


def test_the_letter_says_the_same_in_danish(capsys, vcenter, config_file):
    vcenter.faults.deny(USER, vim.HostSystem, "hardware", "Host.Config.Power")
    code, out, _ = asked(capsys, "--config.file", config_file, "--letter", "da")
    assert code == 0
    assert "Emne: læseadgang til kontoen checkmeter" in out
    assert "Global.Licenses mangler på LicenseManager" in out
    assert "Host.Config.Power mangler på" in out
    assert "så den beder vi ikke om" in out
    assert "govc role.create Checkmeter System.Anonymous System.View System.Read Global.Licenses\n" in out


def test_a_letter_can_be_had_before_there_is_an_account(capsys, config_file, vcenter):
    config_file.with_name("dc1.password").write_text("not given yet")
    code, out, _ = asked(capsys, "--config.file", config_file, "--letter", "en", "--no-login")
    assert code == 0
    assert "govc role.create" in out
    assert "How it stands today" not in out
    assert not vcenter.calls


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--no-login",), "--no-login goes with --letter only"),
        (("--letter", "da", "--json"), "--letter goes with neither"),
        (("--vcenter", "dc9"), "no vCenter 'dc9' in the configuration; it has dc1"),
        (("--letter", "se"), "'se' is not one of"),
    ],
)
def test_wrong_use_is_said_in_one_line(capsys, config_file, words, said):
    code, _, err = asked(capsys, "--config.file", config_file, *words)
    assert code == 2
    assert said in err


def test_a_refused_login_is_said_and_not_tried_twice(capsys, config_file, vcenter):
    config_file.with_name("dc1.password").write_text("wrong")
    code, out, err = asked(capsys, "--config.file", config_file)
    assert code == 1
    assert "dc1: failed: vCenter refused the login of checkmeter" in err
    assert out == ""
    assert vcenter.calls["Login"] == 1


def test_a_wrong_configuration_is_78(capsys, tmp_path):
    code, _, err = asked(capsys, "--config.file", tmp_path / "none.yaml")
    assert code == 78
    assert "No such file" in err
