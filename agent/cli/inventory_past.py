"""The inventory of a past day, out of the ledger."""

from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from agent import __version__
from agent.cli.days import end_of
from agent.cli.ledger_file import local_zone, opened
from agent.cli.ledger_selection import chosen_vcenters
from agent.clock import Clock
from agent.errors import AgentError
from agent.ledger.database import Connection
from agent.ledger.fact_book import days_kept, inventory_at
from agent.ledger.recorded import Known
from agent.model.inventory import Inventory
from agent.model.labelling import Labelling, kept_tags
from agent.model.world import CollectorStatus, Target, World
from exporters.workbook.catalogue import workbook
from exporters.workbook.downloads import Download, download, file_name, tab_file


class PastDay(NamedTuple):
    """A day, by the clocks of a place."""

    day: date
    zone: tzinfo | None
    """None: the machine's"""


def from_ledger(
    storage_path: Path, past: PastDay, name: str | None, form: str, *, tab: str | None, clock: Clock
) -> Download:
    """The inventory as it stood at the end of the day, of all vCenters of the ledger or the one of this name.

    Raises:
        AgentError: there is no ledger, or nothing was kept of that day.
        BadParameter: the ledger has no such vCenter.
    """
    now = clock.now()
    at = end_of(past.day, past.zone or local_zone(now), now)
    with opened(storage_path) as database, database.reading() as connection:
        chosen = chosen_vcenters(connection, name)
        found = {known.name: inventory_at(connection, known.seq, at) for known in chosen}
        if not any(found.values()):
            raise nothing_kept(connection, chosen[0], past.day)
    targets = {name: _target(name, inventory, at) for name, inventory in found.items() if inventory is not None}
    sheets = workbook(World(version=__version__, started_at=at, targets=targets), at)
    if tab is not None:
        return tab_file(sheets, tab)
    named = file_name(datetime(past.day.year, past.day.month, past.day.day, tzinfo=UTC), form)
    return download(sheets, at, form)._replace(name=named)


def nothing_kept(connection: Connection, known: Known, day: date) -> AgentError:
    """What to say where the ledger has no inventory of a day."""
    kept = days_kept(connection, known.seq)
    since = "nothing of it was ever kept" if kept is None else f"it is kept from {kept[0]:%Y-%m-%d} on"
    return AgentError(f"{known.name}: no inventory of {day}", cure=since)


def _target(name: str, inventory: Inventory, at: datetime) -> Target:
    """As if it was read at that moment; the ledger does not keep a vCenter's address."""
    read = CollectorStatus(interval_s=60, runs=1, last_success=at)
    return Target(
        name=name,
        address=name,
        up=True,
        inventory=inventory,
        collectors={"inventory": read},
        labelling=Labelling(tags=kept_tags(inventory)),
    )
