"""Filtering, sorting and cutting on the server."""

from typing import NamedTuple

import pytest

from exporters.status_page.columns import count, flag, load, loads, text, words
from exporters.status_page.table import ABSENT, MAX_ROWS, Asked, Layout, Level, Table, fill
from exporters.status_page.wording import size_text


class Pet(NamedTuple):
    name: str | None
    legs: int | None
    tame: bool | None = None
    state: str | None = None


LAYOUT: Layout[Pet] = Layout(
    key="pet",
    title="Pets",
    columns=(
        text("name", "Name", lambda pet: pet.name),
        count("legs", "Legs", lambda pet: pet.legs),
        flag("tame", "Tame", lambda pet: pet.tame, alerting=False),
        words("state", "State", lambda pet: pet.state, {"a": ("awake", Level.OK)}),
        loads("full", "Full", lambda pet: load(pet.legs, 4, size_text)),
    ),
    order="name",
    empty="No pets.",
    stale=lambda _: False,
)
PETS = [Pet("Spider", 8), Pet("cat10", 4), Pet("Cat9", 4), Pet("Snake", 0), Pet("Thing", None), Pet(None, 3)]


def filled(query: str = "", pets: list[Pet] | None = None) -> Table:
    return fill(LAYOUT, PETS if pets is None else pets, Asked.parse(query, ["pet", "owner"]))


def names(table: Table) -> list[str]:
    return [row.cells[0].text for row in table.rows]


def test_rows_are_sorted_by_the_first_choice_of_the_layout() -> None:
    assert names(filled()) == ["Cat9", "cat10", "Snake", "Spider", "Thing", "–"]  # noqa: RUF001 - the page's own dash


def test_what_vcenter_did_not_say_sorts_last_in_either_direction() -> None:
    assert names(filled("pet_sort=legs"))[0] == "Snake"
    assert names(filled("pet_sort=-legs"))[0] == "Spider"
    assert names(filled("pet_sort=legs"))[-1] == "Thing"
    assert names(filled("pet_sort=-legs"))[-1] == "Thing"


def test_a_column_that_does_not_exist_leaves_the_usual_order() -> None:
    assert names(filled("pet_sort=-colour")) == names(filled())


def test_an_absent_value_is_a_dash_with_its_meaning_and_never_a_zero() -> None:
    thing, snake = (next(row for row in filled().rows if row.cells[0].text == name) for name in ("Thing", "Snake"))
    assert thing.cells[1] == ABSENT
    assert ABSENT.title == "vCenter did not say"
    assert snake.cells[1].text == "0"


def test_the_filter_finds_any_text_column_regardless_of_case() -> None:
    table = filled("pet=CAT")
    assert names(table) == ["Cat9", "cat10"]
    assert (table.matching, table.total, table.hidden) == (2, 6, 0)
    assert names(filled("pet=awake", [Pet("Fox", 4, state="a"), Pet("Owl", 2)])) == ["Fox"]


def test_a_large_table_is_cut_and_says_by_how_much() -> None:
    table = filled("", [Pet(f"ant{number}", 6) for number in range(5000)])
    assert len(table.rows) == MAX_ROWS
    assert table.hidden == 5000 - MAX_ROWS
    assert filled("pet=ant4999", [Pet(f"ant{number}", 6) for number in range(5000)]).hidden == 0


def test_the_heading_of_the_sorted_column_turns_the_order_round() -> None:
    by_name, by_legs = filled().headings[:2]
    assert (by_name.aria_sort, by_name.href) == ("ascending", "?pet_sort=-name#pet")
    assert (by_legs.aria_sort, by_legs.href) == ("none", "?pet_sort=-legs#pet"), "numbers start with the largest"
    assert filled("pet_sort=-legs").headings[1].href == "?pet_sort=legs#pet"


def test_links_and_forms_keep_what_was_asked_of_other_tables() -> None:
    table = filled("owner=Kim+%26+Bo&pet=cat&pet_sort=-legs")
    assert table.headings[0].href == "?owner=Kim+%26+Bo&pet=cat&pet_sort=name#pet"
    assert table.kept == (("owner", "Kim & Bo"), ("pet_sort", "-legs"))
    assert table.unfiltered == "?owner=Kim+%26+Bo&pet_sort=-legs#pet"


@pytest.mark.parametrize("query", ["evil=1", "pet=%20", "&".join(f"pet={number}" for number in range(99)), "%ff%fe"])
def test_a_strange_query_string_asks_for_nothing(query: str) -> None:
    assert filled(query).matching == len(PETS)


def test_a_word_we_do_not_know_is_shown_as_it_came_and_marked_unknown() -> None:
    fox, owl = filled("", [Pet("Fox", 4, state="a"), Pet("Owl", 2, state="hunting")]).rows
    assert (fox.cells[3].text, fox.cells[3].title, fox.cells[3].level) == ("awake", "a", Level.OK)
    assert (owl.cells[3].text, owl.cells[3].title, owl.cells[3].level) == ("hunting", "", Level.UNKNOWN)


def test_only_the_alerting_answer_is_marked() -> None:
    wild, tame = filled("pet_sort=tame", [Pet("Fox", 4, tame=False), Pet("Dog", 4, tame=True)]).rows
    assert (wild.cells[2].text, wild.cells[2].level) == ("no", Level.WARNING)
    assert (tame.cells[2].text, tame.cells[2].level) == ("yes", None)


@pytest.mark.parametrize(("legs", "level"), [(2, None), (3.6, Level.WARNING), (3.9, Level.BAD), (9, Level.BAD)])
def test_bars_are_marked_as_they_fill_and_never_overflow(legs: int, level: Level | None) -> None:
    cell = filled("", [Pet("Fox", legs)]).rows[0].cells[4]
    assert cell.level == level
    assert cell.ratio == min(legs / 4, 1)
