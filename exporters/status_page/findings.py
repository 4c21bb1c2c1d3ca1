"""The tables of what the health checks found, and of what they could not judge."""

from collections.abc import Mapping
from datetime import datetime

from agent.dataclass import dataclass
from agent.model.health import Finding, Gap, State
from agent.model.world import World
from exporters.status_page.columns import prose, shown, text
from exporters.status_page.table import Cell, Layout, Level
from exporters.status_page.wording import age_text, counted, iso, moment_text

_LEVELS: Mapping[State, Level | None] = {State.CRITICAL: Level.BAD, State.WARNING: Level.WARNING, State.INFO: None}
_RANKS = {State.CRITICAL: 0, State.WARNING: 1, State.INFO: 2}
_MOST_NAMED = 4
_NOT_MADE = "The health checks have not been made yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """A finding and the vCenter it was made in."""

    vcenter: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """What a check could not judge, and the vCenter it was in."""

    vcenter: str
    gap: Gap


def finding_rows(world: World, now: datetime) -> list[FindingRow]:
    """What stands, of every vCenter that is read now; what nobody can see any more is not told as if it stood."""
    return [
        FindingRow(vcenter=target.name, finding=finding)
        for target in world.targets.values()
        if target.health is not None and target.visible_inventory(now) is not None
        for finding in target.health.findings
    ]


def gap_rows(world: World, now: datetime) -> list[GapRow]:
    """The same for what could not be judged."""
    return [
        GapRow(vcenter=target.name, gap=gap)
        for target in world.targets.values()
        if target.health is not None and target.visible_inventory(now) is not None
        for gap in target.health.gaps
    ]


def finding_layout(world: World, now: datetime) -> Layout[FindingRow]:
    """Worst first. An empty table is good news only once all checks were made."""
    return Layout(
        key="finding",
        title="Health findings",
        columns=(
            shown("severity", "Severity", lambda row: row.finding, _severity_cell, _rank),
            text("object", "Object", lambda row: row.finding.object_name),
            prose("message", "Finding", lambda row: row.finding.message),
            text("check", "Check", lambda row: row.finding.check),
            shown("since", "Seen since", lambda row: row.finding.since, lambda at: _since_cell(at, now), lambda at: at),
            prose("known", "Acknowledged", lambda row: _known_words(row.finding)),
            text("vcenter", "vCenter", lambda row: row.vcenter),
        ),
        order="severity",
        empty="None: all checks are well." if _all_made(world) else _NOT_MADE,
        stale=lambda _: False,
    )


def unjudged_layout(world: World) -> Layout[GapRow]:
    """What no check could judge, and why."""
    return Layout(
        key="unjudged",
        title="Health checks without an answer",
        columns=(
            text("check", "Check", lambda row: row.gap.check),
            text("reason", "Why", lambda row: row.gap.reason),
            prose("source", "Missing", lambda row: row.gap.source),
            text("privilege", "Privilege", lambda row: row.gap.privilege),
            prose("objects", "Of", lambda row: _objects_words(row.gap)),
            text("vcenter", "vCenter", lambda row: row.vcenter),
        ),
        order="check",
        empty="None: every check could judge everything." if _all_made(world) else _NOT_MADE,
        stale=lambda _: False,
    )


def _all_made(world: World) -> bool:
    return bool(world.targets) and all(target.health is not None for target in world.targets.values())


def _severity_cell(finding: Finding) -> Cell:
    level = None if finding.acknowledged else _LEVELS[finding.state]
    return Cell(text=finding.state.value, level=level)


def _rank(finding: Finding) -> str:
    """Sorts the worst first, what is acknowledged last; searched by the word."""
    return f"{_RANKS[finding.state] + 3 * (finding.acknowledged is not None)} {finding.state}"


def _since_cell(at: datetime, now: datetime) -> Cell:
    return Cell(text=moment_text(at), note=age_text(at, now), title=iso(at), instant=iso(at))


def _known_words(finding: Finding) -> str | None:
    known = finding.acknowledged
    return f"until {known.last_day}: {known.reason}" if known else None


def _objects_words(gap: Gap) -> str:
    named = ", ".join(gap.objects[:_MOST_NAMED])
    more = len(gap.objects) - _MOST_NAMED
    return f"{named} and {counted(more, 'other', 'others')}" if more > 0 else named
