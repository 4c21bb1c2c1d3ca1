"""The agent, composed: collectors that publish into the world, a renderer, a web server."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from agent import __version__
from agent.cli.discovery import discovery_settings, labelling
from agent.cli.endpoints import endpoint, served_as
from agent.cli.health_settings import health_rules
from agent.cli.options import DATABASE
from agent.cli.rendering import Rendering
from agent.cli.supervision import Progress, status_line
from agent.cli.systemd import Supervisor
from agent.cli.target_collectors import TargetCollectors
from agent.clock import Clock
from agent.collectors.addresses import AddressKeeper
from agent.collectors.claims import ClaimsJudge
from agent.collectors.facts import FactKeeper
from agent.collectors.health import HealthCollector
from agent.collectors.judging import LedgerJudge
from agent.collectors.slot import WorldSlot
from agent.config import Config
from agent.errors import AgentError
from agent.model.claims_status import ClaimsStatus
from agent.model.world import Target, World
from exporters.discovery_lists import discovery_handlers
from exporters.prometheus.page import Cache, Page, render
from exporters.prometheus.process import process_metrics
from exporters.readiness import was_tried
from exporters.vmware_exporter.route import PATH as VMWARE_EXPORTER
from exporters.vmware_exporter.route import VmwareExporterRoute
from exporters.web import SECURITY_HEADERS, WebApp
from exporters.web_guard import Guard
from exporters.web_protection import Protection
from exporters.web_server import WebServer

SUPERVISE_EVERY_S = 1.0
LOOK_EVERY_S = 0.1
STOP_WITHIN_S = 20.0
"""How long the collectors may take together to log out; the unit's TimeoutStopSec= is longer."""

log = logging.getLogger("checkmeter.agent")


class AgentProcess:
    """Listens once it is made; reads vCenter while it is entered, and logs out when it is left.

    Raises (on creation):
        PortInUse, ConfigError: an address cannot be listened on.
    """

    def __init__(
        self,
        config: Config,
        listen: Sequence[tuple[str, int]],
        clock: Clock,
        storage_path: Path,
        *,
        protection: Callable[[], Protection] = Protection,
    ) -> None:
        """`storage_path` is the folder of the database; it is made if it is not there. `protection` is of the web."""
        self._clock = clock
        self.database = _database_in(storage_path)
        self._stop = threading.Event()
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
        self._collectors = [
            TargetCollectors(vcenter, config, self.slot, clock, database=self.database) for vcenter in config.vcenters
        ]
        self.rendering = Rendering(self.slot, clock, partial(_metrics_page, Cache()))
        app = WebApp(
            metrics=self.rendering.page,
            status=lambda: (self.world(), clock.now()),
            rendered=self.rendering.world,
            further={
                VMWARE_EXPORTER: VmwareExporterRoute(served_as(config), lambda: (self.world(), clock.now())),
                **discovery_handlers(lambda: (self.world(), clock.now()), discovery_settings(config.service_discovery)),
            },
        )
        guard = Guard(app, protection, clock, SECURITY_HEADERS)
        self._server = WebServer(guard, listen, protection=protection)
        self.addresses = self._server.addresses
        self._renderer = threading.Thread(target=self.rendering.run, args=(self._stop,), name="rendering", daemon=True)
        judge = LedgerJudge(self.database, self.slot, clock)
        rules = health_rules(config.health)
        health = HealthCollector(list(endpoints), self.database, self.slot, clock, rules)
        keeper = FactKeeper(self.database, self.slot, clock)
        addresses = AddressKeeper(self.database, self.slot, clock)
        contract = config.claims.folder
        if contract is not None:
            self.slot.update_claims(ClaimsStatus())
        claims = [] if contract is None else [ClaimsJudge(self.database, contract, self.slot, clock, rules.builds)]
        self._readers = [
            *(thread for collectors in self._collectors for thread in collectors.threads(self._stop)),
            threading.Thread(target=judge.run, args=(self._stop,), name="ledger", daemon=True),
            threading.Thread(target=health.run, args=(self._stop,), name="health", daemon=True),
            threading.Thread(target=keeper.run, args=(self._stop,), name="facts", daemon=True),
            threading.Thread(target=addresses.run, args=(self._stop,), name="addresses", daemon=True),
            *(threading.Thread(target=one.run, args=(self._stop,), name="claims", daemon=True) for one in claims),
        ]

    def __enter__(self) -> Self:
        self._server.start()
        for thread in (self._renderer, *self._readers):
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self.slot.wake()
        for collectors in self._collectors:
            collectors.interrupt()
        deadline = self._clock.monotonic() + STOP_WITHIN_S
        for reader in self._readers:
            reader.join(max(0.0, deadline - self._clock.monotonic()))
            if reader.is_alive():
                log.warning("did not log out in time", extra={"vcenter": reader.name})
        self._server.stop()

    def world(self) -> World:
        """All that is known now."""
        return self.slot.read()[1]

    def wait_until_read(self, seconds: float, stop: threading.Event) -> bool:
        """Wait until everything was read once and is on the metrics page; False when `seconds` are over, or at `stop`.

        Raises:
            AgentError: a part of the agent ended by itself.
        """
        deadline = self._clock.monotonic() + seconds
        shown: int | None = None
        while self._clock.monotonic() < deadline:
            self._all_alive()
            revision, world = self.slot.read()
            if shown is None and all(_was_read(target) for target in world.targets.values()):
                shown = revision
            if shown is not None and self.rendering.revision >= shown:
                return True
            if self._clock.wait(LOOK_EVERY_S, stop):
                break
        return False

    def protection_changed(self) -> None:
        """End the web connections that were let in under the protection before."""
        self._server.protection_changed()

    def supervise(
        self, stop: threading.Event, supervisor: Supervisor, each_second: Callable[[], None] = lambda: None
    ) -> None:
        """Until `stop`: tell the supervisor how things stand, and that there is progress only while there is.

        Raises:
            AgentError: a part of the agent ended by itself.
        """
        progress = Progress(clock=self._clock)
        told, rendered = "", -1
        complained: tuple[str, ...] = ()
        while not stop.is_set():
            self._all_alive()
            world = self.world()
            line = status_line(world)
            if line != told:
                told = line
                log.info("status changed", extra={"status": line})
                supervisor.tell(f"STATUS={line}")
            stuck = progress.stuck(world)
            if stuck and stuck != complained:
                log.error("no progress, not even a failure; please report it", extra={"vcenters": ", ".join(stuck)})
            complained = stuck
            if not stuck and self.rendering.count != rendered:
                rendered = self.rendering.count
                supervisor.tell("WATCHDOG=1")
            each_second()
            self._clock.wait(SUPERVISE_EVERY_S, stop)
        supervisor.tell("STOPPING=1", "STATUS=logging out")

    def _all_alive(self) -> None:
        ended = [thread.name for thread in (self._renderer, *self._readers) if not thread.is_alive()]
        if not self._server.alive:
            ended.append("web")
        if ended:
            raise AgentError(
                f"a part of the agent ended by itself: {', '.join(ended)}", cure="please report it with the log"
            )


def _database_in(storage_path: Path) -> Path:
    """Metrics are served without a database too: whoever needs it says that it cannot be opened."""
    try:
        storage_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        log.error("the state folder cannot be made", extra={"path": str(storage_path), "reason": error.strerror})  # noqa: TRY400 - the reason is the line, not the traceback
    return storage_path / DATABASE


def _metrics_page(cache: Cache, world: World, now: datetime) -> Page:
    return render(world, now, cache, process_metrics())


def _was_read(target: Target) -> bool:
    return target.problem is None and was_tried(target)
