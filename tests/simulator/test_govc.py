"""govc, which no one here wrote, gets sensible answers: what pyVmomi's tables would hide on both sides shows here."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyVmomi import vim

from agent.simulator.vcenter import SimulatedVCenter
from tests.simulator.clients import PASSWORD, USER
from tests.simulator.tiny_estate import tiny_estate
from tests.tools import do_without, require

pytestmark = [pytest.mark.needs("go"), pytest.mark.timeout(360)]

SOURCE = Path(__file__).parent / "govc"
BUILD_SECONDS, RUN_SECONDS = 300, 30
WRONG = f"not {PASSWORD}"
VM = "/Rådhus/vm/Borger/srv-01"


@pytest.fixture(scope="session")
def govc_binary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once, and kept for as long as its source and the versions of its modules stay the same."""
    require("go")
    digest = hashlib.sha256(b"".join((SOURCE / name).read_bytes() for name in ("go.mod", "go.sum", "main.go")))
    binary = cache_folder(tmp_path_factory) / f"govc-{digest.hexdigest()[:16]}"
    if not binary.exists():
        unfinished = binary.with_name(f"{binary.name}.{os.getpid()}")
        command = [str(shutil.which("go")), "build", "-mod=readonly", "-trimpath", "-o", str(unfinished), "."]
        try:
            subprocess.run(command, cwd=SOURCE, check=True, capture_output=True, text=True, timeout=BUILD_SECONDS)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            last = str(error.stderr or "it took too long").strip().splitlines()[-1]
            do_without(f"needs govc, which go could not build (its modules come from the network): {last}")
        unfinished.replace(binary)
    return binary


def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in the user's cache, or one for this run where there is no place to keep things."""
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "checkmeter"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return tmp_path_factory.mktemp("govc")
    return folder


@pytest.fixture(scope="module")
def vcenter() -> Iterator[SimulatedVCenter]:
    estate = tiny_estate()
    for kind in (vim.event.VmPoweredOffEvent, vim.event.VmPoweredOnEvent):
        vm = vim.event.VmEventArgument(name="srv-01", vm=vim.VirtualMachine("vm-1"))
        estate.event(kind(vm=vm, template=False, fullFormattedMessage=kind.__name__))
    with SimulatedVCenter(estate, users={USER: PASSWORD}) as running:
        yield running


@pytest.fixture
def govc(govc_binary: Path, vcenter: SimulatedVCenter, tmp_path: Path) -> Callable[..., str]:
    """Runs a command and returns its output; `password` may be another than the right one, `fails` expects an error."""
    authority = tmp_path / "ca.pem"
    authority.write_bytes(vcenter.ca_pem)
    environment = {
        "HOME": str(tmp_path),
        "GOVC_URL": f"https://{vcenter.host}:{vcenter.port}/sdk",
        "GOVC_USERNAME": USER,
        "GOVC_TLS_CA_CERTS": str(authority),
        "GOVC_PERSIST_SESSION": "false",
    }

    def run(*arguments: str, password: str = PASSWORD, fails: bool = False) -> str:
        done = subprocess.run(
            [str(govc_binary), *arguments],
            env={**environment, "GOVC_PASSWORD": password},
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
        assert (done.returncode != 0) is fails, done.stderr
        return done.stderr if fails else done.stdout

    return run


def test_it_says_what_it_is(govc: Callable[..., str]) -> None:
    about = json.loads(govc("about", "-json"))["about"]
    assert (about["apiType"], about["apiVersion"], about["productLineId"]) == ("VirtualCenter", "8.0.3.0", "vpx")


def test_the_inventory_is_walked(govc: Callable[..., str]) -> None:
    assert govc("ls").split() == [f"/Rådhus/{name}" for name in ("vm", "host", "datastore", "network")]
    assert sorted(govc("find", "/", "-type", "m").split()) == [
        "/Rådhus/vm/Borger/srv-01",
        "/Rådhus/vm/Borger/srv-02",
        "/Rådhus/vm/srv-03",
        "/Rådhus/vm/srv-04",
    ]
    assert len(govc("find", "/", "-type", "h").split()) == 2


def test_a_vm_is_described(govc: Callable[..., str]) -> None:
    text = govc("vm.info", "srv-01")
    assert "Host:         esx01.kommune.example" in text
    (vm,) = json.loads(govc("vm.info", "-json", "srv-01"))["virtualMachines"]
    assert (vm["runtime"]["powerState"], vm["summary"]["config"]["numCpu"]) == ("poweredOn", 4)


def test_a_host_and_a_datastore_are_described(govc: Callable[..., str]) -> None:
    (host,) = json.loads(govc("host.info", "-json", "-host", "esx01.kommune.example"))["hostSystems"]
    assert host["summary"]["hardware"]["model"] == "PowerEdge R750"
    (store,) = json.loads(govc("datastore.info", "-json"))["datastores"]
    assert store["summary"]["freeSpace"] == 4 * 10**12


def test_events_are_listed_with_their_category(govc: Callable[..., str]) -> None:
    lines = govc("events").splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == [
        "vim.event.VmPoweredOffEvent",
        "vim.event.VmPoweredOnEvent",
    ]
    assert all("[info]" in line for line in lines)


def test_counters_are_listed_and_sampled(govc: Callable[..., str]) -> None:
    assert {"cpu.ready.summation", "sys.uptime.latest", "virtualDisk.read.average"} <= set(
        govc("metric.ls", VM).split()
    )
    answer = json.loads(govc("metric.sample", "-json", "-n", "3", "-instance", "-", VM, "cpu.ready.summation"))
    (sample,) = answer["sample"]
    ((series, *_),) = [[one for one in sample["value"] if not one["instance"]]]
    assert (len(series["value"]), series["unit"]) == (3, "millisecond")


def test_properties_of_one_and_of_many_are_collected(govc: Callable[..., str]) -> None:
    assert govc("object.collect", "-s", VM, "runtime.powerState").strip() == "poweredOn"
    found: Any = json.loads(govc("object.collect", "-json", VM, "summary.config"))
    assert found[0]["val"]["instanceUuid"] == "50000000-0000-0000-0000-000000000001"
    lines = govc("object.collect", "-type", "m", "/", "name", "runtime.powerState").splitlines()
    assert len(lines) == 8


def test_tags_are_listed_with_what_they_hang_on(govc: Callable[..., str], vcenter: SimulatedVCenter) -> None:
    tagging = vcenter.estate.tagging
    tier = tagging.category("Tier")
    gold, silver = tagging.tag(tier, "gold"), tagging.tag(tier, "silver")
    tagging.attach(gold, "VirtualMachine", "vm-1")
    tagging.attach(silver, "VirtualMachine", "vm-2")
    assert govc("tags.category.ls").split() == ["Tier"]
    assert sorted(line.split() for line in govc("tags.ls", "-c", "Tier").splitlines()) == [
        ["gold", "Tier"],
        ["silver", "Tier"],
    ]
    (found,) = json.loads(govc("tags.info", "-json", "gold"))
    assert (found["name"], found["category_id"]) == ("gold", "Tier"), "govc puts the name in"
    assert govc("tags.attached.ls", "gold").split() == ["VirtualMachine:vm-1"]
    assert vcenter.rest.tokens == set(), "every session is closed"


def test_a_wrong_password_is_refused_in_words(govc: Callable[..., str]) -> None:
    assert "incorrect user name or password" in govc("ls", password=WRONG, fails=True)


def test_the_program_is_formatted_as_go_asks() -> None:
    done = subprocess.run(["gofmt", "-l", str(SOURCE)], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == ""
