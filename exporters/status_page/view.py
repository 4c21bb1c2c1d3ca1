"""The status page as data: a pure function of the world, the time and what the query string asks."""

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from agent.dataclass import dataclass
from agent.model.world import World
from exporters.status_page.alarms import alarm_layout, alarm_rows
from exporters.status_page.blind_spots import gap_layout, gaps, puzzle_layout, puzzles
from exporters.status_page.claims import claim_layout, claim_rows
from exporters.status_page.connections import Connection, connections
from exporters.status_page.datastores import datastore_layout, datastore_rows
from exporters.status_page.findings import finding_layout, finding_rows, gap_rows, unjudged_layout
from exporters.status_page.hosts import host_layout, host_rows
from exporters.status_page.outages import outage_layout, outage_rows
from exporters.status_page.seen import Seen, current, seen
from exporters.status_page.table import Asked, Layout, Table, fill
from exporters.status_page.tiles import Tile, tiles
from exporters.status_page.troubles import trouble_layout, troubles
from exporters.status_page.verdict import Verdict, verdict
from exporters.status_page.virtual_machines import vm_layout, vm_rows
from exporters.status_page.wording import age_text, duration_text, iso

TABLES = ("problem", "claim", "finding", "outage", "host", "datastore", "alarm", "vm", "gap", "unjudged", "skipped")

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """All that the page prints, in its order."""

    verdict: Verdict
    freshness: str
    tiles: tuple[Tile, ...]
    connections: tuple[Connection, ...]
    tables: tuple[Table, ...]
    blind_spots: tuple[Table, ...]
    version: str
    uptime: str
    generated_at: str


def view(world: World, now: datetime, query: str = "") -> StatusView:
    """What to show at `now`. `query` is the URL's query string, e.g. `vm=erp&vm_sort=-memory`."""
    asked = Asked.parse(query, TABLES)
    sources = seen(world, now)
    links = connections(world, now)
    present = tuple(source for source in sources if not source.stale)
    hosts, datastores, vms = host_rows(sources), datastore_rows(sources), vm_rows(sources)
    alarms, found = alarm_rows(sources), troubles(sources)

    def table(layout: Layout[Row], rows: list[Row]) -> Table:
        several = layout if len(world.targets) > 1 else _of_one_vcenter(layout)
        return fill(replace(several, empty=_empty(layout.empty, links, present)), rows, asked)

    layout = outage_layout(world, now)
    outages = fill(layout if len(world.targets) > 1 else _of_one_vcenter(layout), outage_rows(world), asked)
    return StatusView(
        verdict=verdict(links, present, current(found), current(alarms)),
        freshness=_freshness(sources, now),
        tiles=tiles(
            present,
            len(links) - len(present),
            hosts=current(hosts),
            vms=current(vms),
            datastores=current(datastores),
            alarms=current(alarms),
        ),
        connections=links,
        tables=(
            table(trouble_layout(), found),
            outages,
            *((fill(claim_layout(world), claim_rows(world), asked),) if world.claims is not None else ()),
            table(host_layout(now), hosts),
            table(datastore_layout(), datastores),
            table(alarm_layout(now), alarms),
            # long lists last: what is down must not be pushed off the screen by what could be better
            table(finding_layout(world, now), finding_rows(world, now)),
            table(vm_layout(), vms),
        ),
        blind_spots=(
            table(gap_layout(), gaps(sources)),
            table(unjudged_layout(world), gap_rows(world, now)),
            table(puzzle_layout(), puzzles(sources)),
        ),
        version=world.version,
        uptime=duration_text((now - world.started_at).total_seconds()),
        generated_at=iso(now),
    )


def _of_one_vcenter(layout: Layout[Row]) -> Layout[Row]:
    """Saying the only vCenter's name on every row says nothing."""
    return replace(layout, columns=tuple(column for column in layout.columns if column.key != "vcenter"))


def _empty(well: str, links: tuple[Connection, ...], present: tuple[Seen, ...]) -> str:
    """An empty table is good news only where everything is read."""
    if len(present) == len(links):
        return well
    return "None in what can be read." if present else "Not known: nothing can be read."


def _freshness(sources: tuple[Seen, ...], now: datetime) -> str:
    """How old the oldest of what is shown is."""
    if not sources:
        return "Nothing was read yet."
    oldest = min(source.inventory.confirmed_at for source in sources)
    age = f"vCenter last confirmed this {age_text(oldest, now)}."
    if any(source.stale for source in sources):
        return f"{age} Rows in grey are the last known state, not the present one."
    return age
