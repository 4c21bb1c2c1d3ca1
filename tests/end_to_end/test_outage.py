"""What a person and a scrape see when something happens at the vCenter."""

import time

from agent.simulator.scenario_power import power_off
from tests.agent.cli.invocation import PASSWORD
from tests.agent.collectors.test_inventory import powered_on_vm
from tests.end_to_end.servers import serving

INTERVAL_S = 10


def quickened(config_file):
    config_file.write_text(config_file.read_text() + f"    interval: {INTERVAL_S}s\n    timeout: 5s\n")
    return config_file


def test_a_vm_powered_off_is_on_the_metrics_page_within_two_seconds(config_file, vcenter):
    moid = powered_on_vm(vcenter.estate)
    vm_id = vcenter.estate.get(moid, "config.instanceUuid")
    with serving(config_file) as agent:
        assert agent.sample("vsphere_vm_power_state", vm_id=vm_id, state="poweredOn") == 1
        power_off(vcenter.estate, moid)
        took = agent.until(
            lambda: agent.sample("vsphere_vm_power_state", vm_id=vm_id, state="poweredOff") == 1, "the VM is off"
        )
        assert took < 2


def test_an_outage_is_said_at_once_values_leave_after_three_intervals_and_all_returns_by_itself(config_file, vcenter):
    with serving(quickened(config_file)) as agent:
        assert agent.sample("vsphere_vm_power_state") is not None
        began = time.monotonic()
        vcenter.faults.restart(down_seconds=3.5 * INTERVAL_S)
        agent.until(lambda: agent.sample("checkmeter_vcenter_up") == 0, "it is said", 3)
        assert agent.sample("checkmeter_vcenter_problem", kind="unreachable") == 1
        assert "refuses the connection" in agent.get("/")[1]
        assert agent.sample("vsphere_vm_power_state") is not None  # still true enough
        agent.until(lambda: agent.sample("vsphere_vm_power_state") is None, "the values leave")
        assert 2 * INTERVAL_S < time.monotonic() - began < 3.5 * INTERVAL_S + 6
        assert agent.sample("checkmeter_collector_last_success_timestamp_seconds", collector="inventory") > 0
        agent.until(lambda: agent.sample("vsphere_vm_power_state") is not None, "everything is back")
        assert agent.sample("checkmeter_vcenter_up") == 1
        assert agent.sample("checkmeter_vcenter_problem", kind="unreachable") == 0


def test_a_wrong_password_is_tried_once_until_the_file_changes(config_file, vcenter):
    password = config_file.parent / "dc1.password"
    password.write_text("wrong")
    with serving(config_file) as agent:
        assert agent.sample("checkmeter_vcenter_login_blocked") == 1
        assert "refused the login of checkmeter" in agent.get("/")[1]
        time.sleep(5)
        assert vcenter.calls["Login"] == 1
        password.write_text(PASSWORD)
        agent.until(lambda: agent.sample("checkmeter_vcenter_up") == 1, "the new password is taken")
        assert vcenter.calls["Login"] == 2


def test_a_vcenter_that_fails_costs_the_others_nothing(config_file, vcenter):
    config_file.write_text(
        config_file.read_text() + "  - name: gone\n    host: vcenter.invalid\n    username: checkmeter\n"
        "    password_file: dc1.password\n"
    )
    with serving(config_file) as agent:
        agent.until(lambda: agent.sample("checkmeter_vcenter_up", vcenter="dc1") == 1, "the good one is read")
        assert agent.sample("checkmeter_vcenter_up", vcenter="gone") == 0
        assert agent.sample("vsphere_vm_power_state", vcenter="dc1") is not None
        assert "does not resolve" in agent.get("/")[1]
