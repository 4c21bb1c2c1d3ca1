"""All collectors of one vCenter, each with a thread of its own; they share the session that the inventory's makes."""

import threading
from functools import partial
from pathlib import Path
from typing import Protocol

from agent.cli.endpoints import endpoint, performance_settings
from agent.cli.supervision import READING_MAY_TAKE_S, Marker, Pulse
from agent.clock import Clock
from agent.collectors.events import EventCollector
from agent.collectors.inventory import InventoryCollector
from agent.collectors.observer import InventoryObserver
from agent.collectors.performance import PerformanceCollector
from agent.collectors.shared_session import SharedSession
from agent.collectors.slot import WorldSlot
from agent.collectors.tags import TagCollector
from agent.config import Config, VCenterConfig, credential_stamp, read_password
from agent.model.late_samples import LateSampleReceiver


class Collector(Protocol):
    """What runs in a thread until it is told to stop."""

    def run(self, stop: threading.Event) -> None:
        """Collect until `stop` is set."""

    def interrupt(self) -> None:
        """Wake it from waiting on vCenter."""


class TargetCollectors:
    """The collectors of one target, from start to stop."""

    def __init__(
        self,
        vcenter: VCenterConfig,
        config: Config,
        slot: WorldSlot,
        clock: Clock,
        *,
        database: Path,
        late: LateSampleReceiver | None = None,
    ) -> None:
        """`database` is opened by the collectors' own threads; `late` gets the samples that come too late to be scraped."""
        self._shared = SharedSession()
        self._pulses: dict[str, Pulse] = {}
        borrower = partial(self._pulse, vcenter.name, clock)
        self._collectors: dict[str, Collector] = {
            vcenter.name: InventoryCollector(
                endpoint(vcenter),
                password=partial(read_password, vcenter),
                stamp=partial(credential_stamp, vcenter),
                slot=slot,
                clock=clock,
                shared=self._shared,
                observer=InventoryObserver(vcenter.name, database, slot, clock),
            ),
            f"{vcenter.name} events": EventCollector(vcenter.name, self._shared, database, slot, borrower("events")),
        }
        if config.labels.tags:
            self._collectors[f"{vcenter.name} tags"] = TagCollector(
                endpoint(vcenter),
                config.labels.tags,
                slot,
                borrower("tags"),
                shared=self._shared,
                password=partial(read_password, vcenter),
                stamp=partial(credential_stamp, vcenter),
            )
        settings = performance_settings(config.performance, vmware_exporter=vcenter.vmware_exporter.enabled)
        if settings is not None:
            self._collectors[f"{vcenter.name} performance"] = PerformanceCollector(
                vcenter.name, self._shared, database, slot, borrower("performance"), settings=settings, late=late
            )

    def threads(self, stop: threading.Event) -> list[threading.Thread]:
        """A thread for each, not yet started."""
        return [
            threading.Thread(target=collector.run, args=(stop,), name=name, daemon=True)
            for name, collector in self._collectors.items()
        ]

    def markers(self) -> dict[str, Marker]:
        """What moves while those that borrow the session make progress. Until there is one to borrow they wait."""
        return {
            name: pulse.marker(READING_MAY_TAKE_S, waits=self._shared.awaited_with(pulse))
            for name, pulse in self._pulses.items()
        }

    def _pulse(self, vcenter: str, clock: Clock, collector: str) -> Pulse:
        return self._pulses.setdefault(f"{vcenter} {collector}", Pulse(clock))

    def interrupt(self) -> None:
        """Wake all of them; the stop event is set before."""
        self._shared.stop()
        for collector in self._collectors.values():
            collector.interrupt()
