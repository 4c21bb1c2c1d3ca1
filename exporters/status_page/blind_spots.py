"""What could not be seen: refused properties by the privilege that is missing, and what could not be understood."""

from collections.abc import Mapping, Sequence

from agent.dataclass import dataclass
from agent.model.inventory import Skipped, Unreadable
from exporters.status_page.columns import count, prose, text
from exporters.status_page.seen import Seen
from exporters.status_page.table import Layout
from exporters.status_page.wording import sentence_list

MAX_PATHS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Properties of one type of object that are refused for one reason."""

    source: Seen
    reason: str
    vsphere_type: str
    objects: int
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Puzzle:
    """An object, or a property of it, whose answer could not be understood."""

    source: Seen
    skipped: Skipped
    name: str


def gaps(sources: Sequence[Seen]) -> list[Gap]:
    """Grouped, since a missing privilege shows on every object at once. Most objects first."""
    found = []
    for source in sources:
        groups: dict[tuple[str, str], list[Unreadable]] = {}
        for refused in source.inventory.unreadable:
            reason = f"{refused.privilege} missing" if refused.privilege else refused.fault
            groups.setdefault((reason, refused.vsphere_type), []).append(refused)
        found += [*_grouped(source, groups), *_tags(source)]
    return sorted(found, key=lambda gap: -gap.objects)


def _grouped(source: Seen, groups: Mapping[tuple[str, str], Sequence[Unreadable]]) -> list[Gap]:
    return [
        Gap(
            source=source,
            reason=reason,
            vsphere_type=vsphere_type.removeprefix("vim."),
            objects=len({refused.moid for refused in members}),
            paths=tuple(sorted({refused.path for refused in members})),
        )
        for (reason, vsphere_type), members in groups.items()
    ]


def _tags(source: Seen) -> list[Gap]:
    """Tags stand outside the inventory, and so does the right to see them."""
    labelling, found = source.target.labelling, []
    for reason, objects, paths in (
        ("not there, or no global permission", len(labelling.missing), labelling.missing),
        ("System.Read missing", labelling.unreadable, ("name",)),
    ):
        if objects:
            kind = "Tag category" if paths is labelling.missing else "Tag"
            found.append(Gap(source=source, reason=reason, vsphere_type=kind, objects=objects, paths=paths))
    return found


def gap_layout() -> Layout[Gap]:
    """By privilege, which is what to ask the vCenter's owner for."""
    return Layout(
        key="gap",
        title="Not permitted to see",
        columns=(
            text("reason", "Reason", lambda row: row.reason),
            text("type", "Type", lambda row: row.vsphere_type),
            count("objects", "Objects", lambda row: row.objects),
            prose("paths", "Properties", lambda row: _paths(row.paths)),
            text("vcenter", "vCenter", lambda row: row.source.target.name),
        ),
        order="",
        empty="Nothing was refused: the account may read all that is asked for.",
        stale=lambda row: row.source.stale,
    )


def puzzles(sources: Sequence[Seen]) -> list[Puzzle]:
    """Every skipped object or property."""
    return [
        Puzzle(source=source, skipped=skipped, name=source.inventory.named(skipped.moid) or skipped.moid)
        for source in sources
        for skipped in source.inventory.skipped
    ]


def puzzle_layout() -> Layout[Puzzle]:
    """What to send along with a bug report."""
    return Layout(
        key="skipped",
        title="Not understood",
        columns=(
            text("name", "Object", lambda row: row.name),
            text("type", "Type", lambda row: row.skipped.vsphere_type.removeprefix("vim.")),
            text("path", "Property", lambda row: row.skipped.path or "the whole object"),
            prose("reason", "Reason", lambda row: row.skipped.reason),
            text("vcenter", "vCenter", lambda row: row.source.target.name),
        ),
        order="name",
        empty="Nothing: every answer was understood.",
        stale=lambda row: row.source.stale,
    )


def _paths(paths: tuple[str, ...]) -> str:
    told = list(paths[:MAX_PATHS])
    if len(paths) > MAX_PATHS:
        told.append(f"{len(paths) - MAX_PATHS} more")
    return sentence_list(told)
