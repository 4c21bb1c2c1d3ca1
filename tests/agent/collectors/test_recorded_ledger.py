"""The ledger that the agent writes of an anonymised recording adds up to the same seconds as that of the original."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.ledger.book import Book, listed, seconds_in
from agent.ledger.database import Database
from agent.ledger.recorded import vcenters
from agent.model.availability import State
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.collectors.ledgering import MovableClock, estate_of, ledgering
from tests.recorded import recording_of, replayed

_DAYS = timedelta(days=15)
_HOUR = timedelta(hours=1)


def totals(folder: Path, end: datetime) -> list[tuple[object, ...]]:
    """Of each VM the seconds in each state and its outages, by their distance to the end; names and ids aside."""
    database = Database(folder / "checkmeter.db")
    try:
        with database.reading() as connection:
            book = Book(connection, vcenters(connection)[0], end - _DAYS, end - _HOUR)
            return sorted(
                (
                    *(round(seconds_in(ledger, {state}, book.start, book.end)) for state in State),
                    *(
                        (
                            one.cause.value,
                            round((end - one.start).total_seconds()),
                            round((end - one.end).total_seconds()),
                        )
                        for one in listed(ledger)
                    ),
                )
                for _, ledger in book.ledgers()
            )
    finally:
        database.close()


@pytest.mark.timeout(120)
def test_an_anonymised_recording_gives_the_same_ledger_totals(tmp_path: Path) -> None:
    clock = MovableClock()
    folders = [tmp_path / name for name in ("original", "replay")]
    for folder in folders:
        folder.mkdir()
    with SimulatedVCenter(estate_of(clock)) as vcenter:
        end = clock.now()
        path = recording_of(vcenter, clock, tmp_path, anonymised=True)
        with ledgering(vcenter, folders[0], clock) as running:
            running.until_caught_up()
    with replayed(path, clock) as (vcenter, player):
        shift = player.shift
        with ledgering(vcenter, folders[1], clock) as running:
            running.until_caught_up()
    original, replay = totals(folders[0], end), totals(folders[1], end + shift)
    assert len(original) > 15
    assert len([one for one in original if len(one) > len(State)]) >= 3, "there are outages to compare"
    assert replay == original
