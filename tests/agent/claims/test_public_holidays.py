"""Public holidays: those of the library, and of one country at a time."""

import subprocess
import sys

import holidays
import pytest

from agent.claims.public_holidays import holidays_known, public_holidays

TOLD = """
import sys
from agent.claims.public_holidays import public_holidays
first = public_holidays("DK", range(2024, 2027))
print(len(first), sorted(name for name in sys.modules if name.startswith("holidays.countries")))
import holidays.countries
print(holidays.countries.Sweden.__name__, public_holidays("DK", range(2024, 2027)) == first)
"""


@pytest.mark.parametrize("country", ["DK", "DE", "SE", "GB", "USA", "HK"])
def test_they_are_what_the_library_says(country: str) -> None:
    assert public_holidays(country, range(2024, 2028)) == set(
        holidays.country_holidays(country, years=range(2024, 2028))
    )


def test_a_country_is_known_if_the_library_lists_it() -> None:
    listed = set(holidays.list_supported_countries())
    assert {code for code in (*listed, "XX", "dk", "") if holidays_known(code)} == listed


def test_one_country_is_imported_without_the_others_which_can_be_had_all_the_same() -> None:
    told = subprocess.run([sys.executable, "-c", TOLD], capture_output=True, text=True, check=True, timeout=60)
    first, later = told.stdout.splitlines()
    assert first.endswith("['holidays.countries.denmark']")
    assert int(first.split()[0]) > 20
    assert later == "Sweden True"
