"""`checkmeter ledger merge`, and the other commands on what it made."""

import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.agent.cli.invocation import checkmeter
from tests.agent.ledger.pairs import DAY, Truth, write

TRUTH = Truth((10_000, 10_300, 40_000, 41_000))


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    first = write(tmp_path / "a" / "checkmeter.db", TRUTH, ((0, 30_000),))
    return first, write(tmp_path / "b" / "checkmeter.db", TRUTH, ((20_000, DAY),), lag=0.8)


def test_a_pair_that_agrees_is_merged_and_proved_with_the_heads_of_both(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    heads = [checkmeter("ledger", "verify", "--storage.path", file.parent).stdout.split()[-1] for file in pair]
    target = tmp_path / "c" / "checkmeter.db"
    target.parent.mkdir()
    done = checkmeter("ledger", "merge", *pair, "--out", target, "--timezone", "UTC")
    assert (done.returncode, done.stderr) == (0, "")
    assert "the ledgers agree" in done.stdout
    labels = [head.partition(":")[2][:12] for head in heads]
    first, second = (re.search(rf"dc1: unknown to ledger {label}: (\S+)", done.stdout) for label in labels)
    assert first is not None
    assert second is not None
    assert (first[1], second[1].rstrip(",")) != ("0", "0")
    assert "dc1: unknown to all of them: 0 s" in done.stdout
    verified = checkmeter("ledger", "verify", "--storage.path", target.parent)
    assert (verified.returncode, verified.stdout.count("whole and as its agent wrote it: head ")) == (0, 2)
    for head in heads:
        assert checkmeter("ledger", "verify", "--head", head, "--storage.path", target.parent).returncode == 0
    listed = checkmeter("ledger", "outages", "--month", "2026-10", "--json", "--storage.path", target.parent)
    outages = json.loads(listed.stdout)["outages"]
    assert [one["seconds"] for one in outages] == [300, 1000]
    assert [{piece["ledger"] for piece in one["evidence"]} for one in outages] == [{labels[0]}, {labels[1]}]
    purge = checkmeter("ledger", "purge", "--before", "2026-10-02", "--storage.path", target.parent)
    assert (purge.returncode, "nothing is taken out of a merged ledger" in purge.stderr) == (1, True)


def test_what_they_say_differently_is_one_line_each_and_fails(pair: tuple[Path, Path], tmp_path: Path) -> None:
    events = TRUTH.events(0, 12_000)
    liar = write(tmp_path / "liar.db", Truth((10_000,)), ((0, 30_000),), events=events[:1])
    done = checkmeter("ledger", "merge", pair[0], liar, "--out", tmp_path / "c.db", "--timezone", "UTC")
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if line.startswith("disagreement: ")]
    assert len(lines) == 1
    assert re.fullmatch(
        r"disagreement: dc1: srv-01: 2026-10-01 02:51:40Z for [0-9:]+: (up|down) in ledger [0-9a-f]{12} \(.*\), "
        r"(up|down) in ledger [0-9a-f]{12} \(.*\)",
        lines[0],
    )


def test_a_ledger_that_was_altered_is_not_merged(pair: tuple[Path, Path], tmp_path: Path) -> None:
    content = pair[0].read_bytes()
    pair[0].write_bytes(content.replace(b"VENDOR\\operator", b"VENDOR\\somebody", 1))
    done = checkmeter("ledger", "merge", *pair, "--out", tmp_path / "c.db")
    assert done.returncode == 1
    assert f"{pair[0]}: the ledger was altered: row" in done.stderr
    assert not (tmp_path / "c.db").exists()


def test_ledgers_of_different_vcenters_are_refused_in_one_line(pair: tuple[Path, Path], tmp_path: Path) -> None:
    other = write(tmp_path / "other.db", TRUTH, ((0, 900),), uuid="uuid-2")
    done = checkmeter("ledger", "merge", pair[0], other, "--out", tmp_path / "c.db")
    assert done.returncode == 1
    assert "have no vCenter in common (by instanceUuid)" in done.stderr


def test_a_ledger_of_a_newer_agent_is_refused(pair: tuple[Path, Path], tmp_path: Path) -> None:
    newer = tmp_path / "newer.db"
    shutil.copy(pair[0], newer)
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 1000")
    connection.close()
    done = checkmeter("ledger", "merge", pair[0], newer, "--out", tmp_path / "c.db")
    assert (done.returncode, "written by a newer checkmeter" in done.stderr) == (1, True)
