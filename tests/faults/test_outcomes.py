"""The documents promise what the tests try, and tell what came of it."""

import re
from pathlib import Path

import pytest

from tests.faults import outcomes
from tests.faults.outcomes import BROKEN, HELD, NOT_TRIED, TABLE_OF_OUTCOMES, TABLE_OF_PROMISES, generated, promises
from tests.faults.promises import FAULTS

COLUMN = re.compile(r" \| ")


def rows(page: Path) -> list[list[str]]:
    """The cells of each row below the head."""
    return [
        COLUMN.split(line.removeprefix("| ").removesuffix(" |"))
        for line in generated(page.read_text()).splitlines()[2:]
    ]


def test_operations_promises_what_is_promised_here() -> None:
    again = "write it anew: .venv/bin/python -m tests.faults.outcomes"
    assert generated(TABLE_OF_PROMISES.read_text()) == promises(), again
    promised = [[fault.name, fault.served, fault.lost, fault.recovery] for fault in FAULTS]
    assert [row[:4] for row in rows(TABLE_OF_OUTCOMES)] == promised, again


def test_every_fault_was_tried_and_its_promise_held_or_the_reason_is_said() -> None:
    for name, *_, outcome in rows(TABLE_OF_OUTCOMES):
        assert outcome.startswith((HELD, f"{NOT_TRIED}: ")), (name, outcome)
        assert BROKEN not in outcome, name


def test_every_fault_has_a_test_and_every_test_a_promise() -> None:
    texts = [file.read_text() for file in Path(__file__).parent.glob("test_*_faults.py")]
    tried = {name for text in texts for name in re.findall(r'mark\.fault\(\s*"([^"]+)"', text)}
    assert tried == {fault.name for fault in FAULTS}


PROBE = """
import pytest
from tests.tools import not_permitted

@pytest.mark.fault("disk full")
def test_holds(request):
    request.node.user_properties.append(("outcome", "3 times"))

@pytest.mark.fault("ledger corrupt")
def test_breaks():
    assert False

@pytest.mark.fault("vCenter slow")
def test_is_skipped():
    not_permitted("no vCenter here")

@pytest.fixture
def broken_at_the_end():
    yield
    raise ValueError

@pytest.mark.fault("read-only disk")
def test_breaks_at_its_end(broken_at_the_end):
    pass
"""


def test_the_run_notes_what_came_of_each_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "found", {})
    (tmp_path / "test_probe.py").write_text(PROBE)
    marker = ["-o", "markers=fault(name): a fault", "-o", "filterwarnings="]
    pytest.main(["-q", "-p", "no:cacheprovider", *marker, str(tmp_path)], plugins=[outcomes.Recorder()])
    assert outcomes.found == {
        "disk full": "held: 3 times",
        "ledger corrupt": "**broken**",
        "vCenter slow": "not tried here: no vCenter here",
        "read-only disk": "**broken**",
    }
    assert outcomes.table(outcomes.found).count("not tried here |") == len(FAULTS) - 4
