"""Bulk reads through RetrievePropertiesEx, page by page, around whatever cannot be understood."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pyVmomi import VmomiSupport, vim, vmodl

from agent.errors import Undecodable
from agent.model.inventory import Skipped
from agent.vcenter.changes import Change, Paths, Told
from agent.vcenter.element_stream import Text
from agent.vcenter.object_text import ObjectText
from agent.vcenter.soap import Stub

_Collector = vmodl.query.PropertyCollector
PAGE = 2500
"""Objects an answer may hold; vCenter may give fewer. Each page costs vCenter a call, and us the memory of its changes."""


def property_specs(paths: Paths) -> list[Any]:
    """What to read of which type; kinds with nothing to read are left out."""
    return [
        _Collector.PropertySpec(
            type=VmomiSupport.GetVmodlType(record.vsphere_type),  # type: ignore[attr-defined]  # every record has it
            all=False,
            pathSet=list(wanted),
        )
        for record, wanted in paths.items()
        if wanted
    ]


def view_spec(view: vim.view.ContainerView, root: vim.Folder, paths: Paths) -> Any:
    """Everything in `view`, and the root folder itself."""
    traversal = _Collector.TraversalSpec(name="view", path="view", skip=False, type=vim.view.ContainerView)
    return _Collector.FilterSpec(
        objectSet=[
            _Collector.ObjectSpec(obj=view, skip=True, selectSet=[traversal]),
            _Collector.ObjectSpec(obj=root, skip=False),
        ],
        propSet=property_specs(paths),
    )


def object_spec(objects: Iterable[Any], paths: Paths) -> Any:
    """Exactly these objects."""
    return _Collector.FilterSpec(
        objectSet=[_Collector.ObjectSpec(obj=item, skip=False) for item in objects], propSet=property_specs(paths)
    )


class PropertyReader:
    """Reads properties of many objects in few calls."""

    def __init__(self, stub: Stub, collector: vmodl.query.PropertyCollector) -> None:
        self._stub = stub
        self._collector = collector

    def read(self, spec: Any, paths: Paths, told: Told | None = None) -> Iterator[Change]:
        """Every object of `spec`, decoded, whole pages at a time; what is as `told` says is left out.

        Raises:
            Undecodable: a page is not well-formed; use `read_around`.
            VCenterError: the call failed.
        """
        objects = ObjectText(paths, told=told)
        for _ in self._pages(spec, objects.take, objects.text):
            yield from objects.found
            objects.found.clear()

    def read_around(self, objects: list[Any], paths: Paths) -> Iterator[Change]:
        """As `read`, by halving what cannot be read until the one property that breaks the page is found.

        A page that is not well-formed is lost as a whole; asked for in halves, all but the culprit come through.
        """
        if not objects:
            return
        try:
            yield from list(self.read(object_spec(objects, paths), paths))
        except Undecodable as error:
            if len(objects) > 1:
                middle = len(objects) // 2
                yield from self.read_around(objects[:middle], paths)
                yield from self.read_around(objects[middle:], paths)
            else:
                yield from self._read_paths_around(objects[0], paths, error)

    def objects_in(self, view: vim.view.ContainerView) -> list[Any]:
        """References to everything in a view, without any property of theirs."""
        found: list[Any] = []
        spec = _Collector.FilterSpec(
            objectSet=[_Collector.ObjectSpec(obj=view, skip=False)],
            propSet=[_Collector.PropertySpec(type=vim.view.ContainerView, all=False, pathSet=["view"])],
        )
        for item in self._raw(spec):
            for element in item:
                if element.tag.endswith("propSet"):
                    found += [_reference(child, self._stub) for child in element[1]]
        return [reference for reference in found if reference is not None]

    def value_of(self, target: Any, path: str) -> ET.Element | None:
        """The raw value of one property of one object; None if unset or refused."""
        values: list[ET.Element] = []
        spec = _Collector.FilterSpec(
            objectSet=[_Collector.ObjectSpec(obj=target, skip=False)],
            propSet=[_Collector.PropertySpec(type=type(target), all=False, pathSet=[path])],
        )
        for item in self._raw(spec):
            values += [child[1] for child in item if child.tag.endswith("propSet")]
        return values[0] if values else None

    def _read_paths_around(self, target: Any, paths: Paths, error: Undecodable) -> Iterator[Change]:
        """One object, its paths in halves; the path that breaks the page is skipped and said so."""
        record, wanted = next((pair for pair in paths.items() if _covers(pair[0], target)), (None, ()))
        if record is None:
            return
        if len(wanted) > 1:
            middle = len(wanted) // 2
            for half in (wanted[:middle], wanted[middle:]):
                yield from self.read_around([target], {record: half})
        elif wanted:
            moid = target._GetMoId()  # noqa: SLF001 - pyVmomi's accessor of the moid
            change = Change(record, moid, paths=frozenset(wanted))
            change.skipped[wanted[0]] = Skipped(
                vsphere_type=record.__name__, moid=change.moid, path=wanted[0], reason=error.problem
            )
            yield change

    def _raw(self, spec: Any) -> Iterator[list[ET.Element]]:
        """The children of every object's element."""
        found: list[list[ET.Element]] = []
        for _ in self._pages(spec, lambda element: found.append(list(element))):
            yield from found
            found.clear()

    def _pages(self, spec: Any, take: Callable[[ET.Element], None], text: Text | None = None) -> Iterator[None]:
        """Yields after each page, whose objects `take` and `text` were given by then."""
        result = self._stub.stream(
            self._collector,
            "RetrievePropertiesEx",
            [[spec], _Collector.RetrieveOptions(maxObjects=PAGE)],
            "objects",
            take,
            text=text,
        )
        while True:
            yield
            token = None if result is None else result.findtext("{urn:vim25}token")
            if not token:
                return
            result = self._stub.stream(
                self._collector, "ContinueRetrievePropertiesEx", [token], "objects", take, text=text
            )


def _covers(record: type, target: Any) -> bool:
    return isinstance(target, VmomiSupport.GetVmodlType(record.vsphere_type))  # type: ignore[attr-defined]  # every record has it


def _reference(element: ET.Element, stub: Stub) -> Any:
    """A pyVmomi reference from a ManagedObjectReference element; None for a type pyVmomi does not know."""
    try:
        kind = VmomiSupport.GetWsdlType("urn:vim25", element.get("type", ""))
    except KeyError:
        return None
    return kind(element.text or "", stub)
