"""The agent's own decorator makes what Python's makes."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

import pytest

from agent.dataclass import dataclass

OPTIONS = (
    {"frozen": True, "slots": True, "kw_only": True},
    {"frozen": True, "slots": True},
    {"slots": True, "kw_only": True},
    {"slots": True},
    {"frozen": True, "kw_only": True},
    {"frozen": True, "slots": True, "kw_only": True, "eq": False},
)
"""All that stand in the program."""


def made(decorator: Callable[..., Any], options: dict[str, bool]) -> Any:
    """A class with a field of each sort; the same for both decorators, so that their words can be compared."""

    @decorator(**options)
    class Server:
        """One."""

        kind: ClassVar[str] = "server"
        name: str
        size: int = 4
        disks: list[str] = dataclasses.field(default_factory=list)
        password: str = dataclasses.field(default="", repr=False)
        note: str = dataclasses.field(default="", compare=False)

        def larger(self) -> Any:
            return dataclasses.replace(self, size=self.size + 1)

    return Server


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_instances_look_compare_and_copy_as_those_of_python_do(options: dict[str, bool]) -> None:
    told = []
    for decorator in (dataclass, dataclasses.dataclass):
        kind = made(decorator, options)
        one, same, other = kind(name="a", password="secret"), kind(name="a", password="secret"), kind(name="b")
        noted = dataclasses.replace(one, note="n")
        told.append(
            (
                repr(one),
                repr(noted.larger()),
                one == same,
                one == other,
                one == noted,
                one != same,
                one == "a",
                copy.copy(one) == one,
                copy.deepcopy(one).disks is one.disks,
                [(field.name, field.kw_only, field.init) for field in dataclasses.fields(kind)],
                dataclasses.asdict(one),
                kind.__match_args__,
                kind.__doc__,
                kind.kind,
                getattr(kind, "__slots__", None),
                kind.__hash__ is None,
                kind.__hash__ is object.__hash__,
            )
        )
    assert told[0] == told[1]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_what_is_wrong_is_refused_in_the_words_of_python(options: dict[str, bool]) -> None:
    def wrong(kind: Any) -> list[str]:
        words = []
        one = kind(name="a")
        for act in (
            kind,
            lambda: kind(name="a", colour="red"),
            lambda: kind("a"),
            lambda: setattr(one, "name", "b"),
            lambda: delattr(one, "name"),
        ):
            try:
                act()
            except (TypeError, AttributeError) as error:
                words.append(f"{type(error).__name__}: {error}")
            else:
                words.append("done")
        return words

    assert wrong(made(dataclass, options)) == wrong(made(dataclasses.dataclass, options))
    assert any(word != "done" for word in wrong(made(dataclass, options)))


def test_a_frozen_one_takes_no_new_attributes_either() -> None:
    one = made(dataclass, {"frozen": True, "slots": True})("a")
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'colour'"):
        one.colour = "red"


def test_the_first_instance_is_made_like_all_others() -> None:
    kind = made(dataclass, {"frozen": True, "slots": True})
    first, second = kind("a", 8, disks=["d"]), kind("a", 8, disks=["d"])
    assert first == second
    assert (first.name, first.size, first.disks, first.note) == ("a", 8, ["d"], "")
    assert kind("a").disks is not kind("a").disks


def test_equal_frozen_ones_have_the_same_hash_and_what_is_not_compared_does_not_count() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Point:
        x: int
        note: str = dataclasses.field(default="", compare=False)

    @dataclass(frozen=True, slots=True)
    class Empty:
        pass

    assert {Point(x=1, note="a"), Point(x=1, note="b"), Point(x=2)} == {Point(x=1), Point(x=2)}
    assert {Empty(), Empty()} == {Empty()}
    nan = float("nan")
    assert Point(x=nan) == Point(x=nan)  # type: ignore[arg-type]  # as Python's: tuples look for identity first


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Pickle finds it by its name."""

    host: str
    port: int = 443


def test_frozen_ones_with_slots_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Place(host="vc"))) == Place(host="vc")  # noqa: S301 - made here


def test_one_made_of_another_has_the_fields_of_both_and_compares_all_of_them() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named(Place):
        name: str

    one = Named(host="vc", name="a")
    assert repr(one).endswith("Named(host='vc', port=443, name='a')")
    assert one == Named(host="vc", name="a", port=443)
    assert one != Named(host="vc", name="b")
    assert one != Place(host="vc")
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.host = "other"  # type: ignore[misc]  # that is what is tried


def test_what_a_class_says_for_itself_stays() -> None:
    @dataclass(slots=True)
    class Own:
        x: int
        double: int = dataclasses.field(init=False)

        def __post_init__(self) -> None:
            self.double = 2 * self.x

        def __repr__(self) -> str:
            return "own"

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 7

    assert (Own(3).double, repr(Own(3)), Own(3) == 5, hash(Own(3))) == (6, "own", True, 7)


def test_a_field_that_is_not_given_is_set_after_all_others_and_by_nothing_else() -> None:
    @dataclass(slots=True)
    class Counted:
        known: set[str] = dataclasses.field(init=False, default_factory=set)

    with pytest.raises(TypeError, match=r"Counted\.known: a field that is not given has no default here"):
        Counted()


def test_a_value_worked_out_once_can_be_kept_by_a_frozen_one_without_slots() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Sheet:
        cells: tuple[int, ...]

        @cached_property
        def total(self) -> int:
            return sum(self.cells)

    sheet = Sheet(cells=(1, 2))
    assert sheet.total == sheet.total == 3


def test_one_that_holds_itself_can_be_printed() -> None:
    @dataclass(slots=True)
    class Folder:
        inside: list[Any] = dataclasses.field(default_factory=list)

    folder = Folder()
    folder.inside.append(folder)
    assert repr(folder).endswith("Folder(inside=[...])")
