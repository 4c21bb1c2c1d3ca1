"""Reports over HTTP: `/report/` lists the months, `/report/2026-10/report-da.html` is one of their files."""

import asyncio
import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Protocol

from markupsafe import Markup

from exporters.asgi import Request, Response, compressed

PATH = "/report/"
_TYPES = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_LIST = Markup(
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Reports</title><style>{style}</style></head>'
    "<body><h1>Reports</h1>{body}</body></html>"
)
_LIST_STYLE = Markup("body{font:16px/1.6 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}")
_NONE = Markup(
    "<p>There is no report yet. One is made with</p><pre>checkmeter report --month 2026-10 --claims.folder FOLDER</pre>"
)


class Shelf(Protocol):
    """Where reports lie."""

    def months(self) -> Mapping[str, tuple[str, ...]]:
        """The names of each month's files, the newest month first."""

    def read(self, month: str, name: str) -> bytes | None:
        """One file; None if there is none."""


class ReportRoute:
    """Answers all under PATH."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def __call__(self, request: Request) -> Response:
        """A file, or the list."""
        parts = request.path.removeprefix(PATH).split("/")
        if parts == [""]:
            return _page(_listed(await asyncio.to_thread(self._shelf.months)), request)
        content = await asyncio.to_thread(self._shelf.read, *parts) if len(parts) == 2 else None
        if content is None:
            return Response.text(f"There is no such report; {PATH} lists them.", status=404)
        kind = parts[1].rpartition(".")[2]
        if kind == "html":
            return _page(content, request)
        headers = {"Content-Type": _TYPES.get(kind, "text/plain; charset=utf-8"), "Cache-Control": "no-store"}
        return compressed(Response(headers=headers, body=content), request)


def _page(content: bytes, request: Request) -> Response:
    """A page may use the style that stands in it, and nothing else."""
    digests = [base64.b64encode(hashlib.sha256(one).digest()).decode() for one in _STYLE.findall(content)]
    styles = " ".join(f"'sha256-{one}'" for one in digests) or "'none'"
    policy = f"default-src 'none'; style-src {styles}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    headers = {"Content-Type": _TYPES["html"], "Cache-Control": "no-store", "Content-Security-Policy": policy}
    return compressed(Response(headers=headers, body=content), request)


def _listed(months: Mapping[str, tuple[str, ...]]) -> bytes:
    rows = Markup("").join(
        Markup("<h2>{month}</h2><p>{links}</p>").format(
            month=month,
            links=Markup(" ").join(
                Markup('<a href="{month}/{name}">{name}</a>').format(month=month, name=name) for name in names
            ),
        )
        for month, names in months.items()
    )
    return _LIST.format(style=_LIST_STYLE, body=rows or _NONE).encode()
