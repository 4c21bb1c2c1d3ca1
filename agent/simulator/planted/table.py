"""What a planted fault is, and how it is written down."""

from collections.abc import Callable, Collection, Iterator
from types import ModuleType
from typing import Any

from agent.dataclass import dataclass
from agent.simulator.estate.copies import vary
from agent.simulator.objects import Estate

Alter = Callable[[Estate], Iterator[str]]
"""Alters the estate and yields the ids of the objects that the check must then find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A fault for one check.

    Plants of the same round are planted together, so that one reading shows them all; one that would hide or cause
    others has a round of its own. `causes` are other checks that find the consequences of this fault, rightly; `hides`
    says that findings on the same objects are not seen any more, `silences` are checks that cannot find anything now.
    """

    check: str
    alter: Alter
    round: int
    causes: Collection[str]
    hides: bool
    silences: Collection[str]


def plant(
    check: str, *, round_: int = 0, causes: Collection[str] = (), hides: bool = False, silences: Collection[str] = ()
) -> Callable[[Alter], Plant]:
    """Make a plant of a function that alters the estate."""

    def make(alter: Alter) -> Plant:
        return Plant(
            check=check,
            alter=alter,
            round=round_,
            causes=frozenset(causes),
            hides=hides,
            silences=frozenset(silences),
        )

    return make


def plants_in(module: ModuleType) -> Iterator[Plant]:
    """The plants of a module, in the order in which they stand there."""
    return (value for value in vars(module).values() if isinstance(value, Plant))


def alter_item(estate: Estate, moid: str, path: str, wanted: Callable[[Any], bool], **changes: Any) -> None:
    """Change the items of a list property for which `wanted` holds.

    Raises:
        LookupError: there is none, so that nothing would have been planted.
    """
    items = estate.get(moid, path)
    if not any(wanted(item) for item in items):
        raise LookupError(f"{moid} has no such item in {path}")
    estate.set(moid, path, [vary(item, **changes) if wanted(item) else item for item in items])


def set_in(estate: Estate, moid: str, path: str, **changes: Any) -> None:
    """Change parts of the data object at a path, whatever its subtype is."""
    estate.set(moid, path, vary(estate.get(moid, path), **changes))


def set_option(estate: Estate, host: str, key: str, value: Any) -> None:
    """Change an advanced setting of a host."""
    alter_item(estate, host, "config.option", lambda one: one.key == key, value=value)


def set_service(estate: Estate, host: str, key: str, **changes: Any) -> None:
    """Change a service of a host."""
    alter_item(estate, host, "config.service.service", lambda one: one.key == key, **changes)
