"""Properties of an object as XML: read once, serialized once a version, withheld where the account may not read."""

from collections.abc import Iterable
from typing import Any

from pyVmomi import vmodl

from agent.simulator.access import no_permission
from agent.simulator.call import Server
from agent.simulator.objects import Entry
from agent.simulator.recorded_parts import is_part
from agent.simulator.schema import ManagedObject, property_names, resolve
from agent.simulator.sessions import Session
from agent.simulator.soap import any_value, serialize, text


def wanted_paths(spec: Any, type_: Any) -> tuple[str, ...] | None:
    """The paths a FilterSpec asks of objects of a type; None when no property spec is for it.

    InvalidProperty for a path that the property spec's own type does not have.
    """
    paths: dict[str, None] = {}
    matched = False
    for one in spec.propSet:
        for path in one.pathSet:
            try:
                resolve(one.type, path)
            except AttributeError:
                raise vmodl.query.InvalidProperty(name=path, msg=f"Invalid property {path}") from None
        if issubclass(type_, one.type):
            matched = True
            paths.update(dict.fromkeys(property_names(type_) if one.all else one.pathSet))
    return tuple(paths) if matched else None


class Content:
    """Reads properties for one account, within one answer."""

    def __init__(self, server: Server, session: Session) -> None:
        self._access = server.access
        self._spoilt = server.faults.spoilt
        self._user = session.name
        # Without any of these every reader sees the same bytes.
        self._limited = bool(self._access.visible(self._user) is not None)
        self._checks: dict[tuple[Any, str], bool] = {}

    def read(self, entry: Entry, paths: Iterable[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """The set properties among `paths` as (path, `<val>` element), and the withheld ones as (path, privilege)."""
        found: list[tuple[str, str]] = []
        withheld: list[tuple[str, str]] = []
        roots: dict[str, Any] = {}
        for path in paths:
            if not self._open(entry, path):
                privilege = self._access.missing(self._user, entry, path)
                if privilege is not None:
                    withheld.append((path, privilege))
                    continue
            xml = self._value(entry, path, roots)
            if xml:
                if self._spoilt and (spoil := self._spoilt.get((entry.moid, path))):
                    xml = spoil(xml)
                found.append((path, xml))
        return found, withheld

    def _open(self, entry: Entry, path: str) -> bool:
        """Whether any object of this type shows the property to this account; a cheap answer to a frequent question."""
        if self._limited or entry.moid in self._access.withheld:
            return False
        key = (entry.type, path)
        known = self._checks.get(key)
        if known is None:
            known = self._checks[key] = self._access.missing(self._user, entry, path) is None
        return known

    def _value(self, entry: Entry, path: str, roots: dict[str, Any]) -> str:
        if entry.verbatim and not self._limited:
            told = entry.verbatim.get(path)
            if told is not None:
                return told
            if entry.recorded and not is_part(entry.verbatim, path):
                return ""
        root = path.partition(".")[0]
        # Before the value: a change in between then leaves a cache entry that is never used, not a stale one.
        generation = entry.generations.get(root, 0)
        raw = entry.props.get(root)
        if raw is None:
            return ""
        computed = callable(raw)
        if not computed and not self._limited:
            cached = entry.xml.get(path)
            if cached is not None and cached[0] == generation:
                return cached[1]
        property_ = resolve(entry.type, path)
        if computed:
            if root not in roots:
                roots[root] = entry.root(root)
            value = roots[root]
        else:
            value = raw
        for name in property_.names[1:]:
            value = getattr(value, name, None)
            if value is None:
                break
        if self._limited:
            value = self._access.filtered(self._user, value)
        xml = "" if value is None else any_value(value, property_.type)
        if not computed and not self._limited:
            entry.xml[path] = (generation, xml)
        return xml


def missing_xml(entry: Entry, withheld: Iterable[tuple[str, str]]) -> str:
    """`<missingSet>` elements: each withheld path with a NoPermission fault that names the privilege."""
    return "".join(
        f"<missingSet><path>{text(path)}</path>{_fault_xml(entry.ref, privilege)}</missingSet>"
        for path, privilege in withheld
    )


def _fault_xml(ref: ManagedObject, privilege: str) -> str:
    return serialize(no_permission(ref, privilege), vmodl.MethodFault, "fault")
