"""PropertyCollector and PropertyFilter: reading properties in pages, and the life of filters."""

import uuid
from typing import Any

from pyVmomi import vmodl

from agent.simulator.access import not_found
from agent.simulator.call import Call
from agent.simulator.content import Content, missing_xml, wanted_paths
from agent.simulator.objects import Entry
from agent.simulator.schema import id_of
from agent.simulator.selection import PC, select
from agent.simulator.soap import RawXml, reference, text
from agent.simulator.updates import DEFAULT_MAX_OBJECT_UPDATES, Collector, Filter

Wanted = list[tuple[Entry, tuple[str, ...]]]


def RetrievePropertiesEx(call: Call, specs: Any, options: Any) -> RawXml | None:
    """The first page of properties, with a token when there are more; nothing when no object is selected."""
    sizes = (options.maxObjects if options else None, call.server.faults.page_limit)
    return _page(call, _wanted(call, specs), min((size for size in sizes if size), default=None))


def ContinueRetrievePropertiesEx(call: Call, token: str) -> RawXml | None:
    """The next page; a token is good for one use."""
    wanted, size = _take(call, token)
    return _page(call, wanted, size)


def CancelRetrievePropertiesEx(call: Call, token: str) -> None:
    """Forget the rest of the pages."""
    _take(call, token)


def RetrieveProperties(call: Call, specs: Any) -> RawXml:
    """All properties in one answer, as clients before vSphere 4.1 ask."""
    return RawXml(_objects(call, _wanted(call, specs), "returnval"))


def CreatePropertyCollector(call: Call) -> Any:
    """A collector of the session's own."""
    collector = Collector()
    filters = {"filter": lambda: [one.ref for one in collector.filters.values()]}
    return call.session.own(PC, filters, collector)


def DestroyPropertyCollector(call: Call) -> None:
    """End a collector, its filters and the waits on it."""
    collector: Collector = call.held
    with call.estate.lock:
        collector.cancel(destroy=True)
        for moid in [*collector.filters, call.this.moid]:
            call.session.disown(moid)
        call.estate.lock.notify_all()


def CreateFilter(call: Call, spec: Any, partial_updates: bool) -> Any:
    """Add a filter; InvalidProperty for a path its types do not have, ManagedObjectNotFound for a lost start."""
    collector = _collector(call)
    for one in spec.propSet:
        wanted_paths(spec, one.type)
    select(call.server, call.session, spec)
    with call.estate.lock:
        made = Filter(None, spec, collector)
        made.ref = call.session.own(PC.Filter, {"spec": spec, "partialUpdates": partial_updates}, made)
        collector.filters[id_of(made.ref)] = made
        call.estate.lock.notify_all()
    return made.ref


def DestroyPropertyFilter(call: Call) -> None:
    """End a filter."""
    made: Filter = call.held
    with call.estate.lock:
        made.collector.filters.pop(call.this.moid, None)
        call.session.disown(call.this.moid)


def WaitForUpdatesEx(call: Call, version: str | None, options: Any) -> RawXml | None:
    """Changes since a version, at most `maxObjectUpdates` (100) objects; nothing when `maxWaitSeconds` pass without one."""
    seconds = options.maxWaitSeconds if options else None
    limit = (options.maxObjectUpdates if options else None) or DEFAULT_MAX_OBJECT_UPDATES
    return _collector(call).updates(call, version, seconds, limit)


def WaitForUpdates(call: Call, version: str | None) -> RawXml | None:
    """All changes since a version, however long they take to come."""
    return _collector(call).updates(call, version, None, None)


def CheckForUpdates(call: Call, version: str | None) -> RawXml | None:
    """All changes since a version, without waiting."""
    return _collector(call).updates(call, version, 0, None)


def CancelWaitForUpdates(call: Call) -> None:
    """End the waits under way with RequestCanceled."""
    with call.estate.lock:
        _collector(call).cancel()
        call.estate.lock.notify_all()


def _collector(call: Call) -> Collector:
    """The session's collector; the one in the service content is there for every session, each with its own filters."""
    if call.this.moid in call.estate:
        collector: Collector = call.session.held.setdefault(call.this.moid, Collector())
        return collector
    held = call.held
    if not isinstance(held, Collector):
        raise not_found(call.this.ref)
    return held


def _wanted(call: Call, specs: Any) -> Wanted:
    merged: dict[str, tuple[Entry, dict[str, None]]] = {}
    for spec in specs:
        by_type: dict[Any, tuple[str, ...] | None] = {one.type: wanted_paths(spec, one.type) for one in spec.propSet}
        for entry in select(call.server, call.session, spec):
            if entry.type not in by_type:
                by_type[entry.type] = wanted_paths(spec, entry.type)
            paths = by_type[entry.type]
            if paths is not None:
                merged.setdefault(entry.moid, (entry, {}))[1].update(dict.fromkeys(paths))
    return [(entry, tuple(paths)) for entry, paths in merged.values()]


def _page(call: Call, wanted: Wanted, size: int | None) -> RawXml | None:
    if not wanted:
        return None
    now, later = (wanted[:size], wanted[size:]) if size else (wanted, [])
    token = ""
    if later:
        key = f"token-{uuid.uuid4()}"
        call.session.held[key] = (later, size)
        token = f"<token>{key}</token>"
    return RawXml(f"<returnval>{token}{_objects(call, now, 'objects')}</returnval>")


def _take(call: Call, token: str) -> tuple[Wanted, int | None]:
    found = call.session.held.pop(token, None)
    if not isinstance(found, tuple):
        raise vmodl.fault.InvalidArgument(msg="A specified parameter was not correct: token", invalidProperty="token")
    return found


def _objects(call: Call, wanted: Wanted, tag: str) -> str:
    content = Content(call.server, call.session)
    parts: list[str] = []
    for entry, paths in wanted:
        found, withheld = content.read(entry, paths)
        parts.append(f"<{tag}>{reference(entry.ref)}")
        parts.extend(f"<propSet><name>{text(path)}</name>{xml}</propSet>" for path, xml in found)
        if withheld:
            parts.append(missing_xml(entry, withheld))
        parts.append(f"</{tag}>")
    return "".join(parts)
