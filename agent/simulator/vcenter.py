"""The simulated vCenter as one object: start it, point a client at its port, make things go wrong, stop it."""

import threading
import uuid
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from agent.simulator.access import Access
from agent.simulator.call import Server
from agent.simulator.certificate import Certificate, CertificateAuthority
from agent.simulator.faults import Faults
from agent.simulator.objects import Estate
from agent.simulator.rest import Rest
from agent.simulator.server import HttpsServer
from agent.simulator.service import Kind, install
from agent.simulator.sessions import Sessions

DEFAULT_USERS = {"checkmeter": "simulated"}


class SimulatedVCenter:
    """A vCenter (or, kind "esxi", a single host) that serves `estate` on `https://host:port/sdk`.

    `port` 0 takes a free one; `port` holds it after start. `users` maps names to passwords; each has the read-only role
    unless `faults.access.privileges` says otherwise. `calls` counts the SOAP operations answered, `sent_bytes` the bodies
    of all answers as they go over the wire. The estate must have its root folder (group-d1, or ha-folder-root on ESXi). AgentError when trustme is missing, OSError when the
    port is taken.
    """

    def __init__(
        self,
        estate: Estate,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        users: Mapping[str, str] | None = None,
        kind: Kind = "vcenter",
    ) -> None:
        install(estate, kind)
        self.estate = estate
        self.host = host
        self.port = port
        self.sessions = Sessions(estate, DEFAULT_USERS if users is None else users)
        access = Access(estate)
        self.faults = Faults(estate, self.sessions, access, self._restart, self._swap_certificate)
        self.calls: Counter[str] = Counter()
        self.sent_bytes = 0
        self._calls_lock = threading.Lock()
        self._shared = Server(estate, self.sessions, access, self.faults, _boot())
        self._certificate = CertificateAuthority().issue(*self._names())
        self._listener: HttpsServer | None = None
        self._thread: threading.Thread | None = None
        self._timer: threading.Timer | None = None
        self._lock = threading.RLock()

    @property
    def rest(self) -> Rest:
        """The REST API's sessions, and which of the two spellings there are."""
        return self._shared.rest

    @property
    def ca_pem(self) -> bytes:
        """The authority to trust, PEM."""
        return self._certificate.ca_pem

    @property
    def leaf_pem(self) -> bytes:
        """The server's own certificate, PEM."""
        return self._certificate.leaf_pem

    @property
    def fingerprint_sha256(self) -> str:
        """The SHA-256 of the server's certificate in lower-case hexadecimal."""
        return self._certificate.fingerprint_sha256

    @property
    def boot(self) -> str:
        """Changes with every restart; the first part of every collector version."""
        return self._shared.boot

    def start(self) -> Self:
        """Listen. OSError when the port is taken."""
        with self._lock:
            if self._listener is None:
                self._listen(self._certificate)
        return self

    def stop(self) -> None:
        """Stop listening, end all sessions and waits, cut all connections."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._close()
        self.sessions.end_all()
        self.faults.release()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _listen(self, certificate: Certificate) -> None:
        listener = HttpsServer((self.host, self.port), self._shared, certificate.context, self._count, self._count_sent)
        self.port = listener.server_address[1]
        self._listener = listener
        self._thread = threading.Thread(
            target=listener.serve_forever, args=(0.02,), name="simulated-vcenter", daemon=True
        )
        self._thread.start()

    def _close(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.stopping.set()
            listener.shutdown()
            listener.server_close()
            listener.close_connections()
        if self._thread is not None:
            self._thread.join(timeout=5)
            self._thread = None

    def _restart(self, down_seconds: float) -> None:
        with self._lock:
            self._close()
            self._shared.boot = _boot()
            self.sessions.end_all()
            if down_seconds <= 0:
                self._listen(self._certificate)
                return
            self._timer = threading.Timer(down_seconds, self._come_back)
            self._timer.daemon = True
            self._timer.start()

    def _come_back(self) -> None:
        """The end of a restart's downtime; not after `stop`, which may have been quicker."""
        with self._lock:
            if self._timer is not None:
                self._timer = None
                self.start()

    def _swap_certificate(self, expired: bool) -> None:
        with self._lock:
            expired_at = self.estate.now() if expired else None
            # An expired certificate comes from the authority the client trusts: only its dates are wrong.
            authority = self._certificate.authority if expired else CertificateAuthority()
            self._certificate = authority.issue(*self._names(), expired_at=expired_at)
            if self._listener is not None:
                self._listener.context = self._certificate.context
                self._listener.close_connections()

    def _names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.host, "127.0.0.1", "localhost")))

    def _count(self, operation: str) -> None:
        with self._calls_lock:
            self.calls[operation or "unreadable"] += 1

    def _count_sent(self, size: int) -> None:
        with self._calls_lock:
            self.sent_bytes += size


def _boot() -> str:
    return uuid.uuid4().hex[:8]
