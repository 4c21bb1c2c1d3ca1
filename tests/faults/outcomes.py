"""What came of each fault in this run, and the tables of it: `python -m tests.faults.outcomes`."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.faults.promises import FAULTS

DOCS = Path(__file__).parents[2] / "docs"
TABLE_OF_OUTCOMES, TABLE_OF_PROMISES = DOCS / "faults.md", DOCS / "operations.md"
BEGIN = "<!-- written by python -m tests.faults.outcomes -->"
END = "<!-- end of the generated part -->"
HELD, BROKEN, NOT_TRIED = "held", "**broken**", "not tried here"
found: dict[str, str] = {}
"""fault -> what came of it, in this process"""


class Recorder:
    """A pytest plugin: notes the outcome of every test that is marked with a fault."""

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        marker = item.get_closest_marker("fault")
        if marker is None or (call.when != "call" and call.excinfo is None):
            return
        name = marker.args[0]
        assert name in {fault.name for fault in FAULTS}, f"{name!r} is not in tests/faults/promises.py"
        if call.excinfo is None:
            remark = dict(item.user_properties).get("outcome")
            result = f"{HELD}: {remark}" if remark else HELD
        else:
            result = (
                f"{NOT_TRIED}: {call.excinfo.value}" if call.excinfo.errisinstance(pytest.skip.Exception) else BROKEN
            )
        if not found.get(name, "").startswith(BROKEN):
            found[name] = result


def promises() -> str:
    """The rows of what is promised."""
    rows = [f"| {fault.name} | {fault.served} | {fault.lost} | {fault.recovery} |" for fault in FAULTS]
    return "\n".join(["| fault | meanwhile served | lost for ever | recovery |", "|---|---|---|---|", *rows])


def table(outcomes: Mapping[str, str]) -> str:
    """The same rows, each with what came of it."""
    head, line, *rows = promises().splitlines()
    said = [f"{row} {outcomes.get(fault.name, NOT_TRIED)} |" for row, fault in zip(rows, FAULTS, strict=True)]
    return "\n".join([f"{head} outcome |", f"{line}---|", *said])


def generated(page: str) -> str:
    """What stands between the marks."""
    return page.partition(f"{BEGIN}\n")[2].partition(f"\n{END}")[0]


def refreshed(page: str, rows: str) -> str:
    """`page` with its table made anew."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin, f"the page lacks {BEGIN}"
    assert end, f"the page lacks {END}"
    return f"{before}{BEGIN}\n{rows}\n{END}{after}"


if __name__ == "__main__":
    from tests.faults import outcomes  # the module that the plugin fills, not this one called __main__

    code = pytest.main(["-q", "tests/faults", "-p", "no:cacheprovider", "--deselect", "tests/faults/test_outcomes.py"])
    TABLE_OF_OUTCOMES.write_text(refreshed(TABLE_OF_OUTCOMES.read_text(), table(outcomes.found)))
    TABLE_OF_PROMISES.write_text(refreshed(TABLE_OF_PROMISES.read_text(), promises()))
    sys.exit(code)
