"""Which objects a property filter selects: its object specs, followed along their traversal specs."""

from collections import deque
from typing import Any

from pyVmomi import vmodl

from agent.simulator.access import not_found
from agent.simulator.call import Server, lookup
from agent.simulator.objects import Entry
from agent.simulator.schema import id_of, resolve
from agent.simulator.sessions import Session

PC = vmodl.query.PropertyCollector


def select(server: Server, session: Session, spec: Any) -> list[Entry]:
    """The objects a FilterSpec selects, each once, in the order they are met. ManagedObjectNotFound for a lost start."""
    chosen: dict[str, Entry] = {}
    for start in spec.objectSet:
        entry = lookup(session, server.estate.entries, id_of(start.obj))
        if entry is None:
            if spec.reportMissingObjectsInResults:
                continue
            raise not_found(start.obj)
        named: dict[str, Any] = {}
        _index(start.selectSet, named)
        visited: set[tuple[str, int]] = set()
        waiting = deque([(entry, bool(start.skip), start.selectSet)])
        while waiting:
            entry, skip, steps = waiting.popleft()
            if not skip:
                chosen.setdefault(entry.moid, entry)
            if not steps or (entry.moid, id(steps)) in visited:
                continue
            visited.add((entry.moid, id(steps)))
            for step in steps:
                traversal = step if isinstance(step, PC.TraversalSpec) else named.get(step.name)
                if traversal is None or not issubclass(entry.type, traversal.type):
                    continue
                for child in _follow(server, session, entry, traversal.path):
                    waiting.append((child, bool(traversal.skip), traversal.selectSet))
    return list(chosen.values())


def _index(steps: Any, named: dict[str, Any]) -> None:
    for step in steps:
        if isinstance(step, PC.TraversalSpec):
            if step.name:
                named.setdefault(step.name, step)
            _index(step.selectSet, named)


def _follow(server: Server, session: Session, entry: Entry, path: str) -> list[Entry]:
    try:
        resolve(entry.type, path)
    except AttributeError:
        raise vmodl.query.InvalidProperty(name=path, msg=f"Invalid property {path}") from None
    value = entry.read(path)
    found = []
    for ref in value if isinstance(value, list) else [value]:
        if ref is not None and server.access.sees(session.name, ref):
            child = lookup(session, server.estate.entries, id_of(ref))
            if child is not None:
                found.append(child)
    return found
