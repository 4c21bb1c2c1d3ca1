"""A protected server on a free port, its certificates, and clients of it."""

import base64
import http.client
import ssl
from dataclasses import dataclass, field
from pathlib import Path

import bcrypt
import trustme

from agent.clock import Clock, SystemClock
from agent.config.web import load_web
from exporters.asgi import Receive, Response, Scope, Send
from exporters.web import SECURITY_HEADERS
from exporters.web_guard import Guard
from exporters.web_protection import Protection, protection
from exporters.web_server import WebServer

PASSWORD = "correct-horse"  # noqa: S105 - guards a page that says hello
HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
USERS = f"basic_auth_users:\n  prometheus: {HASH}\n"
SOON_S = 5.0


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """Greets, with headers of its own."""
    await Response(headers={"X-Frame-Options": "SAMEORIGIN"}, body=b"hello").send_to(send, SECURITY_HEADERS)


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


class ProtectedSite:
    """What is protected, and by what, which a test may change."""

    def __init__(self, found: Protection, clock: Clock | None = None) -> None:
        self.found = found
        clock = clock or SystemClock()
        guard = Guard(hello, lambda: self.found, clock, SECURITY_HEADERS)
        self.server = WebServer(
            guard, [("127.0.0.1", 0)], clock=clock, protection=lambda: self.found, receive_deadline_s=1.0
        )
        self.server.start()

    def connection(self, context: ssl.SSLContext | None = None) -> http.client.HTTPConnection:
        port = self.server.addresses[0].port
        if context is not None:
            return http.client.HTTPSConnection("127.0.0.1", port, timeout=SOON_S, context=context)
        return http.client.HTTPConnection("127.0.0.1", port, timeout=SOON_S)

    def ask(
        self, path: str = "/", headers: dict[str, str] | None = None, context: ssl.SSLContext | None = None
    ) -> http.client.HTTPResponse:
        """The answer; its body is read."""
        connection = self.connection(context)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            answer.read()
            return answer
        finally:
            connection.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """Files of a CA, a server and a client."""

    folder: Path
    ca: trustme.CA = field(default_factory=lambda: trustme.CA(key_type=trustme.KeyType.ECDSA))

    def serve(self, *names: str) -> None:
        """Write `server.crt`, `server.key` and `ca.pem`; again, and the server has another certificate."""
        leaf = self.ca.issue_cert(*(names or ("127.0.0.1",)), key_type=trustme.KeyType.ECDSA)
        (self.folder / "server.crt").write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        (self.folder / "server.key").touch(mode=0o600)
        (self.folder / "server.key").write_bytes(leaf.private_key_pem.bytes())
        (self.folder / "ca.pem").write_bytes(self.ca.cert_pem.bytes())

    def client(self, *names: str, version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
        """A client that trusts the server, with a certificate of its own where it has names."""
        context = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        if version is not None:
            context.maximum_version = version
        if names:
            self.ca.issue_cert(*names, key_type=trustme.KeyType.ECDSA).configure_cert(context)
        return context

    def protection(self, *lines: str, rest: str = "") -> Protection:
        """What the web configuration with these `lines` of `tls_server_config` gives."""
        file = self.folder / "web.yml"
        file.write_text(
            "\n".join(["tls_server_config:", "  cert_file: server.crt", "  key_file: server.key", *lines]) + "\n" + rest
        )
        return protection(load_web(file))
