"""Serves an ASGI app on its own thread: sockets, deadlines, start and stop. What is served is `exporters.web`'s matter."""

import asyncio
import contextlib
import errno
import logging
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple, cast

import uvicorn

from agent.clock import Clock
from agent.errors import NO_ROOM, ConfigError, PortInUse, is_starvation
from exporters.asgi import App
from exporters.web_connections import Connections
from exporters.web_log import seldom_log
from exporters.web_protection import Protection
from exporters.web_protocol import RECEIVE_DEADLINE_S, SEND_DEADLINE_S, DeadlineProtocol

KEEP_ALIVE_S = 75
"""Longer than the usual scrape interval, so that Prometheus keeps its connection."""
MAX_HEADER_BYTES = 16 * 1024
GRACE_S = 5
"""How long answers under way may take once the server is told to stop."""
WORKERS = 4
"""Threads that make pages and hash passwords, begun at the start: Python waits for ever for one that finds no memory when
it begins, and the whole server with it."""
TICK_S = 10.0
"""Each tick of an idle agent costs 0.3 ms: at one a second that was a twentieth of its CPU."""
_NO_DESCRIPTOR = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
"""No descriptors or no memory: asyncio pauses for a second and tries again."""


class Address(NamedTuple):
    """Where the server listens; `host` is the numeric address, `port` the real one, also where 0 was asked for."""

    host: str
    port: int

    @property
    def authority(self) -> str:
        """As it stands in a URL: `127.0.0.1:10272`, `[::1]:10272`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class WebServer:
    """Listens as soon as it is made, answers from `start` to `stop`. Signals stay with the main thread.

    Raises (on creation):
        PortInUse: an address is taken.
        ConfigError: an address cannot be listened on at all (unknown name, not ours, not allowed).
    """

    def __init__(
        self,
        app: App,
        listen: Sequence[tuple[str, int]],
        *,
        clock: Clock,
        protection: Callable[[], Protection] = Protection,
        receive_deadline_s: float = RECEIVE_DEADLINE_S,
        send_deadline_s: float = SEND_DEADLINE_S,
    ) -> None:
        """`protection` gives what holds now: each new connection takes its TLS from there."""
        self._sockets = _bind_all(listen)
        self.addresses = tuple(Address(*bound.getsockname()[:2]) for bound in self._sockets)
        clients = Connections()
        trouble = seldom_log(clock)
        config = uvicorn.Config(
            app,
            interface="asgi3",
            loop="asyncio",
            # uvicorn calls it with keywords, once for each connection
            http=cast(
                "type[asyncio.Protocol]",
                partial(
                    DeadlineProtocol,
                    protection=protection,
                    clients=clients,
                    trouble=trouble,
                    receive_deadline_s=receive_deadline_s,
                    send_deadline_s=send_deadline_s,
                ),
            ),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            h11_max_incomplete_event_size=MAX_HEADER_BYTES,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
        )
        self._server = _QuietServer(config, clients, trouble)
        self._thread = threading.Thread(target=self._server.run, args=(self._sockets,), name="web", daemon=True)

    @property
    def ticks(self) -> int:
        """Grows every `TICK_S` while the server's loop runs; a loop that hangs does not answer either."""
        return self._server.ticks

    @property
    def alive(self) -> bool:
        """Whether the server's thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Answer from now on. Clients that connected since creation are served too."""
        self._thread.start()

    def protection_changed(self) -> None:
        """End the connections that were let in under the protection before: idle ones now, others when answered."""
        self._server.end_connections()

    def stop(self) -> None:
        """Take no new connections, finish the answers under way (at most 5 s), end the thread. Safe to call twice."""
        self._server.ask_to_end()
        if self._thread.ident is not None:
            self._thread.join(timeout=2 * GRACE_S)
        for bound in self._sockets:
            bound.close()


class _QuietServer(uvicorn.Server):
    """Ticks rarely: uvicorn's ten ticks a second, for the Date header, are half of an idle agent's CPU."""

    def __init__(self, config: uvicorn.Config, clients: Connections, trouble: logging.Logger) -> None:
        super().__init__(config)
        self._clients = clients
        self._trouble = trouble
        self.ticks = 0
        self._ending: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """What goes wrong below the protocol is ours to say before the first client is here."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._unhandled)
        loop.set_default_executor(_workers())
        await super().startup(sockets)

    async def main_loop(self) -> None:
        """Until it is asked to end."""
        ending = asyncio.Event()
        self._ending = (asyncio.get_running_loop(), ending)
        while not await self.on_tick(0):
            self.ticks += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), TICK_S)

    def ask_to_end(self) -> None:
        """End now, from another thread."""
        self.should_exit = True
        if self._ending is not None:
            self._on_its_thread(self._ending[1].set)

    def end_connections(self) -> None:
        """End every connection after the answer under way, from another thread."""
        self._on_its_thread(self._clients.finish_all)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Silent clients are not waited for."""
        self._clients.finish_all()
        await super().shutdown(sockets)

    def _unhandled(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What asyncio found no one to tell: clients and the machine are one line, anything else is a bug, in full."""
        error = context.get("exception")
        if is_starvation(error):
            self._trouble.error("a client was not answered", extra={"reason": NO_ROOM})
        elif not isinstance(error, OSError):
            loop.default_exception_handler(context)
        elif error.errno in _NO_DESCRIPTOR:
            self._trouble.error("no new client is let in, tried again every second", extra={"reason": error.strerror})
        else:
            self._trouble.warning("a connection failed", extra={"reason": str(error)})

    def _on_its_thread(self, do: Callable[[], object]) -> None:
        if self._ending is not None:
            with contextlib.suppress(RuntimeError):  # it has ended, and its loop is closed
                self._ending[0].call_soon_threadsafe(do)


def _workers() -> ThreadPoolExecutor:
    """All of its threads are there: each waits at first until the others are."""
    made = ThreadPoolExecutor(WORKERS, thread_name_prefix="web")
    all_here = threading.Barrier(WORKERS)
    for _ in range(WORKERS):
        made.submit(all_here.wait, GRACE_S)
    return made


def _bind_all(listen: Sequence[tuple[str, int]]) -> list[socket.socket]:
    """A listening socket for every address of every host named; none stays open when one fails."""
    bound: list[socket.socket] = []
    try:
        for host, port in listen:
            bound += _bind(host, port)
    except (PortInUse, ConfigError):
        for opened in bound:
            opened.close()
        raise
    return bound


def _bind(host: str, port: int) -> list[socket.socket]:
    where = Address(host, port).authority
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise ConfigError(f"cannot listen on {where}: the name does not resolve ({error.strerror})") from error
    bound: list[socket.socket] = []
    refusal: OSError | None = None
    for family, kind, protocol, _, address in dict.fromkeys(found):
        try:
            bound.append(_listening(family, kind, protocol, address))
        except OSError as error:
            # a name such as localhost may have an IPv6 address that this machine lacks: its other address will do
            refusal = error
            if error.errno == errno.EADDRINUSE:
                break
    if refusal is not None and (not bound or refusal.errno == errno.EADDRINUSE):
        for opened in bound:
            opened.close()
        if refusal.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"cannot listen on {where}: another process has the port",
                cure=f"stop it (`ss -ltnp 'sport = :{port}'` names it) or choose another --web.listen-address",
            ) from refusal
        raise ConfigError(f"cannot listen on {where}: {refusal.strerror}") from refusal
    return bound


def _listening(
    family: socket.AddressFamily, kind: socket.SocketKind, protocol: int, address: tuple[object, ...]
) -> socket.socket:
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # so that 0.0.0.0 and [::] can be given side by side
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind(address)
        opened.listen()
    except OSError:
        opened.close()
        raise
    return opened
