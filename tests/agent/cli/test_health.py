"""`checkmeter health`, as a monitoring system calls it."""

import json
from pathlib import Path

import pytest

from tests.agent.cli.invocation import checkmeter


@pytest.fixture
def health(config_file):
    """The command on the simulated vCenter, with more configuration on demand."""

    def run(*arguments: str, more: str = ""):
        config_file.write_text(config_file.read_text() + more)
        return checkmeter("health", "--config.file", config_file, *arguments)

    return run


def test_what_is_critical_is_told_first_and_is_exit_code_2(health):
    done = health()
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (2, "")
    assert ": critical: " in lines[0]
    assert lines[1].split()[0] == "critical"
    assert "releases and ends of support are known up to" in lines[-2]
    assert "without the ledger's past not made: datastore_filling" in lines[-1]


def test_one_check_alone_is_ok_with_exit_code_0(health):
    done = health("--check", "vcenter_clock_off")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_json_document_has_evidence_with_its_source(health):
    (document,) = json.loads(health("--json", "--check", "host_reboot_required").stdout)
    (finding,) = document["findings"]
    assert finding["evidence"][0]["source"] == "HostSystem.summary.rebootRequired"
    assert document["tally"]["host_reboot_required"]["warning"] == 1


def test_what_is_acknowledged_in_the_file_is_no_fault(health, config_file: Path):
    config_file.with_name("known.yaml").write_text(
        "acknowledgements:\n"
        "  - {check: host_reboot_required, object: '*', reason: window on Sunday, until: '2999-01-01'}\n"
    )
    more = "health:\n  acknowledgements_file: known.yaml\n"
    done = health("--all", "--check", "host_reboot_required", more=more)
    assert done.returncode == 0
    assert "acknowledged until 2999-01-01: window on Sunday" in done.stdout


def test_a_threshold_that_a_check_does_not_have_is_a_mistake_in_the_configuration(health):
    done = health(more="health:\n  checks:\n    vm_snapshot_old: {thresholds: {warning_dayz: 5}}\n")
    assert done.returncode == 78
    assert "warning_dayz: the check has no such threshold; known: warning_days, critical_days" in done.stderr


def test_a_vcenter_that_cannot_be_read_is_unknown_with_exit_code_3(health, vcenter):
    vcenter.stop()
    done = health()
    assert done.returncode == 3
    assert ": unknown: " in done.stdout


def test_a_check_that_does_not_exist_is_wrong_use(health):
    assert "there is no check vm_snapshot_odd" in health("--check", "vm_snapshot_odd").stderr
