"""All that is made of one configuration: collectors that publish into a world, a renderer, and the app that shows it."""

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from agent import __version__
from agent.cli.discovery import discovery_settings, labelling
from agent.cli.endpoints import endpoint
from agent.cli.late_writer import late_writer
from agent.cli.later import Later, Part
from agent.cli.rendering import Rendering
from agent.cli.report_shelf import REPORTS, ReportShelf
from agent.cli.supervision import CLAIMS_MAY_TAKE_S, ROUND_MAY_TAKE_S, Marker, Pulse, markers
from agent.cli.target_collectors import TargetCollectors
from agent.clock import Clock
from agent.collectors.slot import WorldSlot
from agent.config import Config
from agent.config.health import HealthConfig
from agent.model.claims_status import ClaimsStatus
from agent.model.facts import Figure
from agent.model.world import Target, World
from exporters.discovery_lists import discovery_handlers
from exporters.prometheus.page import Cache, Page, render
from exporters.prometheus.process import process_metrics
from exporters.readiness import was_tried
from exporters.report.route import PATH as REPORT
from exporters.report.route import ReportRoute
from exporters.vmware_exporter import PATH as VMWARE_EXPORTER
from exporters.web import Handler, WebApp
from exporters.when_asked import when_asked

if TYPE_CHECKING:
    from agent.collectors.health import HealthRules

log = logging.getLogger("checkmeter.agent")


class Reading:
    """Reads what `config` names from `start` to `stop`. A changed configuration is another reading."""

    def __init__(self, config: Config, clock: Clock, database: Path) -> None:
        """`database` is opened by the threads that need it."""
        self.config = config
        self._clock, self._database = clock, database
        self._stop = threading.Event()
        self._pulses: dict[str, Pulse] = {}
        endpoints = {vcenter.name: endpoint(vcenter) for vcenter in config.vcenters}
        self.slot = WorldSlot(
            World(
                version=__version__,
                started_at=clock.now(),
                targets={
                    name: Target(name=name, address=found.address, labelling=labelling(config.labels))
                    for name, found in endpoints.items()
                },
            )
        )
        self.rendering = Rendering(self.slot, clock, partial(_metrics_page, Cache()))
        late = late_writer(config.remote_write, database.parent, self._pulse("remote write"), self.slot)
        self._collectors = [
            TargetCollectors(
                vcenter, config, self.slot, clock, database=database, first_page=self.rendering.first_page, late=late
            )
            for vcenter in config.vcenters
        ]
        self.app = WebApp(
            metrics=self.rendering.page,
            status=lambda: (self.world(), clock.now()),
            rendered=self.rendering.world,
            further={
                VMWARE_EXPORTER: when_asked(self._vmware_exporter),
                REPORT: ReportRoute(ReportShelf(database.parent / REPORTS)),
                **discovery_handlers(lambda: (self.world(), clock.now()), discovery_settings(config.service_discovery)),
            },
        )
        self._renderer = threading.Thread(target=self.rendering.run, args=(self._stop,), name="rendering", daemon=True)
        if config.health != HealthConfig():
            self._rules  # noqa: B018 - its mistakes are told at once
        parts: dict[str, Callable[[Clock], Part]] = {
            "ledger": self._judge,
            "health": self._health,
            "facts": self._facts,
            "addresses": self._addresses,
        }
        if config.claims.folder is not None:
            self.slot.update_claims(ClaimsStatus())
            parts["claims"] = self._claims
        if config.storage.personal_data_days is not None:
            parts["retention"] = self._retention
        later: dict[str, Part] = {
            name: Later(partial(make, self._pulse(name)), self.rendering.first_page) for name, make in parts.items()
        }
        if late is not None:
            later["remote write"] = late
        self._readers = [
            *(thread for collectors in self._collectors for thread in collectors.threads(self._stop)),
            *(
                threading.Thread(target=part.run, args=(self._stop,), name=name, daemon=True)
                for name, part in later.items()
            ),
        ]

    def _judge(self, clock: Clock) -> Part:
        from agent.collectors.judging import LedgerJudge  # noqa: PLC0415 - after the first page

        return LedgerJudge(self._database, self.slot, clock)

    def _health(self, clock: Clock) -> Part:
        from agent.collectors.health import HealthCollector  # noqa: PLC0415 - after the first page

        names = [vcenter.name for vcenter in self.config.vcenters]
        return HealthCollector(names, self._database, self.slot, clock, self._rules)

    def _facts(self, clock: Clock) -> Part:
        from agent.collectors.facts import FactKeeper  # noqa: PLC0415 - after the first page

        return FactKeeper(self._database, self.slot, clock, self._figures)

    def _addresses(self, clock: Clock) -> Part:
        from agent.collectors.addresses import AddressKeeper  # noqa: PLC0415 - after the first page

        return AddressKeeper(self._database, self.slot, clock)

    def _claims(self, clock: Clock) -> Part:
        # a fifth of the time that all imports take, and holidays of the whole world
        from agent.collectors.claims import ClaimsJudge  # noqa: PLC0415 - after the first page

        folder = self.config.claims.folder
        assert folder is not None  # noqa: S101 - else it is not made
        return ClaimsJudge(self._database, folder, self.slot, clock, self._rules.builds)

    def _retention(self, clock: Clock) -> Part:
        from agent.collectors.retention import PersonalDataKeeper  # noqa: PLC0415 - after the first page

        days = self.config.storage.personal_data_days
        assert days is not None  # noqa: S101 - else it is not made
        return PersonalDataKeeper(self._database, days, clock)

    @cached_property
    def _rules(self) -> "HealthRules":
        """Raises ConfigError."""
        from agent.cli.health_settings import health_rules  # noqa: PLC0415 - after the first page

        return health_rules(self.config.health)

    def _vmware_exporter(self) -> Handler:
        from agent.cli.endpoints import served_as  # noqa: PLC0415 - as below
        from exporters.vmware_exporter.route import VmwareExporterRoute  # noqa: PLC0415 - only who asks for it needs it

        return VmwareExporterRoute(served_as(self.config), lambda: (self.world(), self._clock.now()))

    @property
    def threads(self) -> tuple[threading.Thread, ...]:
        """All of them; one that has ended by itself is a bug."""
        return (self._renderer, *self._readers)

    def markers(self) -> dict[str, Marker]:
        """What moves while the parts make progress, by their names."""
        at_work = {thread.name for thread in self._readers}
        patience = {"claims": CLAIMS_MAY_TAKE_S}
        return {
            **markers(self.world()),
            **{name: marker for collectors in self._collectors for name, marker in collectors.markers().items()},
            **{
                name: pulse.marker(patience.get(name, ROUND_MAY_TAKE_S))
                for name, pulse in self._pulses.items()
                if name in at_work
            },
        }

    def world(self) -> World:
        """All that is known now."""
        return self.slot.read()[1]

    def _pulse(self, part: str) -> Pulse:
        """The clock of a part that is watched."""
        return self._pulses.setdefault(part, Pulse(self._clock))

    def _figures(self, target: Target, now: datetime) -> Iterable[Figure]:
        """What the contract's claims name."""
        from exporters.prometheus.figures import figures  # noqa: PLC0415 - after the first page

        claims = self.world().claims
        return figures(target, now, claims.recorded if claims is not None else ())

    def start(self) -> None:
        """Begin to read."""
        for thread in self.threads:
            thread.start()

    def stop(self, within_s: float) -> tuple[str, ...]:
        """Log out everywhere; gives the names of what had not ended after `within_s`, which then ends with the process."""
        self._stop.set()
        self.slot.wake()
        for collectors in self._collectors:
            collectors.interrupt()
        deadline = self._clock.monotonic() + within_s
        left = []
        for reader in self._readers:
            reader.join(max(0.0, deadline - self._clock.monotonic()))
            if reader.is_alive():
                log.warning("did not log out in time", extra={"vcenter": reader.name})
                left.append(reader.name)
        return tuple(left)

    @property
    def shown(self) -> bool:
        """Whether every vCenter was tried and the metrics page shows what came of it."""
        return all(was_tried(target) for target in self.rendering.world().targets.values())


def was_read(target: Target) -> bool:
    """Whether the target was read once, and nothing is wrong with it."""
    return target.problem is None and was_tried(target)


def _metrics_page(cache: Cache, world: World, now: datetime) -> Page:
    return render(world, now, cache, process_metrics())
