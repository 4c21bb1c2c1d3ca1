"""The agent, composed: a reading of the configuration, and a web server that outlives it when it is replaced."""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from agent.cli.options import DATABASE
from agent.cli.reading import Reading, was_read
from agent.cli.rendering import Rendering
from agent.cli.supervision import Progress, status_line
from agent.cli.systemd import Supervisor
from agent.clock import Clock
from agent.collectors.slot import WorldSlot
from agent.config import Config
from agent.errors import AgentError
from agent.model.world import World
from exporters.asgi import Receive, Scope, Send
from exporters.web import SECURITY_HEADERS
from exporters.web_guard import Guard
from exporters.web_protection import Protection
from exporters.web_server import WebServer

SUPERVISE_EVERY_S = 2.0
LOOK_EVERY_S = 0.1
STOP_WITHIN_S = 20.0
"""How long the collectors may take together to log out; the unit's TimeoutStopSec= is longer."""
SHOWN_WITHIN_S = 60.0
"""After a reload the pages show what was known before for at most so long, until everything was read anew."""

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
        self._reading = Reading(config, clock, self.database)
        self._shown = self._reading
        self._shown_by = clock.monotonic()
        self._told = ""
        """the supervisor, of how things stand"""
        self._progress = Progress(clock=clock)
        guard = Guard(self._answer, protection, clock, SECURITY_HEADERS)
        self._server = WebServer(guard, listen, clock=clock, protection=protection)
        self.addresses = self._server.addresses

    def __enter__(self) -> Self:
        self._server.start()
        self._reading.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reading.stop(STOP_WITHIN_S)
        self._server.stop()

    @property
    def slot(self) -> WorldSlot:
        """Where the collectors publish."""
        return self._reading.slot

    @property
    def rendering(self) -> Rendering:
        """What keeps the metrics page."""
        return self._reading.rendering

    def world(self) -> World:
        """All that is known now."""
        return self._reading.world()

    def wait_until_read(self, seconds: float, stop: threading.Event) -> bool:
        """Wait until everything was read once and is on the metrics page; False when `seconds` are over, or at `stop`.

        Raises:
            AgentError: a part of the agent ended by itself.
        """
        deadline = self._clock.monotonic() + seconds
        while self._clock.monotonic() < deadline:
            self._all_alive()
            if all(was_read(target) for target in self.rendering.world().targets.values()):
                return True
            if self._clock.wait(LOOK_EVERY_S, stop):
                break
        return False

    def reload(self, config: Config) -> None:
        """Read what `config` names from now on. The server goes on, and shows what was known until there is more.

        Raises:
            ConfigError: it names what cannot be used, such as a health check that there is not; nothing has changed.
            AgentError: what was read before cannot be ended; two may not write the same ledger.
        """
        if config == self._reading.config:
            log.info("the configuration is as it was")
            return
        coming = Reading(config, self._clock, self.database)
        left = self._reading.stop(STOP_WITHIN_S)
        if left:
            raise AgentError(
                f"cannot reload, a part of the agent did not end: {', '.join(left)}", cure="restart the agent"
            )
        self._reading = coming
        self._shown_by = self._clock.monotonic() + SHOWN_WITHIN_S
        self._progress = Progress(clock=self._clock)
        self._reading.start()
        log.info("reloaded", extra={"vcenters": ", ".join(vcenter.name for vcenter in config.vcenters)})

    def tell_again(self) -> None:
        """Tell the supervisor how things stand also where it was told before: something else was told since."""
        self._told = ""

    def protection_changed(self) -> None:
        """End the web connections that were let in under the protection before."""
        self._server.protection_changed()

    def supervise(
        self, stop: threading.Event, supervisor: Supervisor, each_time: Callable[[], None] = lambda: None
    ) -> None:
        """Until `stop`: tell the supervisor how things stand, and that there is progress only while there is.

        Raises:
            AgentError: a part of the agent ended by itself.
        """
        logged = ""
        fed_at: tuple[object, ...] = ()
        complained: tuple[str, ...] = ()
        while not stop.is_set():
            self._all_alive()
            self._show_newest()
            world = self.world()
            line = status_line(world)
            if line != logged:
                logged = line
                log.info("status changed", extra={"status": line})
            if line != self._told:
                self._told = line
                supervisor.tell(f"STATUS={line}")
            stuck = self._progress.stuck(self._reading.markers())
            if stuck and stuck != complained:
                log.error("no progress, not even a failure; please report it", extra={"parts": ", ".join(stuck)})
            complained = stuck
            # a renderer or a web server that hangs feeds the watchdog no more than any other part that does
            now_at = (self._reading.rendering.count, self._server.ticks)
            if not stuck and all(now != before for now, before in zip(now_at, fed_at or (None, None), strict=True)):
                fed_at = now_at
                supervisor.tell("WATCHDOG=1")
            each_time()
            self._clock.wait(SUPERVISE_EVERY_S, stop)
        supervisor.tell("STOPPING=1", "STATUS=logging out")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._shown.app(scope, receive, send)

    def _show_newest(self) -> None:
        if self._shown is not self._reading and (self._reading.shown or self._clock.monotonic() >= self._shown_by):
            self._shown = self._reading

    def _all_alive(self) -> None:
        ended = [thread.name for thread in self._reading.threads if not thread.is_alive()]
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
