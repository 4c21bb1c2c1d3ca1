"""An exporter that answers as blackbox_exporter does, and as node_exporter would: for tests of what Prometheus asks it."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Prober:
    """What was asked, and what cannot be reached."""

    def __init__(self) -> None:
        self.asked: set[tuple[str, str]] = set()
        """module and target"""
        self.unreachable: set[str] = set()
        self.address = ""

    def answer(self, url: str) -> str:
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        target = query.get("target", "")
        self.asked.add((query.get("module", ""), target))
        return f"probe_success {int(target not in self.unreachable)}\n"


@contextlib.contextmanager
def probing() -> Iterator[Prober]:
    """On a free port until the block ends."""
    prober = Prober()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = prober.answer(self.path).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    prober.address = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield prober
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
