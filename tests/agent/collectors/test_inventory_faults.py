"""What the inventory collector does when vCenter misbehaves."""

import pytest
from pyVmomi import vim

from agent.simulator.scenario_power import power_off
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.collectors.running import collecting, new_estate, simulated
from tests.agent.collectors.test_inventory import powered_on_vm


def test_a_killed_session_is_followed_by_a_new_one_and_nothing_is_missed(tmp_path):
    with simulated(tmp_path) as (vcenter, running):
        moid = powered_on_vm(vcenter.estate)
        vcenter.faults.kill_sessions()
        power_off(vcenter.estate, moid)
        running.until(lambda target: target.inventory.vms[moid].power_state == "poweredOff", "the VM is off")
        running.until(lambda target: target.calls.logins == 2, "there was a second login")
        running.until(lambda target: target.up and target.problem is None, "all is well again")


def test_a_restarted_vcenter_is_read_again_in_full_and_what_went_meanwhile_is_gone(tmp_path):
    with simulated(tmp_path) as (vcenter, running):
        moid = powered_on_vm(vcenter.estate)
        vcenter.faults.restart(down_seconds=2)
        down = running.until(lambda target: target.problem is not None, "the outage is seen")
        assert (down.up, down.problem.kind) == (False, "unreachable")
        assert down.inventory is not None  # still there until it is stale
        assert down.clock_offset_s is None  # measured with each reading, so unknown at once
        vcenter.estate.remove(moid)
        running.until(lambda target: target.up and moid not in target.inventory.vms, "it is back without the VM")


def test_a_wrong_password_is_tried_once_and_again_only_when_it_has_changed(tmp_path):
    with (
        SimulatedVCenter(new_estate()) as vcenter,
        collecting(vcenter.port, vcenter.ca_pem, tmp_path, password="wrong") as running,
    ):
        blocked = running.until(lambda target: target.login_blocked, "the login is refused")
        assert blocked.problem.kind == "login_refused"
        assert "refused the login of checkmeter" in blocked.problem.problem
        assert "wrong" not in str(blocked.problem)
        running.never(lambda target: target.calls.logins > 1, 5)
        assert vcenter.calls["Login"] == 1
        running.password[0] = "simulated"
        running.until_up()
        assert vcenter.calls["Login"] == 2
        assert not running.target.login_blocked


def test_a_refused_property_is_unknown_with_the_privilege_and_comes_back_when_it_is_granted(tmp_path):
    with simulated(tmp_path) as (vcenter, running):
        vcenter.faults.deny("checkmeter", vim.HostSystem, "summary.quickStats", "System.Read")
        vcenter.faults.deny("checkmeter", vim.VirtualMachine, "config.hardware", "VirtualMachine.Config")
        vcenter.faults.kill_sessions()
        refused = running.until(
            lambda target: (
                {"System.Read", "VirtualMachine.Config"} <= {item.privilege for item in target.inventory.unreadable}
            ),
            "the refusals are listed",
        )
        assert all(host.cpu_usage_mhz is None for host in refused.inventory.hosts.values())
        assert all(vm.cpus is None and vm.disks is None for vm in refused.inventory.vms.values())
        assert all(vm.power_state for vm in refused.inventory.vms.values())
        vcenter.faults.clear()
        vcenter.faults.kill_sessions()
        running.until(
            lambda target: (
                not any(item.vsphere_type != "LicenseManager" for item in target.inventory.unreadable)
                and all(host.cpu_usage_mhz is not None for host in target.inventory.hosts.values())
            ),
            "everything is readable again",
        )


def test_an_account_that_sees_one_folder_gets_that_folder(tmp_path):
    estate = new_estate()
    moid = powered_on_vm(estate)
    with simulated(tmp_path, estate=estate) as (vcenter, running):
        folder = estate.get(moid, "parent")._moId
        vcenter.faults.limit_visibility("checkmeter", folder)
        limited = running.until(lambda target: len(target.inventory.vms) < len(estate.ids(vim.VirtualMachine)), "less")
        assert moid in limited.inventory.vms


@pytest.mark.parametrize("path", ["name", "config.annotation"])
def test_a_control_character_in_one_property_costs_that_property_alone(tmp_path, path):
    estate = new_estate()
    moid = powered_on_vm(estate)
    with simulated(tmp_path, estate=estate) as (vcenter, running):
        vcenter.faults.control_character(moid, path)
        vcenter.faults.kill_sessions()
        spoilt = running.until(
            lambda target: [(item.moid, item.path) for item in target.inventory.skipped] == [(moid, path)],
            "the property is skipped",
        )
        assert len(spoilt.inventory.vms) == len(estate.ids(vim.VirtualMachine))
        assert spoilt.inventory.vms[moid].power_state == "poweredOn"
        others = [vm for vm in spoilt.inventory.vms.values() if vm.moid != moid]
        assert all(vm.name for vm in others)
        power_off(estate, moid)
        running.until(lambda target: target.inventory.vms[moid].power_state == "poweredOff", "pushes still come")
        assert running.target.up


def test_a_control_character_in_a_polled_property_costs_that_property_alone(tmp_path):
    estate = new_estate()
    moid = powered_on_vm(estate)
    with simulated(tmp_path, estate=estate) as (vcenter, running):
        vcenter.faults.control_character(moid, "summary.storage.committed")
        spoilt = running.until(lambda target: target.inventory.skipped, "the property is skipped")
        assert [(item.moid, item.path) for item in spoilt.inventory.skipped] == [(moid, "summary.storage.committed")]
        assert spoilt.up


def test_an_unknown_enum_value_or_type_costs_nothing(tmp_path):
    estate = new_estate()
    moid = powered_on_vm(estate)
    with simulated(tmp_path, estate=estate) as (vcenter, running):
        vcenter.faults.unknown_enum(moid, "runtime.powerState")
        vcenter.faults.unknown_type(moid, "config.hardware.device")
        vcenter.faults.kill_sessions()
        odd = running.until(lambda target: target.inventory.vms[moid].power_state == "unheardOf", "it is as it is")
        assert odd.inventory.vms[moid].disks is not None
        assert odd.up


@pytest.mark.parametrize("fault", ["reset", "answer_status", "answer_garbage"])
def test_a_broken_answer_is_named_and_followed_by_a_full_reading(tmp_path, fault):
    with simulated(tmp_path) as (vcenter, running):
        runs = running.target.collectors["inventory"].runs
        getattr(vcenter.faults, fault)(operation="RetrievePropertiesEx", times=2)
        running.until(lambda target: sum(target.calls.errors.values()) > 0, "the fault is counted")
        running.until(lambda target: target.up and target.collectors["quick"].runs > runs + 2, "it goes on")
        assert running.target.collectors["inventory"].bugs == 0


def test_an_answer_that_hangs_in_its_body_is_given_up_at_the_deadline(tmp_path):
    with simulated(tmp_path, timeout_s=1.0) as (vcenter, running):
        vcenter.faults.hang("RetrievePropertiesEx")
        late = running.until(lambda target: target.problem is not None, "the call is given up")
        assert "no complete answer" in late.problem.problem
        running.until(lambda target: target.up, "it is back")


def test_a_changed_certificate_is_refused_until_the_old_one_or_a_new_ca_is_there(tmp_path):
    with simulated(tmp_path) as (vcenter, running):
        vcenter.faults.swap_certificate()
        changed = running.until(lambda target: target.problem is not None, "the change is seen")
        refused = running.until(lambda target: target.problem.kind == "not_trusted", "it is not trusted")
        assert "not signed by a CA we know" in refused.problem.problem
        assert changed.up is False
        (tmp_path / "ca.pem").write_bytes(vcenter.ca_pem)
        running.until(lambda target: target.up, "the new CA is taken without a restart")


def test_an_expired_certificate_is_named_as_that(tmp_path):
    with simulated(tmp_path) as (vcenter, running):
        vcenter.faults.swap_certificate(expired=True)
        (tmp_path / "ca.pem").write_bytes(vcenter.ca_pem)
        running.until(lambda target: target.problem and "has expired" in target.problem.problem, "it is named")
