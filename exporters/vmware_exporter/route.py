"""`/metrics/vmware_exporter`: which vCenter a request means, in that program's own words, and its page."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import parse_qs

from agent.config.vmware_exporter_converted import section_name
from agent.dataclass import dataclass
from agent.model.world import Target, World
from exporters.asgi import Request, Response, compressed
from exporters.prometheus.negotiation import Format
from exporters.vmware_exporter.page import Wanted, render

DEFAULT = "default"
"""The section that is meant where none is named."""
_REUSED_FOR = timedelta(seconds=5)
"""A page is made anew at least this often: what was read long ago has to leave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One vCenter that is served: `name` in the configuration, which is its section here; `host` is its target."""

    name: str
    host: str
    port: int
    wanted: Wanted


class NotServed(Exception):
    """The request means no vCenter that is served here."""


class _Made(NamedTuple):
    target: Target
    at: datetime
    page: bytes


class VmwareExporterRoute:
    """Answers requests; a page is made once for all scrapes of one state of a vCenter, on a thread of its own."""

    def __init__(self, served: Iterable[Served], status: Callable[[], tuple[World, datetime]]) -> None:
        """`status` gives the newest world and the time now."""
        self._served = {one.name: one for one in served}
        self._status = status
        self._made: dict[str, _Made] = {}
        self._making = asyncio.Lock()

    async def __call__(self, request: Request) -> Response:
        """The page; 404 where the request means no vCenter that is served, 503 while nothing of it is known."""
        try:
            meant = choose(self._served, request.query)
        except NotServed as error:
            return Response.text(str(error), status=404)
        async with self._making:
            world, now = self._status()
            target = world.targets[meant.name]
            page = await asyncio.to_thread(self._page, meant, target, now)
        if page is None:
            problem = target.problem.problem if target.problem else f"{meant.name}: not read yet"
            return Response.text(" ".join(problem.split()), status=503, headers={"Retry-After": "5"})
        headers = {"Content-Type": Format.TEXT.value, "Cache-Control": "no-store"}
        return await asyncio.to_thread(compressed, Response(headers=headers, body=page), request)

    def _page(self, meant: Served, target: Target, now: datetime) -> bytes | None:
        last = self._made.get(meant.name)
        if last is not None and timedelta(0) <= now - last.at < _REUSED_FOR and _same(last.target, target):
            return last.page
        page = render(target, now, meant.wanted)
        if page is None:
            self._made.pop(meant.name, None)
        else:
            self._made[meant.name] = _Made(target, now, page)
        return page


def choose(served: Mapping[str, Served], query: str) -> Served:
    """The vCenter that `?section=`, `?target=` or `?vsphere_host=` means; a section goes before a target.

    Raises:
        NotServed: there is no such one, or none is named and several are served.
    """
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    if not served:
        raise NotServed("no vCenter is served here: set vmware_exporter.enabled for it in the configuration")
    section = section_name(asked.get("section", ""))
    target = asked.get("target") or asked.get("vsphere_host") or ""
    if section in served:
        return served[section]
    if target:
        meant = {name: one for name, one in served.items() if target.lower() in _called(one)}
        if meant:  # one vCenter may be read under several names
            return meant.get(DEFAULT) or next(iter(meant.values()))
        known = ", ".join(dict.fromkeys(one.host for one in served.values()))
        raise NotServed(f"no vCenter is called {target!r} here; targets: {known}")
    if section and section != DEFAULT:
        raise NotServed(f"no section {asked['section']!r} here; sections: {', '.join(served)}")
    if len(served) == 1 or DEFAULT in served:
        return served.get(DEFAULT) or next(iter(served.values()))
    raise NotServed(f"name one with ?section= or ?target=; sections: {', '.join(served)}")


def _called(one: Served) -> tuple[str, ...]:
    host = f"[{one.host}]" if ":" in one.host else one.host
    return one.name, one.host.lower(), host.lower(), f"{host}:{one.port}".lower()


def _same(before: Target, after: Target) -> bool:
    return (
        before.inventory is after.inventory
        and before.performance is after.performance
        and before.labelling is after.labelling
    )
