"""Where the inventory stands on the web. Apart from what makes it, which is only loaded when it is asked for."""

from collections.abc import Mapping

SUFFIXES: Mapping[str, str] = {"xlsx": ".xlsx", "csv": ".csv.zip", "json": ".json"}
"""Format of the whole workbook -> end of its file's name."""
FORMATS = tuple(SUFFIXES)
PATHS: Mapping[str, str] = {f"/inventory{suffix}": form for form, suffix in SUFFIXES.items()}
"""Web path -> format of the whole workbook."""
TABS = "/inventory/"
"""Below it stands each tab, as CSV."""


def tab_path(name: str) -> str:
    """Where a tab stands on the web."""
    return f"{TABS}{name}.csv"
