"""All collectors of one vCenter, each with a thread of its own; they share the session that the inventory's makes."""

import threading
from functools import partial
from pathlib import Path
from typing import Protocol

from agent.cli.endpoints import endpoint, performance_settings
from agent.cli.later import Later, Part
from agent.cli.supervision import READING_MAY_TAKE_S, Marker, Pulse
from agent.clock import Clock
from agent.collectors.inventory import InventoryCollector
from agent.collectors.observer import InventoryObserver
from agent.collectors.shared_session import SharedSession
from agent.collectors.slot import WorldSlot
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
        first_page: threading.Event,
        late: LateSampleReceiver | None = None,
    ) -> None:
        """`database` is opened by the collectors' own threads; all but the inventory's wait for the `first_page`.

        `late` gets the samples that come too late to be scraped.
        """
        self._vcenter, self._config, self._slot, self._database, self._late = vcenter, config, slot, database, late
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
            f"{vcenter.name} events": Later(partial(self._events, borrower("events")), first_page),
        }
        if config.labels.tags:
            self._collectors[f"{vcenter.name} tags"] = Later(partial(self._tags, borrower("tags")), first_page)
        if config.performance.enabled:
            counters = partial(self._performance, borrower("performance"))
            self._collectors[f"{vcenter.name} performance"] = Later(counters, first_page)

    def _events(self, clock: Clock) -> Part:
        from agent.collectors.events import EventCollector  # noqa: PLC0415 - after the first page

        return EventCollector(self._vcenter.name, self._shared, self._database, self._slot, clock)

    def _tags(self, clock: Clock) -> Part:
        from agent.collectors.tags import TagCollector  # noqa: PLC0415 - after the first page

        return TagCollector(
            endpoint(self._vcenter),
            self._config.labels.tags,
            self._slot,
            clock,
            shared=self._shared,
            password=partial(read_password, self._vcenter),
            stamp=partial(credential_stamp, self._vcenter),
        )

    def _performance(self, clock: Clock) -> Part:
        from agent.collectors.performance import PerformanceCollector  # noqa: PLC0415 - after the first page

        vcenter = self._vcenter
        settings = performance_settings(self._config.performance, vmware_exporter=vcenter.vmware_exporter.enabled)
        return PerformanceCollector(
            vcenter.name, self._shared, self._database, self._slot, clock, settings=settings, late=self._late
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
