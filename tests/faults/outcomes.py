"""What came of each fault in this run, and the table of it: `python -m tests.faults.outcomes docs/faults.md`."""

import sys
from pathlib import Path

import pytest

from tests.faults.promises import FAULTS

BEGIN = "<!-- written by python -m tests.faults.outcomes docs/faults.md -->"
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


def table() -> str:
    """The rows, in the order of the promises."""
    lines = ["| fault | meanwhile | lost | recovery | outcome |", "|---|---|---|---|---|"]
    for fault in FAULTS:
        outcome = found.get(fault.name, NOT_TRIED)
        lines.append(f"| {fault.name} | {fault.served} | {fault.lost} | {fault.recovery} | {outcome} |")
    return "\n".join(lines)


def refreshed(page: str) -> str:
    """`page` with its table made anew."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin, f"the page lacks {BEGIN}"
    assert end, f"the page lacks {END}"
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    from tests.faults import outcomes  # the module that the plugin fills, not this one called __main__

    code = pytest.main(["-q", "tests/faults", "-p", "no:cacheprovider"])
    document = Path(sys.argv[1])
    document.write_text(outcomes.refreshed(document.read_text()))
    sys.exit(code)
