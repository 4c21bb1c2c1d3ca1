"""Property filters and their updates, with vCenter's version semantics.

A version names a state the client has seen. A complete one may be used again (a client that lost the answer asks once
more); a truncated one only once; one of an earlier start of vCenter, or one superseded, is InvalidCollectorVersion.
"""

from dataclasses import field
from typing import Any, Literal

from pyVmomi import vim, vmodl

from agent.dataclass import dataclass
from agent.simulator.access import not_found
from agent.simulator.call import Call
from agent.simulator.content import Content, missing_xml, wanted_paths
from agent.simulator.objects import Entry
from agent.simulator.schema import id_of
from agent.simulator.selection import select
from agent.simulator.soap import RawXml, reference, text

# vCenter's own limit where WaitOptions.maxObjectUpdates is unset (noted in govmomi's property collector).
DEFAULT_MAX_OBJECT_UPDATES = 100


@dataclass(slots=True)
class Filter:
    """A property filter: its spec and the objects it selected when the inventory last changed shape."""

    ref: Any
    spec: Any
    collector: "Collector"
    paths: dict[Any, tuple[str, ...] | None] = field(default_factory=dict)
    _selected: dict[str, Entry] = field(default_factory=dict)
    _key: tuple[int, int] | None = None

    def objects(self, call: Call) -> dict[str, Entry]:
        """The selected objects for which there is a property spec, by id; the same dict while nothing changed shape."""
        key = (call.estate.structure, call.session.structure)
        if key != self._key:
            chosen = {one.moid: one for one in select(call.server, call.session, self.spec) if self.wanted(one.type)}
            # The same dict says to `Collector` that membership is unchanged.
            if list(chosen.values()) != list(self._selected.values()):
                self._selected = chosen
            self._key = key
        return self._selected

    def wanted(self, type_: Any) -> tuple[str, ...] | None:
        """The paths this filter reports for objects of a type."""
        if type_ not in self.paths:
            self.paths[type_] = wanted_paths(self.spec, type_)
        return self.paths[type_]


@dataclass(frozen=True, slots=True)
class Item:
    """One object update that is due."""

    filter: Filter
    entry: Entry
    kind: Literal["enter", "modify", "leave"]
    paths: tuple[str, ...]


@dataclass(slots=True)
class State:
    """What a client that holds a version has seen: everything up to `revision`, except the backlog."""

    revision: int
    known: dict[str, dict[str, Entry]]
    backlog: list[Item] = field(default_factory=list)


class Collector:
    """What a property collector remembers."""

    def __init__(self) -> None:
        self.filters: dict[str, Filter] = {}
        self._states: dict[str, State] = {}
        self._serial = 0
        self._cancels = 0
        self._destroyed = False

    def cancel(self, *, destroy: bool = False) -> None:
        """End the waits under way with RequestCanceled. Hold the estate's lock and notify it."""
        self._cancels += 1
        self._destroyed = self._destroyed or destroy

    def updates(self, call: Call, version: str | None, seconds: float | None, limit: int | None) -> RawXml | None:
        """The update set after `version` as `<returnval>`; None when nothing changed within `seconds` (None: no end).

        InvalidCollectorVersion, RequestCanceled, NotAuthenticated (the session ended during the wait).
        """
        with call.estate.lock:
            state = self._state(call, version or "")
            items, after = state.backlog, State(state.revision, state.known)
            if not items:
                cancels = self._cancels

                def ready() -> bool:
                    nonlocal items, after
                    if call.session.closed:
                        raise vim.fault.NotAuthenticated(
                            msg="The session is not authenticated.", object=call.this.ref, privilegeId="System.View"
                        )
                    if self._destroyed:
                        raise not_found(call.this.ref)
                    if self._cancels != cancels:
                        raise vmodl.fault.RequestCanceled(msg="The task was canceled by a user.")
                    items, after = self._compare(call, state)
                    if not items:
                        # Nothing for these filters in between: the next look starts here.
                        state.revision = after.revision
                    return bool(items)

                call.estate.lock.wait_for(ready, seconds)
                if not items:
                    return None
            due = items if limit is None else items[:limit]
            after.backlog = items[len(due) :]
            new_version = self._remember(call, version or "", state, after)
        return self._render(call, new_version, due, truncated=bool(after.backlog))

    def _state(self, call: Call, version: str) -> State:
        if not version:
            return State(-1, {})
        state = self._states.get(version)
        if state is None or not version.startswith(call.server.boot + "."):
            raise vmodl.query.InvalidCollectorVersion(msg="The collector version is invalid.")
        return state

    def _remember(self, call: Call, old: str, state: State, new: State) -> str:
        self._serial += 1
        version = f"{call.server.boot}.{call.estate.version}.{self._serial}"
        self._states = {version: new}
        if old and not state.backlog:
            self._states[old] = state
        return version

    def _compare(self, call: Call, state: State) -> tuple[list[Item], State]:
        revision = call.estate.version
        known: dict[str, dict[str, Entry]] = {}
        left: list[Item] = []
        entered: list[Item] = []
        modified: list[Item] = []
        changed = list(call.estate.changed_since(state.revision)) if state.known else []
        for moid, one in self.filters.items():
            before, here = state.known.get(moid, {}), one.objects(call)
            known[moid] = here
            if before is not here:
                left += [Item(one, entry, "leave", ()) for key, entry in before.items() if here.get(key) is not entry]
                entered += [
                    Item(one, entry, "enter", one.wanted(entry.type) or ())
                    for key, entry in here.items()
                    if before.get(key) is not entry
                ]
            for entry in changed:
                if before.get(entry.moid) is entry and here.get(entry.moid) is entry:
                    paths = entry.touched_since(state.revision, one.wanted(entry.type) or ())
                    if paths:
                        modified.append(Item(one, entry, "modify", tuple(paths)))
        return [*left, *entered, *modified], State(revision, known)

    @staticmethod
    def _render(call: Call, version: str, items: list[Item], *, truncated: bool) -> RawXml:
        content = Content(call.server, call.session)
        by_filter: dict[str, list[str]] = {}
        refs: dict[str, Any] = {}
        for item in items:
            moid = id_of(item.filter.ref)
            refs[moid] = item.filter.ref
            found, withheld = content.read(item.entry, item.paths)
            values = dict(found)
            # A property that became unset is assigned nothing; one that never was set is not in a first report.
            absent = {path for path, _ in withheld} | set(values)
            unset = [path for path in item.paths if path not in absent] if item.kind == "modify" else []
            changes = "".join(
                f"<changeSet><name>{text(path)}</name><op>assign</op>{values.get(path, '')}</changeSet>"
                for path in [*values, *unset]
            )
            by_filter.setdefault(moid, []).append(
                f"<objectSet><kind>{item.kind}</kind>{reference(item.entry.ref)}{changes}"
                f"{missing_xml(item.entry, withheld)}</objectSet>"
            )
        sets = "".join(
            f"<filterSet>{reference(refs[moid], 'filter')}{''.join(objects)}</filterSet>"
            for moid, objects in by_filter.items()
        )
        ending = "<truncated>true</truncated>" if truncated else ""
        return RawXml(f"<returnval><version>{version}</version>{sets}{ending}</returnval>")
