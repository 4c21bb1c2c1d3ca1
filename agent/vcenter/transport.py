"""One HTTPS connection to one vCenter: every call has a deadline, every failure one clear line."""

import contextlib
import http.client
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from agent.clock import Clock
from agent.dataclass import dataclass
from agent.errors import NotTrusted, Unreachable, VCenterError
from agent.vcenter import trust
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.traffic import Traffic

_CONNECT_TIMEOUT_S = 10.0
_CHUNK = 65536
_GRACE_S = 3.0
"""How long a call that opens or ends a session may go on after an interrupt: cut, it would leave the session behind."""
_SESSION_COOKIE = "vmware_soap_session"
_CLOSED = (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError)
"""How it shows that the other side has closed an idle connection; http.client's RemoteDisconnected is the second."""


class _StaleConnection(Exception):
    """A kept-alive connection was closed by the other side before it answered; nothing was read."""


@dataclass(slots=True)
class Answer:
    """An HTTP answer whose body is still to be read, decompressed, in chunks."""

    status: int
    reason: str
    chunks: Iterator[bytes]


class Transport:
    """Not for several threads at once: its owner makes one call at a time."""

    def __init__(self, endpoint: Endpoint, clock: Clock, traffic: Traffic | None = None) -> None:
        """`traffic` is where the target's other connections count as well."""
        self.endpoint = endpoint
        self.traffic = Traffic(clock) if traffic is None else traffic
        self.certificate_expires: datetime | None = None
        self._clock = clock
        self._context: ssl.SSLContext | None = None
        self._connection: http.client.HTTPSConnection | None = None
        self._cookie: str | None = None
        self._interrupted = False
        self._whole = False
        self._deciding = threading.Lock()

    @property
    def cookie(self) -> str | None:
        """The session's cookie, by which another connection joins it. A secret: never print it."""
        return self._cookie

    def join(self, other: "Transport") -> None:
        """Take part in the session of another transport."""
        self._cookie = other.cookie

    def interrupt(self) -> None:
        """Wake the owner from a call that waits, from another thread; that call fails as Unreachable."""
        with self._deciding:
            self._interrupted = True
            if not self._whole:
                self._cut_off()
                return
        grace = threading.Timer(_GRACE_S, self._cut_off)
        grace.daemon = True
        grace.start()

    @contextlib.contextmanager
    def whole(self) -> Iterator[None]:
        """The calls within are not cut by an interrupt at once: what they open or end at vCenter would be unknown."""
        with self._deciding:
            self._whole = True
            if self._interrupted:
                self._drop()  # it was cut, perhaps while nobody asked anything
        try:
            yield
        finally:
            self._whole = False
            if self._interrupted:
                self._cut_off()  # what follows is not worth waiting for

    def _cut_off(self) -> None:
        connection = self._connection
        if connection is not None:
            _cut(connection, threading.Event())

    def close(self) -> None:
        """Drop the connection and forget the session cookie."""
        self._drop()
        self._cookie = None

    @contextlib.contextmanager
    def get(self, path: str) -> Iterator[Answer]:
        """GET `path`. Errors as `post`."""
        with self._exchange("GET", path, None, {}, self.endpoint.timeout_s, reuse=True) as answer:
            yield answer

    @contextlib.contextmanager
    def rest(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], *, reuse: bool = True
    ) -> Iterator[Answer]:
        """A request of vCenter's REST API, within the endpoint's time-out. `reuse` and errors as `post`."""
        sent = {"Accept": "application/json", "Accept-Encoding": "gzip", **headers}
        with self._exchange(method, path, body, sent, self.endpoint.timeout_s, reuse=reuse) as answer:
            yield answer

    @contextlib.contextmanager
    def post(self, body: bytes, soap_action: str, timeout_s: float, *, reuse: bool = True) -> Iterator[Answer]:
        """POST a SOAP envelope; the whole exchange, body included, ends within `timeout_s`.

        `reuse=False` asks on a connection of its own, so that the request is certainly sent at most once.

        Raises:
            Unreachable: no connection, no complete answer in time, or the line broke.
            NotTrusted: the certificate is not believed; nothing was sent.
        """
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": soap_action, "Accept-Encoding": "gzip"}
        if self._cookie is not None:
            headers["Cookie"] = self._cookie
        with self._exchange("POST", "/sdk", body, headers, timeout_s, reuse=reuse) as answer:
            yield answer

    @contextlib.contextmanager
    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], timeout_s: float, *, reuse: bool
    ) -> Iterator[Answer]:
        if not reuse:
            self._drop()
        deadline = self._clock.monotonic() + timeout_s
        late = threading.Event()
        watchdog: threading.Timer | None = None

        def request() -> http.client.HTTPResponse:
            nonlocal watchdog
            connection, fresh = self._connected(deadline)
            remaining = max(0.1, deadline - self._clock.monotonic())
            watchdog = threading.Timer(remaining, _cut, (connection, late))
            watchdog.daemon = True
            watchdog.start()
            try:
                if connection.sock is not None:
                    connection.sock.settimeout(remaining)
                connection.request(method, path, body, headers)
                return connection.getresponse()
            except _CLOSED as error:
                watchdog.cancel()
                self._drop()
                if fresh or late.is_set() or self._interrupted:
                    raise
                raise _StaleConnection from error

        finished = False
        try:
            # One immediate retry, and only where the other side had closed an idle connection: nothing was answered.
            retrying = Retrying(
                stop=stop_after_attempt(2), retry=retry_if_exception_type(_StaleConnection), reraise=True
            )
            response = retrying(request)
            self._remember_session(response)
            yield Answer(response.status, response.reason, self._chunks(response))
            finished = response.read(1) == b""
        except VCenterError:
            raise
        except (OSError, http.client.HTTPException, zlib.error, ValueError, AttributeError, _StaleConnection) as error:
            # ValueError and AttributeError are what http.client raises when the watchdog closed its socket
            if not late.is_set() and not isinstance(error, (OSError, http.client.HTTPException, zlib.error)):
                raise  # not of the network: a bug
            raise self._explain(error, timeout_s, timed_out=late.is_set()) from error
        finally:
            if watchdog is not None:
                watchdog.cancel()
            if not finished:
                self._drop()

    def _connected(self, deadline: float) -> tuple[http.client.HTTPSConnection, bool]:
        if self._connection is not None and self._connection.sock is not None:
            return self._connection, False
        timeout = max(0.1, min(_CONNECT_TIMEOUT_S, deadline - self._clock.monotonic()))
        if self._context is None:
            self._context = trust.context_for(self.endpoint, lambda: self._plain_socket(timeout))
        connection = self._new_connection(self._context, timeout)
        try:
            connection.connect()
        except BaseException:
            connection.close()  # a failed handshake leaves the socket open
            raise
        self._connection = connection
        if isinstance(connection.sock, ssl.SSLSocket):
            self.certificate_expires = trust.expiry(connection.sock)
        return connection, True

    def _new_connection(self, context: ssl.SSLContext, timeout: float) -> http.client.HTTPSConnection:
        proxy = self._proxy()
        if proxy is None:
            return http.client.HTTPSConnection(self.endpoint.host, self.endpoint.port, timeout=timeout, context=context)
        connection = http.client.HTTPSConnection(*proxy, timeout=timeout, context=context)
        connection.set_tunnel(self.endpoint.host, self.endpoint.port)
        return connection

    def _plain_socket(self, timeout: float) -> socket.socket:
        """A connection without TLS, through the proxy where there is one."""
        proxy = self._proxy()
        if proxy is None:
            return socket.create_connection((self.endpoint.host, self.endpoint.port), timeout)
        tunnel = http.client.HTTPConnection(*proxy, timeout=timeout)
        tunnel.set_tunnel(self.endpoint.host, self.endpoint.port)
        try:
            tunnel.connect()
        except BaseException:
            tunnel.close()
            raise
        return tunnel.sock

    def _proxy(self) -> tuple[str, int] | None:
        if self.endpoint.proxy is None:
            return None
        parts = urlsplit(self.endpoint.proxy)
        return parts.hostname or "", parts.port or 3128

    def _chunks(self, response: http.client.HTTPResponse) -> Iterator[bytes]:
        inflate = zlib.decompressobj(31) if response.headers.get("Content-Encoding") == "gzip" else None
        while chunk := response.read(_CHUNK):
            self.traffic.received(len(chunk))
            if inflate is None:
                yield chunk
                continue
            # bit by bit: XML inflates thirtyfold, and who parses it holds the tree of all that it was handed at once
            while chunk:
                yield inflate.decompress(chunk, _CHUNK)
                chunk = inflate.unconsumed_tail
        if response.length:  # announced, but the line closed before
            raise http.client.IncompleteRead(b"", response.length)
        if inflate:
            yield inflate.flush()

    def _remember_session(self, response: http.client.HTTPResponse) -> None:
        for header in response.headers.get_all("Set-Cookie") or ():
            morsel = SimpleCookie(header).get(_SESSION_COOKIE)
            if morsel is not None:
                self._cookie = f"{_SESSION_COOKIE}={morsel.coded_value}"

    def _drop(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
        self._connection = None

    def _explain(self, error: Exception, timeout_s: float, *, timed_out: bool) -> VCenterError:
        name, address = self.endpoint.name, self.endpoint.address
        if timed_out or isinstance(error, TimeoutError):
            return Unreachable(
                f"{name}: no complete answer from {address} within {timeout_s:g} s",
                cure="check the network path and the load of the vCenter",
            )
        if isinstance(error, ssl.SSLError):
            found = trust.explain(self.endpoint, error)
            if isinstance(found, NotTrusted):
                self._context = None  # a corrected CA file or certificate is looked at anew
            return found
        if isinstance(error, socket.gaierror):
            return Unreachable(
                f"{name}: the name {self.endpoint.host} does not resolve ({error.strerror})",
                cure="check host in the configuration and this machine's DNS",
            )
        if isinstance(error, ConnectionRefusedError):
            return Unreachable(
                f"{name}: {address} refuses the connection", cure="vCenter is down or restarting, or the port is wrong"
            )
        if isinstance(error, http.client.HTTPException):
            return Unreachable(
                f"{name}: {address} broke off its answer ({type(error).__name__})",
                cure="check the vCenter and what stands between",
            )
        return Unreachable(
            f"{name}: connection to {address} failed ({getattr(error, 'strerror', None) or error})",
            cure="check the network path to the vCenter",
        )


def _cut(connection: http.client.HTTPSConnection, late: threading.Event) -> None:
    """Wake the thread that waits on the connection: the call has had its time."""
    late.set()
    sock = connection.sock
    if sock is not None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not SSLSocket's, which is not made for other threads
