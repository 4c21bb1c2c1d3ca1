"""The search for unreachable cycles."""

import gc
from collections.abc import Iterator

import pytest

from agent.cli.garbage import OBJECTS_BEFORE_A_SEARCH, search_rarely


@pytest.fixture
def searches() -> Iterator[list[str]]:
    """One entry for each search that begins; what a test changes is put back."""
    begun: list[str] = []

    def note(phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            begun.append(phase)

    before = gc.get_threshold()
    gc.callbacks.append(note)
    yield begun
    gc.callbacks.remove(note)
    gc.set_threshold(*before)
    gc.unfreeze()


def test_reading_many_objects_does_not_make_python_search_through_them(searches: list[str]) -> None:
    gc.collect()
    search_rarely()
    searches.clear()
    kept = [[number] for number in range(OBJECTS_BEFORE_A_SEARCH // 2)]
    assert (len(kept), searches) == (OBJECTS_BEFORE_A_SEARCH // 2, [])


def test_cycles_are_found_in_the_end_all_the_same(searches: list[str]) -> None:
    search_rarely()
    searches.clear()
    kept = [[number] for number in range(2 * OBJECTS_BEFORE_A_SEARCH)]
    assert len(searches) >= len(kept) // OBJECTS_BEFORE_A_SEARCH - 1


def test_what_was_imported_is_not_searched_at_all(searches: list[str]) -> None:
    search_rarely()
    assert gc.get_freeze_count() > 0
