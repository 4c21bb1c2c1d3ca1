"""Past days of the inventory, and what became of it between two, as a user asks."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.ledger.database import Database
from agent.ledger.facts import FactWriter
from agent.ledger.store import COVERED, LedgerStore, Stretch
from agent.model.event import Event
from agent.model.labelling import with_tags
from agent.model.tag_pair import TagPair
from tests.agent.cli.invocation import checkmeter
from tests.worlds import INVENTORY

FIRST = datetime(2026, 10, 1, 12, tzinfo=UTC)
RESIZED_AT = FIRST + timedelta(days=9, hours=2)
BIG = INVENTORY.vms["vm-101"]
LARGER = with_tags(
    replace(INVENTORY, vms={**INVENTORY.vms, "vm-101": replace(BIG, cpus=12)}),
    {"vm-101": (TagPair(category="Tier", tag="gold"),)},
)
SILVER = with_tags(LARGER, {"vm-101": (TagPair(category="Tier", tag="silver"),)})


@pytest.fixture
def state(tmp_path: Path) -> Path:
    database = Database(tmp_path / "checkmeter.db")
    store = LedgerStore(database)
    vcenter = store.vcenter("uuid-1", "dc1", FIRST)
    writer = FactWriter(database, vcenter)
    writer.keep(INVENTORY, FIRST, FIRST)
    writer.keep(LARGER, RESIZED_AT, RESIZED_AT)
    writer.keep(SILVER, RESIZED_AT + timedelta(days=30), RESIZED_AT)
    event = Event(
        key=4711, chain_id=4711, kind="VmReconfiguredEvent", created=RESIZED_AT, user="VENDOR\\operator", vm="vm-101",
        fields={"configSpec.numCPUs": "12"},
    )  # fmt: skip
    store.record_events(vcenter, [event], (), Stretch(kind=COVERED, start=FIRST, end=RESIZED_AT), RESIZED_AT)
    database.close()
    return tmp_path


def cpus(state: Path, day: str) -> str:
    done = checkmeter(
        "inventory", "--day", day, "--timezone", "UTC", "--storage.path", state, "--format", "csv", "--tab", "vInfo",
        "--output", "-",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    header, *rows = csv.reader(io.StringIO(done.stdout.removeprefix("\ufeff"), newline=""))
    return next(
        row["CPUs"] for row in (dict(zip(header, row, strict=True)) for row in rows) if row["VM"] == "skole-db01"
    )


def test_a_past_day_is_written_as_it_stood_at_its_end(state: Path) -> None:
    assert [cpus(state, day) for day in ("2026-10-01", "2026-10-09", "2026-10-10", "2026-10-31")] == [
        "8",
        "8",
        "12",
        "12",
    ]


def test_the_file_of_a_past_day_has_its_date(state: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    done = checkmeter("inventory", "--day", "2026-10-09", "--storage.path", state, cwd=here)
    assert (done.returncode, done.stderr) == (0, "")
    assert [file.name for file in here.iterdir()] == ["checkmeter-inventory-2026-10-09.xlsx"]


def test_the_difference_of_two_days_says_what_and_by_whom(state: Path) -> None:
    done = checkmeter("inventory", "diff", "2026-10-01", "2026-10-31", "--timezone", "UTC", "--storage.path", state)
    assert done.stdout.splitlines() == [
        "dc1: 1 change from 2026-10-01 23:59:59Z to 2026-10-31 23:59:59Z",
        (
            r"  resized  VM skole-db01: vCPUs 8 -> 12; by VENDOR\operator "
            "(VmReconfiguredEvent 4711 at 2026-10-10 14:00:00Z)"
        ),
    ]


def test_a_past_day_has_the_tags_that_were_kept_and_a_change_of_one_is_a_difference(state: Path) -> None:
    done = checkmeter(
        "inventory", "--day", "2026-10-31", "--storage.path", state, "--format", "csv", "--tab", "vInfo", "--output", "-"
    )  # fmt: skip
    header, *rows = csv.reader(io.StringIO(done.stdout.removeprefix("\ufeff"), newline=""))
    assert [row[header.index("Tier (tag)")] for row in rows if row[0] == "skole-db01"] == ["gold"]
    done = checkmeter("inventory", "diff", "2026-10-31", "2026-11-10", "--timezone", "UTC", "--storage.path", state)
    assert done.stdout.splitlines()[1:] == [
        "  changed  VM skole-db01: tags Tier:gold -> Tier:silver; no event tells who"
    ]


def test_the_difference_as_json_has_the_events(state: Path) -> None:
    done = checkmeter(
        "inventory", "diff", "2026-10-01", "2026-10-31", "--timezone", "UTC", "--storage.path", state, "--json"
    )  # fmt: skip
    (change,) = json.loads(done.stdout)["changes"]
    assert (change["difference"], change["what"], change["before"], change["after"]) == ("resized", "vCPUs", 8, 12)
    assert change["by"] == ["VENDOR\\operator"]
    assert [one["key"] for one in change["events"]] == [4711]


def test_days_between_which_nothing_happened_have_no_difference(state: Path) -> None:
    done = checkmeter("inventory", "diff", "2026-10-02", "2026-10-03", "--timezone", "UTC", "--storage.path", state)
    assert done.stdout == "dc1: 0 changes from 2026-10-02 23:59:59Z to 2026-10-03 23:59:59Z\n"


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (("diff", "2026-09-01", "2026-10-31"), 1, "dc1: no inventory of 2026-09-01\n  it is kept from 2026-10-01 on"),
        (("--day", "2026-09-01"), 1, "dc1: no inventory of 2026-09-01\n  it is kept from 2026-10-01 on"),
        (("diff", "2026-10-31", "2026-10-31"), 2, "2026-10-31 is not before 2026-10-31"),
        (("diff", "yesterday", "2026-10-31"), 2, "'yesterday' is no day, such as 2026-10-31"),
        (("diff", "2026-02-30", "2026-10-31"), 2, "'2026-02-30' is no day"),
        (("--day", "2026-10-01", "--vcenter", "dc9"), 2, "no vCenter 'dc9' in the ledger; it has dc1"),
    ],
)
def test_what_cannot_be_told_of_the_past_is_said(
    state: Path, arguments: tuple[str, ...], code: int, problem: str
) -> None:
    done = checkmeter("inventory", *arguments, "--storage.path", state)
    assert done.returncode == code
    assert problem in done.stderr
