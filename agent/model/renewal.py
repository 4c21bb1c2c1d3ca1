"""A large frozen record with a few new values, in a tenth of the time that `dataclasses.replace` takes.

Python makes a frozen object by one call for each field: 25 microseconds for the 152 of a VirtualMachine, and twice a minute
all of them get new figures. Here the copy is an object of a twin class, the same but not frozen, until it is done.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def renewed(record: T, values: Mapping[str, Any]) -> T:
    """`record`, a frozen dataclass with slots and no more than fields, with these values in place of its own."""
    kind: Any = type(record)
    copy: Any = _copier(kind)(record)
    for name, value in values.items():
        setattr(copy, name, value)
    copy.__class__ = kind  # Python allows it where both have the same slots
    frozen: T = copy
    return frozen


@cache
def _copier(kind: Any) -> Callable[[Any], Any]:
    """Makes an object of the twin of `kind` with the same values: written out field by field, it is a tenth of a loop."""
    twin = type(f"{kind.__name__}InTheMaking", (), {"__slots__": kind.__slots__})
    lines = [f"    copy.{one.name} = record.{one.name}\n" for one in fields(kind)]
    made: dict[str, Any] = {"new": object.__new__, "twin": twin}
    exec(f"def copied(record):\n    copy = new(twin)\n{''.join(lines)}    return copy\n", made)  # noqa: S102 - of names of our own fields alone
    copied: Callable[[Any], Any] = made["copied"]
    return copied
