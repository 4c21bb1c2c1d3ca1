"""The tag collector at work beside the inventory collector, against the simulated vCenter."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from agent.clock import SystemClock
from agent.collectors.inventory import InventoryCollector
from agent.collectors.shared_session import SharedSession
from agent.collectors.slot import WorldSlot
from agent.collectors.tags import TagCollector
from agent.model.labelling import Labelling
from agent.model.world import Target, World
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.endpoint import Endpoint
from tests.agent.collectors.running import PATIENCE_S, Running, new_estate

LOGIN = "REST POST session"


@contextmanager
def tagging(
    folder: Path, prepare: Callable[[SimulatedVCenter], None] = lambda _: None
) -> Iterator[tuple[SimulatedVCenter, Running]]:
    with SimulatedVCenter(new_estate()) as vcenter:
        prepare(vcenter)
        (folder / "ca.pem").write_bytes(vcenter.ca_pem)
        endpoint = Endpoint(
            name="dc1", host="127.0.0.1", port=vcenter.port, username="checkmeter", ca_file=folder / "ca.pem",
            interval_s=1.0, slow_interval_s=0.2, timeout_s=10.0,
        )  # fmt: skip
        clock, shared, passwords = SystemClock(), SharedSession(), ["simulated"]
        labelling = Labelling(categories=frozenset({"Tier", "Teir"}))
        target = Target(name="dc1", address=endpoint.address, labelling=labelling)
        slot = WorldSlot(World(version="test", started_at=clock.now(), targets={"dc1": target}))
        inventory = InventoryCollector(
            replace(endpoint, slow_interval_s=5.0), lambda: passwords[0], lambda: passwords[0], slot, clock, shared=shared
        )  # fmt: skip
        tags = TagCollector(
            endpoint,
            ("Tier", "Teir"),
            slot,
            clock,
            shared=shared,
            password=lambda: passwords[0],
            stamp=lambda: passwords[0],
        )
        stop = threading.Event()
        threads = [threading.Thread(target=one.run, args=(stop,)) for one in (inventory, tags)]
        for thread in threads:
            thread.start()
        try:
            yield vcenter, Running("dc1", slot, inventory, passwords)
        finally:
            stop.set()
            shared.stop()
            inventory.interrupt()
            tags.interrupt()
            for thread in threads:
                thread.join(PATIENCE_S)
                assert not thread.is_alive()
        assert vcenter.rest.tokens == set()


def test_tags_reach_the_world_and_follow_what_the_vendor_changes(tmp_path: Path) -> None:
    with tagging(tmp_path) as (vcenter, running):
        target = running.until(lambda target: target.labelling.tags, "tags are read")
        assert target.labelling.tags is not None
        assert len(target.labelling.tags) == len(target.inventory.vms)
        estate = vcenter.estate
        platinum = estate.tagging.tag(next(iter(estate.tagging.categories)), "platinum")
        estate.tagging.attach(platinum, "Datastore", "datastore-1")
        running.until(lambda target: "datastore-1" in (target.labelling.tags or {}), "the new tag is read")
        assert running.target.collectors["tags"].last_success is not None
        assert running.target.labelling.missing == ("Teir",)
        running.until(
            lambda target: target.calls.calls.get("REST login", 0) >= 2, "its traffic is counted with the rest"
        )


def test_a_password_that_rest_refuses_is_not_tried_again_until_it_changes(tmp_path: Path) -> None:
    def refuse(vcenter: SimulatedVCenter) -> None:
        vcenter.faults.answer_status(401, LOGIN, times=None)

    with tagging(tmp_path, refuse) as (vcenter, running):
        running.until(lambda target: "tags" in target.collectors, "tags were tried")
        running.until(lambda target: target.up, "the inventory is read all the same")
        running.never(lambda _: vcenter.calls[LOGIN] > 1, 1.0)
        assert running.target.labelling.tags is None
        assert running.target.collectors["tags"].failures == 1


def test_what_was_read_is_unknown_again_once_it_is_too_old(tmp_path: Path) -> None:
    with tagging(tmp_path) as (vcenter, running):
        running.until(lambda target: target.labelling.tags, "tags are read")
        vcenter.faults.answer_status(503, LOGIN, times=None)
        running.until(lambda target: target.labelling.tags is None, "they are too old")
        vcenter.faults.clear()
        running.until(lambda target: target.labelling.tags, "they are read again")
