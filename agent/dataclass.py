"""Dataclasses that cost little to make: most of an agent's 400 are never compared, printed or even instantiated in a run.

Python's own decorator writes up to eight methods of each class as text and compiles them: 0.15 s of each start. Here
`__init__` is made when the first instance is, and the other methods are functions that all classes share. To the type
checker, to `dataclasses.fields` and `dataclasses.replace`, and to whoever uses an instance it is the same.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

_MADE = object()
"""Stands for a value that is made anew for each instance."""

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
    methods: dict[str, Any] = {"__init__": _init_made_when_called(made, frozen=frozen, slots=slots), "__repr__": _repr}
    if eq:
        methods |= _comparing(made, frozen=frozen)
    if frozen:
        methods |= _frozen(made, slots=slots)
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _init_made_when_called(made: Any, *, frozen: bool, slots: bool) -> Callable[..., None]:
    def __init__(self: Any, *args: Any, **values: Any) -> None:  # noqa: N807 - it stands for that
        made.__init__ = _init(made, frozen=frozen, slots=slots)
        made.__init__(self, *args, **values)

    return __init__


def _init(made: Any, *, frozen: bool, slots: bool) -> Any:
    """As Python writes it, but that the fields of a frozen one are set by their slots: a third faster."""
    named: dict[str, Any] = {"__made": _MADE, "__set": object.__setattr__}
    places, lines = ["self"], []
    keywords: list[str] = []
    for one in dataclasses.fields(made):
        name = given = one.name
        if not one.init:  # `__post_init__` sets it
            if one.default is not dataclasses.MISSING or one.default_factory is not dataclasses.MISSING:
                raise TypeError(f"{made.__qualname__}.{name}: a field that is not given has no default here")
            continue
        if one.default_factory is not dataclasses.MISSING:
            named[f"__new_{name}"] = one.default_factory
            lines.append(f"if {name} is __made: {name} = __new_{name}()")
            given += "=__made"
        elif one.default is not dataclasses.MISSING:
            named[f"__default_{name}"] = one.default
            given += f"=__default_{name}"
        (keywords if one.kw_only else places).append(given)
        if frozen and slots:
            named[f"__set_{name}"] = getattr(made, name).__set__
            lines.append(f"__set_{name}(self, {name})")
        else:
            lines.append(f"__set(self, {name!r}, {name})" if frozen else f"self.{name} = {name}")
    if hasattr(made, "__post_init__"):
        lines.append("self.__post_init__()")
    parameters = ", ".join([*places, *(["*", *keywords] if keywords else [])])
    exec(f"def __init__({parameters}):\n " + "\n ".join(lines or ["pass"]), named)  # noqa: S102 - as Python's own does
    init = named["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init


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
