"""Privileges by pyVmomi's tables, and an account tried against vcsim."""

import subprocess

import pytest

from agent.cli.account_features import features, privileges
from agent.clock import SystemClock
from agent.model.account import Account, Attempt, Feature, Refusal, Verdict, examine, minimal_role
from agent.vcenter.account import try_account
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.privileges import privilege_of, privileges_of
from agent.vcenter.session import connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport


@pytest.mark.parametrize(
    ("source", "privilege"),
    [
        ("VirtualMachine.name", "System.View"),
        ("VirtualMachine.runtime.powerState", "System.Read"),
        ("QueryPerf cpu.ready.summation", "System.View"),
        ("HostDateTimeSystem.QueryDateTime", "System.Read"),
        ("LicenseManager.licenses.name", "Global.Licenses"),
        ("StoragePod.podStorageDrsEntry.storageDrsConfig", "System.Read"),
        ("Unheard.of", None),
    ],
)
def test_the_privilege_of_a_source_is_that_of_pyvmomis_tables_or_of_practice(source, privilege):
    assert privilege_of(source) == privilege


def account(**attempts: Attempt) -> Account:
    return Account(
        vcenter="dc1",
        address="vc:443",
        username="u",
        product="p",
        visible={"VirtualMachine": 2, "HostSystem": 1},
        held={"System.Read": False},
        attempts={f"VirtualMachine.{name}": one for name, one in attempts.items()},
    )


def verdict(need: str, seen: Account) -> Verdict:
    feature = Feature(kind="metric", name="m", needs=(need,))
    (finding,) = examine((feature,), seen, privileges_of((need,)))
    return finding.verdict


def test_what_was_tried_counts_more_than_what_the_tables_say():
    assert verdict("VirtualMachine.summary.config.numCpu", account(summary=Attempt(readable=2))) is Verdict.WORKS
    assert verdict("HostDateTimeSystem.QueryDateTime", account()) is Verdict.MISSING


def test_what_this_vcenter_does_not_have_is_no_missing_privilege():
    assert verdict("VirtualMachine.tpm", account(tpm=Attempt(unknown=True))) is Verdict.UNAVAILABLE


def test_the_role_never_asks_for_a_privilege_that_lets_its_holder_change_things():
    refused = Attempt(refusals=(Refusal(privilege="VirtualMachine.Config.Settings", objects=("vm1",)),))
    feature = Feature(kind="metric", name="m", needs=("VirtualMachine.config.x",))
    findings = examine((feature,), account(config=refused), {})
    assert findings[0].verdict is Verdict.MISSING
    assert minimal_role(findings, {}) == ("System.Anonymous", "System.View", "System.Read")


def tried(server):
    endpoint = Endpoint(
        name="vcsim", host=server.host, port=server.port, username=server.user, fingerprint=server.fingerprint
    )
    session = connect(Stub(Transport(endpoint, SystemClock())), server.user, server.password, SystemClock())
    try:
        return try_account(session, ["System.View", "System.Read", "Global.Licenses"])
    finally:
        session.close()


@pytest.mark.needs("go")
def test_vcsim_whose_accounts_may_do_everything_is_found_to_refuse_nothing(vcsim):
    seen = tried(vcsim)
    assert seen.visible["VirtualMachine"] == 8
    assert all(seen.held.values())
    wanted = features()
    findings = examine(wanted, seen, privileges(wanted))
    assert {one.verdict for one in findings} <= {Verdict.WORKS, Verdict.UNAVAILABLE}


@pytest.mark.needs("go")
def test_a_standalone_host_has_fewer_managers_which_is_no_missing_privilege(esx):
    seen = tried(esx)
    assert seen.visible["HostSystem"] == 1
    wanted = features()
    findings = examine(wanted, seen, privileges(wanted))
    assert {one.verdict for one in findings} <= {Verdict.WORKS, Verdict.UNAVAILABLE}


@pytest.mark.needs("go")
def test_govc_makes_the_role_of_the_letter_and_vcsim_shows_it_with_exactly_these_privileges(start_vcsim, govc_binary):
    server = start_vcsim()
    findings = examine((Feature(kind="metric", name="m", needs=("LicenseManager.licenses",)),), account(), {})
    role = minimal_role(findings, privileges_of(["LicenseManager.licenses"]))

    def govc(*words: str) -> str:
        done = subprocess.run(
            [govc_binary, *words],
            env={
                "GOVC_URL": f"https://{server.host}:{server.port}/sdk",
                "GOVC_USERNAME": server.user,
                "GOVC_PASSWORD": server.password,
                "GOVC_INSECURE": "1",
                "GOVC_PERSIST_SESSION": "false",
                "HOME": "/nonexistent",
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert set(govc("role.ls", "ReadOnly").split()) == {"System.Anonymous", "System.Read", "System.View"}
    govc("role.create", "Checkmeter", *role)
    govc("permissions.set", "-principal", "checkmeter@vsphere.local", "-role", "Checkmeter", "-propagate=true", "/")
    assert set(govc("role.ls", "Checkmeter").split()) == set(role)
    (line,) = [line for line in govc("permissions.ls", "/").splitlines() if "checkmeter@vsphere.local" in line]
    role_given, *_, propagate = line.split()
    assert (role_given, propagate) == ("Checkmeter", "Yes")
