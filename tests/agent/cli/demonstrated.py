"""The demonstration's month as a folder: a ledger, a contract, and the vendor's papers, made once for all tests."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from agent.cli.demo import PASSWORD, USER, _configuration
from agent.cli.demo_month.cast import Cast, Month, month_before
from agent.cli.demo_month.papers import write_papers
from agent.cli.demo_month.reading import read_once
from agent.cli.demo_month.recording import record_month
from agent.cli.endpoints import endpoint
from agent.cli.simulation import Simulation
from agent.clock import SystemClock
from agent.config import load


class StandingClock(SystemClock):
    """The machine's clock, but it is always noon on the 24th of November 2026."""

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 12, tzinfo=UTC)


class Demonstrated(NamedTuple):
    """Where it is, and who plays which part."""

    state: Path
    contract: Path
    month: Month
    parts: Cast


@contextmanager
def demonstrated() -> Iterator[Demonstrated]:
    """Made in a folder of its own, which goes away afterwards."""
    clock = StandingClock()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Simulation(user=USER, password=PASSWORD, scenario=False).run(clock) as vcenter:
            (target,) = load(_configuration(folder, vcenter)).vcenters
            until = month_before(clock.now()).until
            inventory, told = read_once(endpoint(target), PASSWORD, clock, until)
        state = folder / "state"
        state.mkdir()
        month, past, parts = record_month(state / "checkmeter.db", "demo", inventory, told, clock.now())
        write_papers(folder / "contract", past, parts, month)
        yield Demonstrated(state, folder / "contract", month, parts)
