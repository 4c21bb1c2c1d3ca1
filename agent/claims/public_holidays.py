"""Public holidays of a country, by the library of all of them."""

import contextlib
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import holidays
from holidays.registry import EntityLoader

_COUNTRIES = "holidays.countries"


def public_holidays(country: str, years: Iterable[int]) -> frozenset[date]:
    """All days of these years on which a country has one; `country` is a code that is known."""
    with _one_country_alone():
        return frozenset(holidays.country_holidays(country, years=years))


def holidays_known(country: str) -> bool:
    """Whether the holidays of a country are known, by its ISO code.

    Asked of the library's register of names: its list of countries imports every one of them.
    """
    return country in EntityLoader.get_country_codes()


@contextlib.contextmanager
def _one_country_alone() -> Iterator[None]:
    """Import a country without the 249 others, which its package imports with it: 8 MB, and 0.3 s of CPU."""
    if _COUNTRIES in sys.modules:
        yield
        return
    empty = ModuleType(_COUNTRIES)
    empty.__path__ = [str(Path(holidays.__file__).with_name("countries"))]
    sys.modules[_COUNTRIES] = empty
    try:
        yield
    finally:
        del sys.modules[_COUNTRIES]
