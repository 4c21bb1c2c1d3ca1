"""What the agent answers over HTTP: the status page, metrics, probes. An ASGI app that reads, and never changes, a thing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol, TypeAlias

from agent.model.world import World
from exporters.asgi import Receive, Request, Response, Scope, Send, compressed
from exporters.inventory_files import inventory_handlers
from exporters.readiness import not_ready
from exporters.status_page.static_files import StaticFile, static_files

METHODS = "GET, HEAD"
PAGE_REUSED_FOR = timedelta(seconds=1)
STATIC_MAX_AGE_S = 86_400

# form-action is 'self', not 'none': the filters are plain GET forms, so that they work without JavaScript
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


class MetricsPage(Protocol):
    """Ready exposition: `exporters.prometheus.page.Page`."""

    def body(self, accept: str, accept_encoding: str) -> tuple[Mapping[str, str], bytes]:
        """Headers and body in the format and coding that the client prefers."""


Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


class _Rendered(NamedTuple):
    world: World
    at: datetime
    query: str
    html: bytes


class WebApp:
    """The ASGI app. `metrics` gives the newest rendered exposition, `status` the newest world and the time now,
    `rendered` the world that the exposition shows, which is what readiness is judged by. `further` are more paths;
    one that ends in a slash takes all that lies under it.
    """

    def __init__(
        self,
        *,
        metrics: Callable[[], MetricsPage],
        status: Callable[[], tuple[World, datetime]],
        rendered: Callable[[], World],
        further: Mapping[str, Handler] | None = None,
    ) -> None:
        self._metrics = metrics
        self._status = status
        self._shown = rendered
        self._rendered: _Rendered | None = None
        self._rendering = asyncio.Lock()
        self._routes: Mapping[str, Handler] = {
            "/": self._page,
            "/metrics": self._exposition,
            "/healthz": self._alive,
            "/readyz": self._ready,
            **inventory_handlers(status),
            **(further or {}),
            **{f"/static/{name}": _static_handler(file) for name, file in static_files().items()},
        }

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request; a body is not read."""
        request = Request.from_scope(scope)
        response = await self._answer(request)
        await response.send_to(send, SECURITY_HEADERS)

    async def _answer(self, request: Request) -> Response:
        handler = self._routes.get(request.path) or self._routes.get(_folder_of(request.path))
        if handler is None:
            return Response.text("There is nothing here; / is the status page.", status=404)
        if request.method not in METHODS.split(", "):
            return Response.text("Only GET and HEAD: this agent is read.", status=405, headers={"Allow": METHODS})
        return await handler(request)

    async def _page(self, request: Request) -> Response:
        async with self._rendering:
            # on a thread of its own: a large page takes a while, and probes and scrapes must not wait for it
            html = await asyncio.to_thread(self._html, request.query)
        headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
        return await asyncio.to_thread(compressed, Response(headers=headers, body=html), request)

    def _html(self, query: str) -> bytes:
        # a fifteenth of the CPU of a start, and 3 MB
        from exporters.status_page.page import render  # noqa: PLC0415 - only who looks at the page needs it

        world, now = self._status()
        last = self._rendered
        fresh = last is not None and timedelta(0) <= now - last.at < PAGE_REUSED_FOR
        if last is None or not fresh or last.world is not world or last.query != query:
            last = self._rendered = _Rendered(world, now, query, render(world, now, query).encode())
        return last.html

    async def _exposition(self, request: Request) -> Response:
        accept = request.headers.get("accept", "")
        headers, body = self._metrics().body(accept, request.headers.get("accept-encoding", ""))
        return Response(headers=headers, body=body)

    async def _alive(self, _: Request) -> Response:
        return Response.text("alive")

    async def _ready(self, _: Request) -> Response:
        missing = not_ready(self._shown())
        if missing:
            return Response.text("\n".join(missing), status=503, headers={"Retry-After": "5"})
        return Response.text("ready")


def _folder_of(path: str) -> str:
    """`/report/` of whatever lies under it; nothing of what has no folder."""
    first, slash, _ = path.removeprefix("/").partition("/")  # `*` and `host:443` are paths too, without a slash
    return f"/{first}/" if path.startswith("/") and slash and first else ""


def _static_handler(file: StaticFile) -> Handler:
    async def answer(request: Request) -> Response:
        headers = {"ETag": file.etag, "Cache-Control": f"public, max-age={STATIC_MAX_AGE_S}"}
        known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
        if file.etag in known or "*" in known:
            return Response(status=304, headers=headers)
        return compressed(Response(headers={**headers, "Content-Type": file.content_type}, body=file.body), request)

    return answer
