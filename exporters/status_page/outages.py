"""The table of the last outages, from the ledger: to the second, with who did it and what proves it."""

from datetime import datetime

from agent.dataclass import dataclass
from agent.model.availability import Outage
from agent.model.availability_words import STATES, all_evidence_words, cause_words
from agent.model.world import RecentOutage, World
from exporters.status_page.columns import prose, shown, text
from exporters.status_page.table import Cell, Kind, Layout, Level
from exporters.status_page.wording import age_text, duration_text, iso

_MOST_EVIDENCE = 4
_NOT_JUDGED = "The ledger has not been judged yet."
_NONE = "None in this month and the one before."


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageRow:
    """An outage and the vCenter it was in."""

    vcenter: str
    recent: RecentOutage

    @property
    def outage(self) -> Outage:
        """The outage itself."""
        return self.recent.outage


def outage_rows(world: World) -> list[OutageRow]:
    """What the ledgers list; they speak for the past, also while vCenter is silent."""
    return [
        OutageRow(vcenter=target.name, recent=recent)
        for target in world.targets.values()
        for recent in target.ledger.recent_outages
    ]


def outage_layout(world: World, now: datetime) -> Layout[OutageRow]:
    """Newest first. An empty table is good news only once every ledger was judged."""
    judged = bool(world.targets) and all(target.ledger.judged_until for target in world.targets.values())
    return Layout(
        key="outage",
        title="Last outages",
        columns=(
            text("name", "Object", lambda row: row.recent.name),
            shown("state", "What", lambda row: row.outage, _state_cell, lambda found: STATES[found.state]),
            shown("start", "From", lambda row: row.outage.start, lambda at: _instant_cell(at, now), lambda at: at),
            shown("length", "Length", lambda row: row.outage, _length_cell, _length, kind=Kind.NUMBER),
            text("cause", "Why", lambda row: cause_words(row.outage.cause, row.outage.who) or None),
            prose("evidence", "Evidence", lambda row: all_evidence_words(row.outage.evidence, _MOST_EVIDENCE) or None),
            text("vcenter", "vCenter", lambda row: row.vcenter),
        ),
        order="-start",
        empty=_NONE if judged else _NOT_JUDGED,
        stale=lambda _: False,
    )


def _state_cell(found: Outage) -> Cell:
    return Cell(text=STATES[found.state], level=Level.BAD if found.ongoing else None)


def _instant_cell(at: datetime, now: datetime) -> Cell:
    return Cell(text=iso(at).replace("T", " "), note=age_text(at, now), instant=iso(at))


def _length(found: Outage) -> float:
    return found.seconds


def _length_cell(found: Outage) -> Cell:
    """What is certain; what is possible beside it where that is more."""
    if found.seconds == 0 and found.seconds_at_most == 0:
        return Cell(text="not measured", title="It happened; nothing measured how long it took")
    words = duration_text(found.seconds)
    if found.ongoing:
        words += " so far"
    possible = found.seconds_at_most
    note = f"at most {duration_text(possible)}" if possible > found.seconds else ""
    return Cell(text=words, title=f"{found.seconds:,.0f} s", note=note)
