"""All that is made of one configuration: collectors that publish into a world, a renderer, and the app that shows it."""

import logging
import threading
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from agent import __version__
from agent.cli.discovery import discovery_settings, labelling
from agent.cli.endpoints import endpoint, served_as
from agent.cli.health_settings import health_rules
from agent.cli.late_writer import late_writer
from agent.cli.rendering import Rendering
from agent.cli.report_shelf import REPORTS, ReportShelf
from agent.cli.supervision import CLAIMS_MAY_TAKE_S, ROUND_MAY_TAKE_S, Marker, Pulse, markers
from agent.cli.target_collectors import TargetCollectors
from agent.clock import Clock
from agent.collectors.addresses import AddressKeeper
from agent.collectors.facts import FactKeeper
from agent.collectors.health import HealthCollector
from agent.collectors.judging import LedgerJudge
from agent.collectors.retention import PersonalDataKeeper
from agent.collectors.slot import WorldSlot
from agent.config import Config
from agent.model.claims_status import ClaimsStatus
from agent.model.facts import Figure
from agent.model.world import Target, World
from exporters.discovery_lists import discovery_handlers
from exporters.prometheus.figures import figures
from exporters.prometheus.page import Cache, Page, render
from exporters.prometheus.process import process_metrics
from exporters.readiness import was_tried
from exporters.report.route import PATH as REPORT
from exporters.report.route import ReportRoute
from exporters.vmware_exporter.route import PATH as VMWARE_EXPORTER
from exporters.vmware_exporter.route import VmwareExporterRoute
from exporters.web import WebApp

log = logging.getLogger("checkmeter.agent")


class Reading:
    """Reads what `config` names from `start` to `stop`. A changed configuration is another reading."""

    def __init__(self, config: Config, clock: Clock, database: Path) -> None:
        """`database` is opened by the threads that need it."""
        self.config = config
        self._clock = clock
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
        late = late_writer(config.remote_write, database.parent, self._pulse("remote write"), self.slot)
        self._collectors = [
            TargetCollectors(vcenter, config, self.slot, clock, database=database, late=late)
            for vcenter in config.vcenters
        ]
        self.rendering = Rendering(self.slot, clock, partial(_metrics_page, Cache()))
        self.app = WebApp(
            metrics=self.rendering.page,
            status=lambda: (self.world(), clock.now()),
            rendered=self.rendering.world,
            further={
                VMWARE_EXPORTER: VmwareExporterRoute(served_as(config), lambda: (self.world(), clock.now())),
                REPORT: ReportRoute(ReportShelf(database.parent / REPORTS)),
                **discovery_handlers(lambda: (self.world(), clock.now()), discovery_settings(config.service_discovery)),
            },
        )
        self._renderer = threading.Thread(target=self.rendering.run, args=(self._stop,), name="rendering", daemon=True)
        judge = LedgerJudge(database, self.slot, self._pulse("ledger"))
        rules = health_rules(config.health)
        health = HealthCollector(list(endpoints), database, self.slot, self._pulse("health"), rules)
        keeper = FactKeeper(database, self.slot, self._pulse("facts"), self._figures)
        addresses = AddressKeeper(database, self.slot, self._pulse("addresses"))
        claims = []
        if config.claims.folder is not None:
            # a fifth of the time that all imports take, and holidays of the whole world
            from agent.collectors.claims import ClaimsJudge  # noqa: PLC0415 - only who has a contract needs it

            self.slot.update_claims(ClaimsStatus())
            claims = [ClaimsJudge(database, config.claims.folder, self.slot, self._pulse("claims"), rules.builds)]
        days = config.storage.personal_data_days
        retention = [] if days is None else [PersonalDataKeeper(database, days, self._pulse("retention"))]
        self._readers = [
            *(thread for collectors in self._collectors for thread in collectors.threads(self._stop)),
            threading.Thread(target=judge.run, args=(self._stop,), name="ledger", daemon=True),
            threading.Thread(target=health.run, args=(self._stop,), name="health", daemon=True),
            threading.Thread(target=keeper.run, args=(self._stop,), name="facts", daemon=True),
            threading.Thread(target=addresses.run, args=(self._stop,), name="addresses", daemon=True),
            *(threading.Thread(target=one.run, args=(self._stop,), name="claims", daemon=True) for one in claims),
            *(
                threading.Thread(target=one.run, args=(self._stop,), name="remote write", daemon=True)
                for one in (late,)
                if one is not None
            ),
            *(threading.Thread(target=one.run, args=(self._stop,), name="retention", daemon=True) for one in retention),
        ]

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
