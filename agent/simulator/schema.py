"""What pyVmomi's type tables know of a property path: whether it exists, its type, and whether vCenter notifies of it."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from pyVmomi import VmomiSupport

from agent.dataclass import dataclass

ManagedObject = VmomiSupport.ManagedObject
DataObject = VmomiSupport.DataObject

# A change below these paths wakes no property filter (vSphere API reference: "no notification"), on any type that has them.
SILENT = (
    "summary.quickStats",
    "summary.storage",
    "summary.overallStatus",
    "summary.runtime.device",
    "summary.runtime.maxCpuUsage",
    "summary.runtime.maxMemoryUsage",
    "runtime.device",
    "runtime.maxCpuUsage",
    "runtime.maxMemoryUsage",
    "layoutEx",
    "layout",
    "storage",
)


def id_of(ref: Any) -> str:
    """The managed object id of a reference."""
    return str(ref._moId)  # noqa: SLF001 - the attribute pyVmomi itself compares references by; _GetMoId costs a call


def property_info(type_: Any, name: str) -> Any:
    """PyVmomi's description of one property of a type; AttributeError when there is none."""
    return type_._GetPropertyInfo(name)  # noqa: SLF001 - documented by pyVmomi as public despite its name


@dataclass(frozen=True, slots=True)
class Property:
    """A property path resolved against a managed object type."""

    names: tuple[str, ...]
    type: Any
    privilege: str | None

    @property
    def references(self) -> bool:
        """Whether its value is one or several references to managed objects."""
        item = self.type.Item if issubclass(self.type, list) else self.type
        return isinstance(item, type) and issubclass(item, ManagedObject)


def resolve(type_: Any, path: str) -> Property:
    """The property that `path` (dotted) names on managed object type `type_`; AttributeError when there is none."""
    return _resolved(type_, path)


@cache
def _resolved(type_: Any, path: str) -> Property:
    names = tuple(path.split("."))
    current, privilege = type_, None
    for position, name in enumerate(names):
        if not issubclass(current, ManagedObject | DataObject) or (position and issubclass(current, ManagedObject)):
            raise AttributeError(path)
        try:
            info = property_info(current, name)
        except AttributeError:
            raise AttributeError(path) from None
        if position == 0:
            privilege = getattr(info, "privId", None)
        current = info.type
    return Property(names, current, privilege)


@cache
def exists(type_: Any, path: str) -> bool:
    """Whether a managed object type has a property path."""
    try:
        resolve(type_, path)
    except AttributeError:
        return False
    return True


@cache
def property_names(type_: Any) -> tuple[str, ...]:
    """Every property of managed object type `type_`, those of its base types first."""
    return tuple(info.name for info in type_._GetPropertyList())  # noqa: SLF001 - documented by pyVmomi as public


@cache
def is_silent(path: str) -> bool:
    """Whether a change of `path` wakes no property filter."""
    return any(path == silent or path.startswith(silent + ".") for silent in SILENT)


def related(path: str, other: str) -> bool:
    """Whether one of two property paths contains the other, or both are the same."""
    return path == other or path.startswith(other + ".") or other.startswith(path + ".")


def differences(old: Any, new: Any, path: str) -> Iterator[str]:
    """The paths, as deep as data objects of equal type go, at which two values differ."""
    if old is new:
        return
    if isinstance(old, DataObject) and type(old) is type(new):
        for name, value in vars(old).items():
            yield from differences(value, getattr(new, name), f"{path}.{name}")
    elif not same(old, new):
        yield path


def same(old: Any, new: Any) -> bool:
    """Whether two property values are equal: data objects by their content, references by type and id."""
    if old is new:
        return True
    if isinstance(old, DataObject):
        return type(old) is type(new) and all(same(value, getattr(new, name)) for name, value in vars(old).items())
    if isinstance(old, ManagedObject) or isinstance(new, ManagedObject):
        # pyVmomi's own comparison fails for a reference beside anything else.
        return type(old) is type(new) and id_of(old) == id_of(new)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(same(one, other) for one, other in zip(old, new, strict=True))
    if isinstance(old, float | int | str) and isinstance(new, float | int | str):
        return isinstance(old, bool) == isinstance(new, bool) and old == new
    return bool(old == new)
