"""Dataclasses that cost little to make: most of an agent's 400 are never compared, printed or even instantiated in a run.

Python's own decorator writes up to eight methods of each class as text and compiles them: 0.2 s of each start. Here
`__init__` is made when the first instance is, and the other methods are functions that all classes share. To the type
checker, to `dataclasses.fields` and `dataclasses.replace`, and to whoever uses an instance it is the same.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(**options: bool) -> Callable[[type], type]:
        """`dataclasses.dataclass` with the options `frozen`, `slots`, `kw_only` and `eq`."""
        return lambda kind: _made(kind, **options)


def _made(kind: Any, *, frozen: bool = False, slots: bool = False, kw_only: bool = False, eq: bool = True) -> Any:
    # Python itself sets `__hash__` to None where a class says how it is compared
    own = {name for name, value in vars(kind).items() if name != "__hash__" or value is not None}
    kind.__doc__ = kind.__doc__ or ""  # else the signature would be worked out to stand in its place
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(kind)
    methods: dict[str, Any] = {"__init__": _init_made_when_called(made, frozen=frozen), "__repr__": _repr}
    if eq:
        methods |= _comparing(made, frozen=frozen)
    if frozen:
        methods |= _frozen(made, slots=slots)
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _init_made_when_called(made: Any, *, frozen: bool) -> Callable[..., None]:
    def __init__(self: Any, *args: Any, **values: Any) -> None:  # noqa: N807 - it stands for that
        made.__init__ = _init(made, frozen=frozen)
        made.__init__(self, *args, **values)

    return __init__


def _init(made: Any, *, frozen: bool) -> Any:
    """The `__init__` that Python would have made: that of a class with the same fields and nothing else."""
    fields = dataclasses.fields(made)
    content = {
        "__qualname__": made.__qualname__,
        "__module__": made.__module__,
        "__doc__": "",
        "__annotations__": {one.name: one.type for one in fields},
        **{one.name: one for one in fields},
    }
    if hasattr(made, "__post_init__"):
        content["__post_init__"] = made.__post_init__
    same: Any = dataclasses.dataclass(repr=False, eq=False, frozen=frozen)(type(made.__name__, (), content))
    return same.__init__


@recursive_repr()
def _repr(self: Any) -> str:
    shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
    return f"{type(self).__qualname__}({shown})"


def _comparing(made: Any, *, frozen: bool) -> dict[str, Any]:
    names = tuple(one.name for one in dataclasses.fields(made) if one.compare)
    if len(names) > 1:
        values: Callable[[Any], tuple[Any, ...]] = attrgetter(*names)
    else:

        def values(self: Any) -> tuple[Any, ...]:
            return tuple(getattr(self, name) for name in names)

    def __eq__(self: Any, other: object) -> Any:  # noqa: N807 - it becomes that
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807 - it becomes that
        return hash(values(self))

    return {"__eq__": __eq__, "__hash__": __hash__ if frozen else None}


def _frozen(made: Any, *, slots: bool) -> dict[str, Any]:
    names = frozenset(one.name for one in dataclasses.fields(made))

    def __setattr__(self: Any, name: str, value: Any) -> None:  # noqa: N807 - it becomes that
        if type(self) is made or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(made, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:  # noqa: N807 - it becomes that
        if type(self) is made or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(made, self).__delattr__(name)

    found: dict[str, Any] = {"__setattr__": __setattr__, "__delattr__": __delattr__}
    return found | {"__getstate__": _getstate, "__setstate__": _setstate} if slots else found


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _setstate(self: Any, state: list[Any]) -> None:
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
