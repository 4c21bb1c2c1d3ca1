"""What is personal leaves the ledger once it is older than the configuration says, and nothing else does."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

from agent.cli.reading import Reading
from agent.collectors.retention import PersonalDataKeeper
from agent.config import Config
from agent.ledger.database import Database
from agent.ledger.purge import purged
from agent.model.event import Event
from tests.agent.ledger.written import BEGIN, EVENTS, write

LOGIN = Event(
    key=1, chain_id=1, kind="UserLoginSessionEvent", created=BEGIN, user="birgit", message="User birgit@10.9.8.7"
)


class DaysPassing:
    """A clock on which no wait takes any time, until so many days are over."""

    def __init__(self, now: datetime, days: float) -> None:
        self._now, self._end = now, now + timedelta(days=days)

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        self._now += timedelta(seconds=seconds)
        if self._now >= self._end:
            stop.set()
        return stop.is_set()


def taken(file: Path) -> int:
    database = Database(file)
    try:
        with database.reading() as connection:
            found = purged(connection)
            return found.rows if found else 0
    finally:
        database.close()


def test_what_is_personal_goes_on_the_day_on_which_it_is_too_old(tmp_path: Path) -> None:
    file = write(tmp_path, [LOGIN, *EVENTS])
    PersonalDataKeeper(file, 100, DaysPassing(BEGIN + timedelta(days=99), 0.9)).run(threading.Event())
    assert taken(file) == 0
    PersonalDataKeeper(file, 100, DaysPassing(BEGIN + timedelta(days=99), 1.2)).run(threading.Event())
    assert taken(file) == 1
    PersonalDataKeeper(file, 100, DaysPassing(BEGIN + timedelta(days=99), 300)).run(threading.Event())
    assert taken(file) == 1 + len(EVENTS)


def test_a_ledger_that_cannot_be_read_is_tried_again_within_the_hour(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "checkmeter.db"
    clock = DaysPassing(BEGIN + timedelta(days=200), 0.5)

    class Mended(DaysPassing):
        def wait(self, seconds: float, stop: threading.Event) -> bool:
            if self.now() > BEGIN + timedelta(days=200, hours=1) and not file.exists():
                file.parent.mkdir()
                write(file.parent, [LOGIN])
            return super().wait(seconds, stop)

    PersonalDataKeeper(file, 100, clock).run(threading.Event())
    PersonalDataKeeper(file, 100, Mended(BEGIN + timedelta(days=200), 0.5)).run(threading.Event())
    assert taken(file) == 1


def test_only_a_configuration_that_names_days_has_the_agent_purge(tmp_path: Path) -> None:
    vcenter = {"name": "dc1", "host": "127.0.0.1", "username": "x", "password_file": "password"}

    def threads(**more: object) -> set[str]:
        config = Config.model_validate({"vcenters": [vcenter], **more})
        return {thread.name for thread in Reading(config, DaysPassing(BEGIN, 1), tmp_path / "db").threads}

    assert threads(storage={"personal_data_days": 400}) - threads() == {"retention"}
