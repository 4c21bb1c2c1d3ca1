"""A whole reading of vcsim, recorded once at the wire and replayed with no server.

It holds the requests to the byte and proves that a reading needs no clock of ours. To record anew:
`CHECKMETER_RECORD=1 ./run test tests/agent/vcenter/test_cassettes.py` (needs go).
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import vcr

from agent.clock import SystemClock
from agent.collectors.inventory_reading import InventoryReading
from agent.model.inventory import Inventory
from agent.model.world import CallStatistics, CollectorStatus
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.session import connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport
from tests.vcsim.server import Vcsim

FOLDER = Path(__file__).parents[2] / "cassettes"
RECORD = os.environ.get("CHECKMETER_RECORD") == "1"


def scrubbed_request(request: object) -> object:
    if request.body:
        request.body = re.sub(rb"<(userName|password)( [^>]*)?>.*?</\1>", rb"<\1\2>scrubbed</\1>", request.body)
    return request


def scrubbed_response(response: dict) -> dict:
    for name in list(response["headers"]):
        if name.lower() == "set-cookie":
            response["headers"][name] = ["vmware_soap_session=scrubbed; Path=/"]
    response["body"]["string"] = re.sub(
        rb"<(userName|fullName|key)>[^<]*</\1>(?=.*</LoginResponse>)", rb"<\1>scrubbed</\1>", response["body"]["string"]
    )
    return response


RECORDER = vcr.VCR(
    record_mode="all" if RECORD else "none",
    match_on=["method", "path", "body"],
    filter_headers=["Cookie"],
    before_record_request=scrubbed_request,
    before_record_response=scrubbed_response,
    decode_compressed_response=True,
)


def read_all(endpoint: Endpoint, password: str) -> tuple[Inventory, CallStatistics]:
    clock = SystemClock()
    stub = Stub(Transport(endpoint, clock))
    reading = InventoryReading(endpoint.name, clock)
    session = connect(stub, endpoint.username, password, clock)
    try:
        reading.attach(session)
        reading.read_quick(session)
        reading.read_slow(session)
    finally:
        session.close()
    fresh = CollectorStatus(interval_s=30)
    return reading.inventory(fresh, fresh, clock.now()), stub.traffic.statistics


@pytest.fixture
def target(request: pytest.FixtureRequest) -> Callable[[str], tuple[Endpoint, str]]:
    def find(model: str) -> tuple[Endpoint, str]:
        ca_file = FOLDER / f"{model}.pem"
        if not RECORD:
            endpoint = Endpoint(name="recorded", host="127.0.0.1", port=9, username="scrubbed", ca_file=ca_file)
            return endpoint, "scrubbed"
        options = ["-machines=1", "-cluster-hosts=1", "-datastores=1"] + (["-esx"] if model == "esx" else [])
        server: Vcsim = request.getfixturevalue("start_vcsim")(*options)
        (FOLDER / f"{model}.yaml").unlink(missing_ok=True)
        ca_file.write_text(server.certificate_pem)
        endpoint = Endpoint(name="recorded", host=server.host, port=server.port, username=server.user, ca_file=ca_file)
        return endpoint, server.password

    return find


def test_a_recorded_vcenter_is_read_with_no_server(target):
    endpoint, password = target("vcsim")
    with RECORDER.use_cassette(str(FOLDER / "vcsim.yaml")) as cassette:
        inventory, calls = read_all(endpoint, password)
    assert cassette.play_count == (0 if RECORD else len(cassette))
    assert sorted(vm.name for vm in inventory.vms.values()) == ["DC0_C0_RP0_VM0", "DC0_H0_VM0"]
    assert {host.version for host in inventory.hosts.values()} == {"8.0.2"}
    assert all(host.certificate_pem.startswith("-----BEGIN") for host in inventory.hosts.values())
    assert [cluster.name for cluster in inventory.clusters.values()] == ["DC0_C0"]
    assert all(vm.disks and vm.files for vm in inventory.vms.values())
    assert inventory.skipped == inventory.unreadable == ()
    # vcsim names each host's DateTimeSystem and has none
    assert (calls.logins, calls.errors) == (1, {"session_lost": len(inventory.hosts)})
    assert "Fetch" not in calls.calls


def test_a_recorded_standalone_host_is_read_with_no_server(target):
    endpoint, password = target("esx")
    with RECORDER.use_cassette(str(FOLDER / "esx.yaml")):
        inventory, _ = read_all(endpoint, password)
    assert inventory.about.api_type == "HostAgent"
    assert [host.moid for host in inventory.hosts.values()] == ["ha-host"]
    assert [vm.name for vm in inventory.vms.values()] == ["ha-host_VM0"]
    assert inventory.clusters == {}


def test_no_cassette_holds_a_password_or_a_session():
    for cassette in FOLDER.glob("*.yaml"):
        text = cassette.read_text()
        assert "<password" in text
        assert set(re.findall(r"<(?:userName|password)(?: [^>]*)?>(.*?)<", text)) == {"scrubbed"}
        assert set(re.findall(r"vmware_soap_session=([^;]*)", text)) == {"scrubbed"}
