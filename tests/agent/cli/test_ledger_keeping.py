"""`checkmeter ledger verify`, `ledger backup` and `ledger export`."""

import csv
import hashlib
import io
import json
import re
import sqlite3
from pathlib import Path

import pytest

from agent.ledger.database import Database, LedgerUnavailable
from tests.agent.cli.invocation import ROOT, checkmeter
from tests.agent.ledger.written import EVENTS, write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path)


def change(file: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(file) as connection:
        assert connection.execute(statement, values).rowcount == 1
    connection.close()


def head_of(file: Path) -> str:
    done = checkmeter("ledger", "verify", "--storage.path", file.parent)
    assert (done.returncode, done.stderr) == (0, "")
    found = re.fullmatch(r"intact: \d+ rows; head (\d+:[0-9a-f]{64})\n", done.stdout)
    assert found is not None
    return found[1]


def seq_of(file: Path, key: int) -> int:
    with sqlite3.connect(file) as connection:
        seq = connection.execute("SELECT seq FROM events WHERE key = ?", (key,)).fetchone()[0]
    connection.close()
    return int(seq)


def test_a_byte_changed_in_the_file_is_found_and_its_row_is_named(file: Path) -> None:
    seq = seq_of(file, 4711)
    content = file.read_bytes()
    place = content.index(b"VmPoweredOffEvent")
    while content[place - 3 : place] == b"01:":  # the kind, not the same word in the message
        place = content.index(b"VmPoweredOffEvent", place + 1)
    file.write_bytes(content[:place] + b"W" + content[place + 1 :])
    done = checkmeter("ledger", "verify", "--storage.path", file.parent)
    assert done.returncode == 1
    assert f"the ledger was altered: row {seq}, in events, is not as it was written" in done.stderr


def test_a_row_that_was_taken_out_is_named(file: Path) -> None:
    seq = seq_of(file, 4715)
    change(file, "DELETE FROM events WHERE key = ?", 4715)
    done = checkmeter("ledger", "verify", "--storage.path", file.parent)
    assert done.returncode == 1
    assert f"row {seq} is missing" in done.stderr


def test_a_ledger_that_was_cut_off_and_made_to_fit_shows_against_a_head_that_was_noted(file: Path) -> None:
    head = head_of(file)
    last = seq_of(file, 5002)
    with sqlite3.connect(file) as connection:
        connection.execute("DELETE FROM events WHERE seq = ?", (last,))
        before = connection.execute("SELECT hash FROM events WHERE seq = ?", (last - 1,)).fetchone()[0]
        connection.execute("UPDATE chain_head SET seq = ?, hash = ?", (last - 1, before))
    connection.close()
    assert head_of(file) != head
    done = checkmeter("ledger", "verify", "--head", head, "--storage.path", file.parent)
    assert done.returncode == 1
    assert f"the ledger was cut off: row {last} of the noted head is missing" in done.stderr


def test_a_ledger_that_was_written_anew_shows_against_a_head_that_was_noted(file: Path, tmp_path: Path) -> None:
    head = head_of(file)
    file.unlink()
    write(tmp_path, [*EVENTS[1:], EVENTS[0]])
    done = checkmeter("ledger", "verify", "--head", head, "--storage.path", tmp_path)
    assert done.returncode == 1
    assert "the ledger was made anew" in done.stderr


def test_a_head_that_still_holds_is_accepted(file: Path) -> None:
    done = checkmeter("ledger", "verify", "--head", head_of(file), "--storage.path", file.parent)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_head_that_is_no_head_is_refused(file: Path) -> None:
    done = checkmeter("ledger", "verify", "--head", "12", "--storage.path", file.parent)
    assert done.returncode == 2
    assert "'12' is not what `ledger verify` prints" in done.stderr


def test_a_backup_is_whole_and_never_takes_the_place_of_a_file(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy" / "checkmeter.db"
    copy.parent.mkdir()
    first = checkmeter("ledger", "backup", copy, "--storage.path", file.parent)
    assert (first.returncode, first.stderr) == (0, "")
    assert head_of(copy) == head_of(file)
    second = checkmeter("ledger", "backup", copy, "--storage.path", file.parent)
    assert second.returncode == 1
    assert "exists already" in second.stderr


def test_whoever_has_the_export_can_check_every_hash_without_the_program(file: Path) -> None:
    done = checkmeter("ledger", "export", "--storage.path", file.parent)
    *rows, last = (json.loads(line) for line in done.stdout.splitlines())
    digest = bytes(32)
    for number, row in enumerate(rows, 1):
        stored, private, salt = row.pop("hash"), row.pop("private", None), row.pop("salt", None)
        if private is not None:
            assert hashlib.sha256(bytes.fromhex(salt) + private.encode()).hexdigest() == row["seal"]
        assert row["seq"] == number
        content = json.dumps([row.pop("table"), *_seq_first(row)], ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(digest + content.encode()).digest()
        assert digest.hex() == stored
    assert last == {"head": {"seq": len(rows), "hash": digest.hex()}}
    assert {row["key"] for row in rows if "key" in row} == {event.key for event in EVENTS}


def _seq_first(row: dict[str, object]) -> list[object]:
    return [row.pop("seq"), *row.values()]


def test_a_table_is_exported_with_headings_and_times_that_people_read(file: Path) -> None:
    done = checkmeter("ledger", "export", "--format", "csv", "--storage.path", file.parent)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [int(row["key"]) for row in rows] == [event.key for event in EVENTS]
    assert rows[0]["created"] == "2026-10-03T12:02:11+00:00"
    assert rows[0]["message"] == "srv-01: VmPoweredOffEvent\nsecond line"


@pytest.mark.parametrize(
    ("statement", "documented"),
    [
        ("UPDATE events SET kind = 'VmPoweredOnEvent' WHERE key = 4711", "the ledger was altered: row"),
        ("PRAGMA user_version = 1000", "written by a newer checkmeter"),
    ],
)
def test_the_documents_say_what_to_do_in_the_same_words(file: Path, statement: str, documented: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(statement)
    connection.close()
    done = checkmeter("ledger", "verify", "--storage.path", file.parent)
    assert done.returncode == 1
    assert documented in done.stderr
    assert documented in (ROOT / "docs/troubleshooting.md").read_text()


def test_a_damaged_file_is_said_to_be_one(file: Path) -> None:
    content = bytearray(file.read_bytes())
    middle = len(content) // 8192 * 4096
    content[middle : middle + 4096] = bytes(4096)
    file.write_bytes(content)
    with pytest.raises(LedgerUnavailable) as caught:
        Database(file)
    assert "is damaged" in caught.value.problem
    assert "is damaged" in (ROOT / "docs/troubleshooting.md").read_text()
