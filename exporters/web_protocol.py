"""One connection: TLS if there is any, then HTTP/1.1 with deadlines that uvicorn lacks."""

import asyncio
import logging
import ssl
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from exporters.web_connections import Connections
from exporters.web_protection import Protection, certificate_names

RECEIVE_DEADLINE_S = 5.0
"""A request must be here this long after its connection or its first byte, the TLS handshake included."""
SEND_DEADLINE_S = 60.0
"""An answer must be taken by the client this long after it was written."""
TLS_GOODBYE_S = 2.0
_REQUEST_IS_WHOLE = frozenset({h11.DONE, h11.MUST_CLOSE, h11.CLOSED, h11.ERROR})
_NO_MORE_IS_HEARD = frozenset({h11.MUST_CLOSE, h11.CLOSED, h11.ERROR})
_NOT_ANSWERED_YET = frozenset({h11.IDLE, h11.SEND_RESPONSE})

log = logging.getLogger("checkmeter.web")


class DeadlineProtocol(H11Protocol):
    """Drops clients which do not send their request, or do not take their answer, in time.

    uvicorn alone waits for ever for the rest of a request (its issue 157), for an answer to be read and, a minute at a
    time, for a TLS handshake. TLS is begun here and not by asyncio's server, so that each connection takes what the
    protection is then, and silent clients are counted before their handshake.
    """

    def __init__(
        self,
        *args: Any,
        protection: Callable[[], Protection],
        clients: Connections,
        trouble: logging.Logger,
        receive_deadline_s: float = RECEIVE_DEADLINE_S,
        send_deadline_s: float = SEND_DEADLINE_S,
        **kwargs: Any,
    ) -> None:
        """`trouble` is the log of what clients cause."""
        super().__init__(*args, **kwargs)
        self.logger = trouble
        self._protection = protection
        self._clients = clients
        self._receive_deadline_s = receive_deadline_s
        self._send_deadline_s = send_deadline_s
        self._receiving: asyncio.TimerHandle | None = None
        self._sending: asyncio.TimerHandle | None = None
        self._raw: asyncio.Transport | None = None
        self._shaking_hands: asyncio.Task[None] | None = None
        self._early = b""

    @property
    def serving(self) -> bool:
        """Whether an answer is being made, or is still being taken by the client."""
        if self._shaking_hands is not None:
            return False
        under_way = self.cycle is not None and not self.cycle.response_complete
        return under_way or self.transport.get_write_buffer_size() > 0

    @property
    def asked(self) -> bool:
        """Whether it ever sent a whole request."""
        return self.cycle is not None

    def drop(self) -> None:
        """End the connection at once."""
        if self._raw is not None:
            self._raw.abort()

    def finish(self) -> None:
        """End the connection after the answer under way."""
        if self._shaking_hands is None:
            self.shutdown()
        else:
            self.drop()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """A client is here: its request is awaited."""
        self._raw = transport
        if not self._clients.admit(self):
            transport.abort()
            return
        self._await_request()
        protection = self._protection()
        if protection.tls is None:
            super().connection_made(transport)
        else:
            transport.pause_reading()
            shaking = self.loop.create_task(self._shake_hands(transport, protection.tls, protection.client_names))
            self._shaking_hands = shaking

    async def _shake_hands(self, raw: asyncio.Transport, tls: ssl.SSLContext, names: frozenset[str]) -> None:
        try:
            secured = await self.loop.start_tls(
                raw,
                self,
                tls,
                server_side=True,
                ssl_handshake_timeout=self._receive_deadline_s,
                ssl_shutdown_timeout=TLS_GOODBYE_S,
            )
        except (OSError, TimeoutError) as error:  # ssl.SSLError is one of the first
            log.debug("no TLS with a client", extra={"reason": str(error)})
            secured = None
        if secured is None or raw.is_closing():
            self._gone()
            return
        if names and not names & certificate_names(secured.get_extra_info("peercert")):
            self.logger.warning("a client's certificate has none of the names in client_allowed_sans")
            self._gone()
            raw.abort()
            return
        self._shaking_hands = None
        super().connection_made(secured)
        if self._early:
            early, self._early = self._early, b""
            self.data_received(early)

    def data_received(self, data: bytes) -> None:
        """Part of a request is here, perhaps all of it."""
        if self._shaking_hands is not None:
            self._early += data
            return
        if self.conn.their_state in _NO_MORE_IS_HEARD:
            return  # it said that its request was the last; uvicorn would refuse that one for what comes after it
        # uvicorn makes it once a second, asked for or not
        self.server_state.default_headers = [(b"date", formatdate(usegmt=True).encode())]
        super().data_received(data)
        if self.conn.their_state in _REQUEST_IS_WHOLE:
            self._forget_receiving()
        elif self._receiving is None:
            self._await_request()

    def send_400_response(self, msg: str) -> None:
        """What came is no HTTP, perhaps in the midst of a body: refuse it, unless its answer is on the way already.

        uvicorn writes two answers to one request then, which h11 does not let it.
        """
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # what the app still answers is not sent
        self._await_taking()
        if self.conn.our_state in _NOT_ANSWERED_YET:
            super().send_400_response(msg)
        else:
            self.transport.close()

    def on_response_complete(self) -> None:
        """The answer is written; the client must take it in time."""
        self._await_taking()
        super().on_response_complete()

    def _should_upgrade(self) -> bool:
        """Another protocol may be asked for; it is answered in this one. uvicorn advises to install more packages."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._gone()
        if self._shaking_hands is None and self.transport is not None:
            super().connection_lost(exc)

    def _gone(self) -> None:
        self._clients.forget(self)
        self._forget_receiving()
        if self._sending is not None:
            self._sending.cancel()

    def _await_request(self) -> None:
        self._receiving = self.loop.call_later(self._receive_deadline_s, self.drop)

    def _await_taking(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
        self._sending = self.loop.call_later(self._send_deadline_s, self._drop_unread)

    def _forget_receiving(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            self._receiving = None

    def _drop_unread(self) -> None:
        if self.transport.get_write_buffer_size() > 0:
            self.drop()
