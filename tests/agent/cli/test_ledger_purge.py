"""`checkmeter ledger purge`, and what the other commands say afterwards."""

import json
from pathlib import Path

from tests.agent.cli.invocation import checkmeter
from tests.agent.ledger.written import write


def ledger(command: str, *more: str, folder: Path) -> tuple[int, str, str]:
    done = checkmeter("ledger", command, *more, "--storage.path", folder)
    return done.returncode, done.stdout, done.stderr


def test_a_purge_is_told_before_done_after_and_proved_by_verify(tmp_path: Path) -> None:
    write(tmp_path)
    outages = ledger("outages", "--month", "2026-10", "--json", folder=tmp_path)
    days = ("--before", "2026-10-10", "--timezone", "UTC")
    code, told, _ = ledger("purge", *days, "--dry-run", folder=tmp_path)
    assert (code, told.splitlines()[0]) == (0, "personal data of before 2026-10-10: 2 rows")
    assert ledger("verify", folder=tmp_path)[1].count("\n") == 1, "nothing was done yet"
    code, told, _ = ledger("purge", *days, folder=tmp_path)
    assert (code, told.splitlines()[-1]) == (0, "taken out: 2 rows")
    code, told, _ = ledger("verify", folder=tmp_path)
    assert code == 0
    assert "whole from 2026-10-10T00:00:00Z on: of before, the personal part of 2 rows was taken out" in told
    assert ledger("outages", "--month", "2026-10", "--json", folder=tmp_path) == outages
    _, told, _ = ledger("events", "--json", folder=tmp_path)
    first, *_, last = (json.loads(line) for line in told.splitlines())
    assert (first["purged"], first["message"], first["user"]) == (True, None, "VENDOR\\operator")
    assert (last["purged"], last["message"]) == (False, "srv-02: VmPoweredOnEvent\nsecond line")


def test_a_day_that_is_yet_to_come_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    code, _, problem = ledger("purge", "--before", "2999-01-01", folder=tmp_path)
    assert code == 2
    assert "2999-01-01 is yet to come" in problem
