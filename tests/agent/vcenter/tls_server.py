"""A TLS server for tests that answers each connection by a script, and can be told to change its certificate."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import trustme

VERSIONS = (
    b'<?xml version="1.0"?><namespaces version="1.0"><namespace><name>urn:vim25</name>'
    b"<version>8.0.3.0</version></namespace></namespaces>"
)

Script = Callable[[ssl.SSLSocket, bytes], None]
"""Called with the connection and the head of each request it got; returns to be called again, or closes."""


def answer(connection: ssl.SSLSocket, body: bytes = VERSIONS, *, status: str = "200 OK", extra: str = "") -> None:
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/xml\r\n{extra}Content-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)


class TlsServer:
    """Serves until `close`; counts connections and keeps what it was sent."""

    def __init__(self, script: Script, *, names: tuple[str, ...] = ("127.0.0.1", "localhost")) -> None:
        self.ca = trustme.CA()
        self.script = script
        self.requests: list[bytes] = []
        self.connections = 0
        self.use(self.ca.issue_cert(*names))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def use(self, certificate: trustme.LeafCert) -> None:
        """Present another certificate from the next connection on."""
        self.certificate_der = ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        self._context = context

    def use_expired(self) -> None:
        self.use(self.ca.issue_cert("127.0.0.1", not_after=datetime.now(UTC) - timedelta(days=1)))

    @property
    def fingerprint(self) -> str:
        return sha256(self.certificate_der).hexdigest()

    def ca_file(self, folder: Path) -> Path:
        path = folder / "ca.pem"
        self.ca.cert_pem.write_to_path(str(path))
        return path

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.close()
        for thread in self._threads:
            thread.join(5)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._handle, args=(plain,), daemon=True))
                self._threads[-1].start()

    def _handle(self, plain: socket.socket) -> None:
        self._open.append(plain)
        with contextlib.suppress(OSError, ssl.SSLError, ValueError):
            connection = self._context.wrap_socket(plain, server_side=True)
            self._open.append(connection)
            self.connections += 1
            while request := self._request(connection):
                self.requests.append(request)
                self.script(connection, request)
            connection.close()

    @staticmethod
    def _request(connection: ssl.SSLSocket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = connection.recv(65536)
            if not chunk:
                return b""
            data += chunk
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
        )
        while len(body) < length:
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body
