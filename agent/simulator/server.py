"""The HTTPS side: connections, SOAP over HTTP/1.1, and answers that break when a fault says so."""

import contextlib
import gzip
import json
import socket
import ssl
import struct
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from pyVmomi import vmodl

from agent.simulator.call import Server
from agent.simulator.dispatch import answer
from agent.simulator.faults import WireFault
from agent.simulator.rest import PREFIXES, TOKEN
from agent.simulator.soap import fault_response, parse_request, response

COOKIE = "vmware_soap_session"
HANDSHAKE_SECONDS = 10.0
# Longer than any client of a real vCenter keeps a connection idle.
IDLE_SECONDS = 300.0
INSIDE_BODY = frozenset({"hang", "broken off"})
"""Faults that begin as a sound answer."""
_COMPRESS_FROM = 1024
_VERSIONS = """<?xml version="1.0" encoding="UTF-8"?>
<namespaces version="1.0"><namespace><name>urn:vim25</name><version>8.0.3.0</version><priorVersions>\
<version>8.0.2.0</version><version>8.0.1.0</version><version>8.0.0.1</version><version>7.0.3.0</version>\
<version>7.0</version><version>6.7</version><version>6.5</version></priorVersions></namespace></namespaces>
"""


class HttpsServer(ThreadingHTTPServer):
    """One listening socket. The TLS handshake is made in the connection's own thread: a silent client blocks nobody."""

    daemon_threads = True
    block_on_close = False
    # A restart takes the same port again at once.
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        shared: Server,
        context: ssl.SSLContext,
        count: Callable[[str], None],
        count_sent: Callable[[int], None],
    ) -> None:
        self.shared = shared
        self.context = context
        self.count = count
        self.count_sent = count_sent
        self.stopping = threading.Event()
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        """Bind without asking DNS for a name, as HTTPServer would."""
        TCPServer.server_bind(self)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Handshake, then answer requests until the client or a restart ends the connection."""
        self._track(request)
        tls: ssl.SSLSocket | None = None
        try:
            request.settimeout(HANDSHAKE_SECONDS)
            tls = self.context.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
            self._track(tls)
            tls.do_handshake()
            tls.settimeout(IDLE_SECONDS)
            super().finish_request(tls, client_address)
        except (OSError, ValueError):
            # The client went away, did not trust us, or the connection was closed under the handler by a restart.
            pass
        finally:
            with self._lock:
                self._connections.discard(request)
                if tls is not None:
                    self._connections.discard(tls)
            if tls is not None:
                with contextlib.suppress(OSError):
                    tls.close()

    def close_connections(self) -> None:
        """Cut every open connection."""
        with self._lock:
            open_now = list(self._connections)
            self._connections.clear()
        for connection in open_now:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A broken connection is the client's business; nothing is printed."""

    def _track(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)


class Handler(BaseHTTPRequestHandler):
    """SOAP requests of one connection."""

    protocol_version = "HTTP/1.1"
    server_version = "SimulatedVCenter"
    disable_nagle_algorithm = True
    server: HttpsServer

    def log_message(self, *_: Any) -> None:
        """Requests hold passwords; nothing is logged."""

    def do_GET(self) -> None:
        """The versions document, which clients read before they log in."""
        if self.path.startswith(PREFIXES):
            self._rest("GET")
            return
        self._read_body()
        if self.path in ("/sdk/vimServiceVersions.xml", "/client/vimServiceVersions.xml"):
            self._send(200, _VERSIONS.encode())
        else:
            self._send(404, b"<html><body>404 Not Found</body></html>", kind="text/html")

    def do_POST(self) -> None:
        """One SOAP call, or one of REST."""
        if self.path.startswith(PREFIXES):
            self._rest("POST")
            return
        body = self._read_body()
        if self.path.partition("?")[0].rstrip("/") != "/sdk":
            self._send(404, b"<html><body>404 Not Found</body></html>", kind="text/html")
            return
        shared = self.server.shared
        session = shared.sessions.find(self._cookie())
        operation = ""
        fault: WireFault | None = None
        try:
            request = parse_request(body)
            operation = request.operation
            if seconds := shared.faults.delay_of(operation):
                self.server.stopping.wait(seconds)
            fault = shared.faults.take(operation)
            if fault is not None and fault.kind not in INSIDE_BODY:
                self._break(fault)
                return
            status, written = 200, response(request, answer(shared, session, request))
        except ET.ParseError as error:
            status = 500
            written = fault_response(vmodl.fault.InvalidRequest(msg=f"XML document is not valid: {error}"))
        except vmodl.MethodFault as raised:
            status, written = 500, fault_response(raised)
        except Exception as error:  # noqa: BLE001 - a mistake in an estate or here: the client gets it as a fault, not silence
            status = 500
            reason = f"{type(error).__name__}: {error}"
            written = fault_response(vmodl.fault.SystemError(reason=reason, msg=f"{operation}: {reason}"))
        self.server.count(operation)
        headers = {}
        if session.user is not None and session.cookie != self._cookie():
            headers["Set-Cookie"] = f'{COOKIE}="{session.cookie}"; Path=/; HttpOnly; Secure'
        self._send(status, written, headers=headers, broken=fault)

    def do_DELETE(self) -> None:
        """The end of a REST session."""
        self._rest("DELETE")

    def _rest(self, method: str) -> None:
        body, shared = self._read_body(), self.server.shared
        operation = shared.rest.operation(method, self.path)
        if seconds := shared.faults.delay_of(operation):
            self.server.stopping.wait(seconds)
        fault = shared.faults.take(operation)
        if fault is not None and fault.kind not in INSIDE_BODY:
            self._break(fault)
            return
        found = shared.rest.answer(shared.estate, shared.sessions, method, self.path, headers=self.headers, body=body)
        self.server.count(operation)
        written = b"" if found.value is None else json.dumps(found.value, ensure_ascii=False).encode()
        headers = {"Set-Cookie": f"{TOKEN}={found.token}; Path=/; Secure; HttpOnly"} if found.token else None
        self._send(found.status, written, kind="application/json", headers=headers, broken=fault)

    def _cookie(self) -> str:
        for part in self.headers.get("Cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == COOKIE:
                return value.strip('"')
        return ""

    def _read_body(self) -> bytes:
        """The request's body, by its length or in chunks (Go sends chunks)."""
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers
        return b"".join(parts)

    def _send(
        self,
        status: int,
        body: bytes,
        *,
        kind: str = "text/xml; charset=utf-8",
        headers: dict[str, str] | None = None,
        broken: WireFault | None = None,
    ) -> None:
        headers = dict(headers or {})
        if len(body) >= _COMPRESS_FROM and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, compresslevel=1)
            headers["Content-Encoding"] = "gzip"
        self.server.count_sent(len(body))
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if broken is not None:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            if broken.kind == "hang":
                self._wait_for_release()
            self.close_connection = True
            return
        self.wfile.write(body)

    def _wait_for_release(self) -> None:
        """Until the fault is released or this server stops, whichever is first."""
        released = self.server.shared.faults.released
        while not released.wait(0.1) and not self.server.stopping.is_set():
            pass

    def _break(self, fault: WireFault) -> None:
        self.close_connection = True
        if fault.kind == "reset":
            # Linger with zero seconds: closing sends RST.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            socket.socket.close(self.connection)
        elif fault.kind == "status":
            self._send(fault.status, b"<html><body>The service is not available.</body></html>", kind="text/html")
        else:
            self._send(200, fault.body)
