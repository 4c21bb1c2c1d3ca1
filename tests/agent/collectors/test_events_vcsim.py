"""The ledger's evidence against a vCenter simulator and a client that nobody of this project wrote."""

import subprocess

import pytest

from agent.ledger.chain import verify
from agent.ledger.database import Database
from tests.agent.collectors.ledgering import MovableClock, ledgering

pytestmark = [pytest.mark.needs("go"), pytest.mark.timeout(420)]
RUN_SECONDS = 30


@pytest.fixture
def server(start_vcsim):
    return start_vcsim("-machines=2", "-standalone-hosts=0")


@pytest.fixture
def govc(govc_binary, server, tmp_path):
    authority = tmp_path / "ca.pem"
    authority.write_text(server.certificate_pem)
    environment = {
        "HOME": str(tmp_path),
        "GOVC_URL": f"https://{server.host}:{server.port}/sdk",
        "GOVC_USERNAME": server.user,
        "GOVC_PASSWORD": server.password,
        "GOVC_TLS_CA_CERTS": str(authority),
        "GOVC_PERSIST_SESSION": "false",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(govc_binary), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_power_operations_of_another_client_are_in_the_ledger_as_events_and_as_observations(server, govc, tmp_path):
    with ledgering(server, tmp_path, MovableClock()) as running:
        running.until_caught_up()
        path = govc("find", "/", "-type", "m").split()[0]
        name = path.rpartition("/")[2]
        govc("vm.power", "-off", path)
        govc("vm.power", "-on", path)
        running.until_row("SELECT 1 FROM events WHERE vm_name = ? AND kind = 'VmPoweredOffEvent'", name)
        kinds = running.until_row(
            "SELECT kind FROM events WHERE vm_name = ?1 AND created >= (SELECT max(created) FROM events "
            "WHERE vm_name = ?1 AND kind = 'VmPoweredOffEvent') AND kind = 'VmPoweredOnEvent'",
            name,
        )
        assert kinds == [("VmPoweredOnEvent",)]
        govc("vm.power", "-suspend", path)
        ((moid, message),) = running.until_row(
            "SELECT vm, private FROM events WHERE vm_name = ? AND kind = 'VmSuspendedEvent'", name
        )
        assert name in message
        running.until_row(
            "SELECT 1 FROM observations WHERE moid = ? AND path = 'runtime.powerState' AND value = 'suspended'", moid
        )
        govc("vm.destroy", path)
        running.until_row("SELECT 1 FROM events WHERE vm = ? AND kind = 'VmRemovedEvent'", moid)
        running.until_row("SELECT 1 FROM observations WHERE moid = ? AND value = 'gone'", moid)
        assert running.target.collectors["events"].bugs == 0
    database = Database(tmp_path / "checkmeter.db")
    with database.reading() as connection:
        assert verify(connection).found is None
    database.close()


def test_what_another_client_did_while_the_agent_was_off_is_read_afterwards(server, govc, tmp_path):
    clock = MovableClock()
    with ledgering(server, tmp_path, clock) as running:
        running.until_caught_up()
    path = govc("find", "/", "-type", "m").split()[1]
    name = path.rpartition("/")[2]
    govc("vm.power", "-off", path)
    govc("vm.power", "-on", path)
    with ledgering(server, tmp_path, clock) as running:
        rows = running.until_row(
            "SELECT kind FROM events WHERE vm_name = ? AND kind LIKE 'VmPowered%' AND learned - created > 0 "
            "ORDER BY created DESC, key DESC LIMIT 2",
            name,
        )
        assert rows[0] == ("VmPoweredOnEvent",)


def test_a_host_that_was_disconnected_meanwhile_is_seen_at_the_next_start(server, govc, tmp_path):
    """vcsim tells nobody who waits that a host was disconnected; whoever reads it anew is told."""
    clock = MovableClock()
    with ledgering(server, tmp_path, clock) as running:
        running.until_caught_up()
        path = govc("find", "/", "-type", "h").split()[0]
        govc("host.disconnect", path)
    with ledgering(server, tmp_path, clock) as running:
        running.until_row("SELECT 1 FROM observations WHERE kind = 'host' AND value = 'disconnected'")
