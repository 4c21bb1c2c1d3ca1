"""What govc saved of vcsim, neither of which anyone here wrote, is served as vcsim served it."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.collectors.single_reading import read_once
from agent.errors import AgentError
from agent.model.inventory import Inventory
from agent.model.labelling import Labelling
from agent.simulator.replay.object_dump import estate_of_dump
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.endpoint import Endpoint
from tests.simulator.test_govc import govc_binary
from tests.vcsim.server import Vcsim

__all__ = ["govc_binary"]
RUN_SECONDS = 60
CONTENT = (
    '<ObjectContent><obj type="ServiceInstance">ServiceInstance</obj><propSet><name>content</name>'
    '<val xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="ServiceContent"/></propSet></ObjectContent>'
)


def saved(govc: Path, server: Vcsim, folder: Path) -> Path:
    """Run `govc object.save` on a running vcsim."""
    (folder / "ca.pem").write_text(server.certificate_pem)
    environment = {
        "HOME": str(folder),
        "GOVC_URL": f"https://{server.host}:{server.port}/sdk",
        "GOVC_USERNAME": server.user,
        "GOVC_PASSWORD": server.password,
        "GOVC_TLS_CA_CERTS": str(folder / "ca.pem"),
        "GOVC_PERSIST_SESSION": "false",
    }
    done = subprocess.run(
        [govc, "object.save", "-l", "-d", folder / "dump"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "dump"


def read(port: int, user: str, password: str, fingerprint: str) -> Inventory:
    endpoint = Endpoint(name="dc1", host="127.0.0.1", port=port, username=user, fingerprint=fingerprint)
    inventory = read_once(endpoint, lambda: password, SystemClock(), lambda _: None, Labelling()).inventory
    assert inventory is not None
    return inventory


@pytest.fixture(scope="module", params=["vcsim", "esx"])
def both(
    request: pytest.FixtureRequest, govc_binary: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Inventory, Inventory]]:
    """What the agent reads of vcsim, and of its dump."""
    server: Vcsim = request.getfixturevalue(request.param)
    dump = saved(govc_binary, server, tmp_path_factory.mktemp("saved"))
    original = read(server.port, server.user, server.password, server.fingerprint)
    estate, kind = estate_of_dump(dump, SystemClock())
    with SimulatedVCenter(estate, kind=kind) as vcenter:
        yield original, read(vcenter.port, "checkmeter", "simulated", vcenter.fingerprint_sha256)


@pytest.mark.needs("go")
@pytest.mark.timeout(360)
def test_the_agent_reads_of_a_dump_what_it_read_of_the_server(both: tuple[Inventory, Inventory]) -> None:
    original, dump = both
    assert len(dump.vms) in (4, 8)
    differing = [
        (name, moid, one.name, getattr(before, one.name), getattr(after, one.name))
        for name in (
            "vms",
            "hosts",
            "clusters",
            "compute_resources",
            "datastores",
            "networks",
            "folders",
            "resource_pools",
        )
        for moid, before in getattr(original, name, {}).items()
        for after in [getattr(dump, name)[moid]]
        for one in fields(before)
        if getattr(before, one.name) != getattr(after, one.name)
        and (getattr(before, one.name) or getattr(after, one.name))  # govc does not write what is 0, false or empty
    ]
    assert differing == []
    assert dump.about == original.about


def test_a_folder_that_is_no_dump_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(AgentError, match=r"is no dump of govc object\.save"):
        estate_of_dump(tmp_path, SystemClock())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<ObjectContent>", "is not well-formed XML"),
        ("<other/>", "holds no object"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><ObjectContent/>', "declares a document type"),
    ],
)
def test_a_file_that_is_no_object_is_named_with_what_is_wrong(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "0000-ServiceInstance-ServiceInstance.xml").write_text(CONTENT)
    (tmp_path / "0001-other.xml").write_text(text)
    with pytest.raises(AgentError) as raised:
        estate_of_dump(tmp_path, SystemClock())
    assert f"0001-other.xml {problem}" in raised.value.problem


def test_a_dump_without_the_root_folder_says_what_it_takes(tmp_path: Path) -> None:
    (tmp_path / "0000-ServiceInstance-ServiceInstance.xml").write_text(CONTENT)
    with pytest.raises(AgentError, match="has no root folder"):
        estate_of_dump(tmp_path, SystemClock())
