"""The fixtures themselves: pyVmomi, which this project did not write either, gets along with what they serve."""

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pyVmomi import SoapStubAdapter, vim
from pyVmomi.VmomiSupport import newestVersions

from tests.vcsim.server import Vcsim, running

pytestmark = pytest.mark.needs("go")


@contextmanager
def signed_in(server: Vcsim, password: str) -> Iterator[vim.ServiceInstanceContent]:
    stub = SoapStubAdapter(
        host=server.host,
        port=server.port,
        path="/sdk",
        version=newestVersions.GetName("vim"),
        sslContext=server.trusting_context(),
        httpConnectionTimeout=20,
    )
    try:
        content = vim.ServiceInstance("ServiceInstance", stub).RetrieveContent()
        content.sessionManager.Login(server.user, password)
        yield content
        content.sessionManager.Logout()
    finally:
        stub.DropConnections()


def names_of(server: Vcsim, kind: type) -> list[str]:
    with signed_in(server, server.password) as content:
        view = content.viewManager.CreateContainerView(content.rootFolder, [kind], recursive=True)
        return [found.name for found in view.view]


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        (vim.VirtualMachine, 8),
        (vim.HostSystem, 4),
        (vim.ClusterComputeResource, 1),
        (vim.Datastore, 2),
        (vim.StoragePod, 1),
        (vim.dvs.DistributedVirtualPortgroup, 3),  # two and the uplinks'
    ],
)
def test_a_vcenter_has_the_objects_that_were_asked_for(vcsim: Vcsim, kind: type, count: int) -> None:
    assert len(names_of(vcsim, kind)) == count


def test_a_standalone_host_has_itself_and_four_machines(esx: Vcsim) -> None:
    assert (len(names_of(esx, vim.HostSystem)), len(names_of(esx, vim.VirtualMachine))) == (1, 4)


def test_a_test_gets_a_server_of_its_own_size(vcsim: Vcsim, start_vcsim: Callable[..., Vcsim]) -> None:
    own = start_vcsim("-machines=1", "-standalone-hosts=0")
    assert own.port != vcsim.port
    assert len(names_of(own, vim.VirtualMachine)) == 1


def test_a_wrong_password_is_refused_at_login(vcsim: Vcsim) -> None:
    with pytest.raises(vim.fault.InvalidLogin), signed_in(vcsim, vcsim.password + "?"):
        pass


def test_an_api_version_of_the_present_is_offered(vcsim: Vcsim) -> None:
    with signed_in(vcsim, vcsim.password) as content:
        assert (content.about.apiType, content.about.apiVersion) == ("VirtualCenter", "8.0.3.0")


def test_the_certificate_is_the_servers_own_and_fresh(vcsim: Vcsim, esx: Vcsim) -> None:
    served = ssl.get_server_certificate((vcsim.host, vcsim.port), timeout=20)
    assert ssl.PEM_cert_to_DER_cert(served) == ssl.PEM_cert_to_DER_cert(vcsim.certificate_pem)
    assert vcsim.fingerprint != esx.fingerprint


def test_no_server_outlives_the_block_that_started_it(vcsim_binary: Path) -> None:
    with running(vcsim_binary, "-machines=1") as server:
        socket.create_connection((server.host, server.port), timeout=20).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((server.host, server.port), timeout=20)


def test_a_server_ends_when_its_input_closes(vcsim_binary: Path) -> None:
    ended = subprocess.run([vcsim_binary, "-machines=1"], input=b"", capture_output=True, timeout=60, check=False)
    assert ended.returncode == 0
    assert b'"address":"127.0.0.1:' in ended.stdout


def test_a_port_that_is_taken_is_an_error_with_its_reason(vcsim: Vcsim, vcsim_binary: Path) -> None:
    with (
        pytest.raises(AssertionError, match="address already in use"),
        running(vcsim_binary, f"-listen={vcsim.host}:{vcsim.port}"),
    ):
        pass


def test_the_server_program_is_formatted_as_go_asks() -> None:
    source = Path(__file__).parent
    formatted = subprocess.run(["gofmt", "-l", source], capture_output=True, text=True, timeout=60, check=True)
    assert formatted.stdout == ""


def test_it_tells_how_often_each_operation_was_asked_for_and_how_much_it_sent(
    start_vcsim: Callable[..., Vcsim],
) -> None:
    server = start_vcsim("-machines=1")
    before = server.counted()
    names_of(server, vim.VirtualMachine)
    after = server.counted()
    assert "Login" not in before["calls"]
    assert (after["calls"]["Login"], after["calls"]["CreateContainerView"]) == (1, 1)
    assert after["sent_bytes"] > before["sent_bytes"]
