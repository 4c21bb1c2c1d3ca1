"""The table of tabs and columns in docs/inventory.md, written from the tabs themselves.

`python -m exporters.workbook.reference` prints it; a test compares.
"""

import importlib

from exporters.workbook.catalogue import TABS

BEGIN, END = "<!-- tabs: begin -->", "<!-- tabs: end -->"


def tabs_reference() -> str:
    """Markdown: what each tab has a row for, how many columns, and what is left out and why."""
    lines = ["| tab | a row is | columns |", "|---|---|---|"]
    lines += [f"| {tab.name} | {_about(tab.name)} | {len(tab.columns)} |" for tab in TABS]
    lines += ["", "What RVTools has and this has not:", "", "| tab | column | why |", "|---|---|---|"]
    lines += [f"| {tab.name} | {name} | {why} |" for tab in TABS for name, why in tab.absent.items()]
    return "\n".join(lines)


def _about(name: str) -> str:
    """The first line of the tab's module, without its name."""
    documented = importlib.import_module(f"exporters.workbook.tabs.{name.lower()}").__doc__ or ""
    return documented.partition(": ")[2].strip().replace("\n", " ").removesuffix(".")


if __name__ == "__main__":
    print(tabs_reference())  # noqa: T201 - what it is run for
