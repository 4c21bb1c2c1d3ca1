"""Whatever happens to the estate, a client that follows the updates ends with what a fresh read says."""

import random
import threading
from itertools import count
from typing import Any

import pytest
from pyVmomi import vim

from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from tests.simulator.clients import Client, updates, wait

VM = vim.VirtualMachine
PATHS = ("name", "parent", "runtime.powerState", "runtime.host", "runtime.bootTime")
FOLDERS = ("group-v1", "group-v2")
SERIALS = count()


class Mirror:
    """What a client holds that applies update sets one after the other."""

    def __init__(self, collector: Any) -> None:
        self.collector = collector
        self.version = ""
        self.lately_truncated = False
        self.state: dict[str, dict[str, Any]] = {}

    def catch_up(self, rng: random.Random) -> None:
        """Read until there is nothing new, in parts of any size; now and then an answer is lost and asked for again."""
        while answer := wait(self.collector, self.version, at_most=rng.choice((1, 2, 100))):
            if rng.random() < 0.2 and self.version and not self.lately_truncated:
                continue
            self.version, self.lately_truncated = answer.version, bool(answer.truncated)
            for kind, moid, changed in updates(answer):
                if kind == "leave":
                    self.state.pop(moid)
                elif kind == "enter":
                    self.state[moid] = changed
                else:
                    self.state[moid].update(changed)

    def held(self) -> dict[str, dict[str, Any]]:
        return {
            moid: {path: value for path, value in one.items() if value is not None} for moid, one in self.state.items()
        }


def change(estate: Estate, rng: random.Random, serial: int) -> None:
    moids = estate.ids(VM)
    moid = rng.choice(moids)
    match rng.choice(("power", "name", "boot", "host", "move", "add", "remove")):
        case "power":
            estate.set(moid, "runtime.powerState", rng.choice(("poweredOn", "poweredOff", "suspended")))
        case "name":
            estate.set(moid, "name", f"renamed-{serial}")
        case "boot":
            estate.set(moid, "runtime.bootTime", rng.choice((None, estate.now())))
        case "host":
            estate.set(moid, "runtime.host", vim.HostSystem(rng.choice(("host-1", "host-2"))))
        case "move":
            place(estate, moid, rng.choice(FOLDERS))
        case "add":
            estate.add(VM, f"vm-{1000 + serial}", name=f"new-{serial}")
            place(estate, f"vm-{1000 + serial}", rng.choice(FOLDERS))
        case "remove" if len(moids) > 2:
            place(estate, moid, None)
            estate.remove(moid)


def place(estate: Estate, moid: str, folder: str | None) -> None:
    """Take a VM out of every list that holds it, and put it into a folder."""
    for container, path in [*((one, "childEntity") for one in FOLDERS), *((one, "vm") for one in ("host-1", "host-2"))]:
        estate.set(container, path, [one for one in estate.get(container, path) if one._moId != moid])
    estate.set("resgroup-1", "vm", [one for one in estate.get("resgroup-1", "vm") if one._moId != moid])
    if folder is not None:
        estate.set(folder, "childEntity", [*estate.get(folder, "childEntity"), VM(moid)])
        estate.set(moid, "parent", vim.Folder(folder))


@pytest.mark.parametrize("seed", range(8))
def test_a_mirror_of_the_updates_equals_a_fresh_read(vcenter: SimulatedVCenter, client: Client, seed: int) -> None:
    rng = random.Random(seed)
    mirror = Mirror(client.collector(VM, *PATHS))
    for _ in range(60):
        for _ in range(rng.choice((0, 1, 1, 5))):
            change(vcenter.estate, rng, next(SERIALS))
        if rng.random() < 0.4:
            mirror.catch_up(rng)
    mirror.catch_up(rng)
    assert mirror.held() == client.read(VM, *PATHS)


def test_a_mirror_keeps_up_with_changes_made_at_the_same_time(vcenter: SimulatedVCenter, client: Client) -> None:
    mirror = Mirror(client.collector(VM, *PATHS))
    rng = random.Random(99)
    ended = threading.Event()

    def live() -> None:
        for _ in range(400):
            with vcenter.estate.lock:
                change(vcenter.estate, rng, next(SERIALS))
        ended.set()

    life = threading.Thread(target=live)
    life.start()
    own = random.Random(1)
    while not ended.is_set():
        mirror.catch_up(own)
    life.join(timeout=20)
    mirror.catch_up(own)
    assert mirror.held() == client.read(VM, *PATHS)
