"""Which families have to be written again: those that read a field in which the record of any object changed."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from exporters.prometheus.family import Family
from exporters.prometheus.section import Subject


def changed_families(
    families: tuple[Family[Any], ...], before: Iterable[Subject[Any]], after: Iterable[Subject[Any]]
) -> frozenset[int]:
    """Their places. `before` and `after` are the same objects in the same order, with other records or the same ones.

    A field that was found changed is not looked at again: a reading changes the same ones of nearly every object.
    """
    pairs = [(old.record, new.record) for old, new in zip(before, after, strict=True) if old.record is not new.record]
    changed: set[int] = set()
    of_all = [index for index, family in enumerate(families) if family.reads is None]
    if of_all and any(old != new for old, new in pairs):
        changed.update(of_all)
    left = sorted(frozenset(name for family in families for name in family.reads or ()))
    read = _reader(left)
    found: set[str] = set()
    for old, new in pairs:
        if not left:
            break
        if type(old) is not type(new):
            return frozenset(range(len(families)))
        values = read(old), read(new)
        if values[0] != values[1]:
            found.update(name for name, one, other in zip(left, *values, strict=True) if one != other)
            left = [name for name in left if name not in found]
            read = _reader(left)
    changed.update(i for i, one in enumerate(families) if one.reads is not None and not one.reads.isdisjoint(found))
    return frozenset(changed)


def _reader(names: list[str]) -> Callable[[object], tuple[Any, ...]]:
    """Reads these fields all at once, three times as fast as one by one."""
    if len(names) == 1:
        return lambda record: (getattr(record, names[0]),)
    return attrgetter(*names) if names else lambda _: ()
