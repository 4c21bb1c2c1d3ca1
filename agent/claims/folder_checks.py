"""What only shows when the files are laid beside each other: revisions, doubles, names that no file has."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, pairwise
from typing import Any

from agent.claims.contract_checks import entries, figure_problems, unknown_name
from agent.claims.parsing import Parsed
from agent.config.document import Location, Problem
from agent.config.mistakes import got
from agent.model.contract import Contract
from agent.model.contract_files import Exclusion, Notice, VendorReport

Contracts = Sequence[tuple[str, Parsed, Contract]]
_LISTS = {"PlannedWork": "notices", "Exclusions": "exclusions"}


def report_problems(parsed: Parsed) -> Iterator[Problem]:
    """Stretches of time that end before they begin: incidents, notices, exclusions."""
    values = parsed.read.values
    spec = values.get("spec") if isinstance(values, dict) else None
    stretches: Iterable[tuple[Location, dict[str, Any]]] = ()
    if parsed.kind == "VendorReport":
        stretches = entries(spec, "incidents")
    elif parsed.kind == "VendorContract":
        stretches = chain.from_iterable(
            entries(report, "incidents", location) for location, report in entries(spec, "reported")
        )
    elif parsed.kind in _LISTS:
        stretches = entries(spec, _LISTS[parsed.kind])
    for location, one in stretches:
        begin, end = _instant(one.get("from")), _instant(one.get("to"))
        if begin is not None and end is not None and end <= begin:
            yield parsed.read.problem((*location, "to"), "must be after `from`" + got(one["to"]))


def folder_problems(
    contracts: Contracts,
    reports: Sequence[tuple[str, Parsed, VendorReport]],
    notices: Sequence[tuple[str, Parsed, tuple[Notice, ...]]],
    exclusions: Sequence[tuple[str, Parsed, tuple[Exclusion, ...]]],
) -> Iterator[tuple[str, Problem]]:
    """Each with the name of its file."""
    yield from _revisions(contracts)
    yield from _reports(contracts, reports)
    groups = {group.id for *_, one in contracts for group in one.spec.service_groups}
    for key, files in (("notices", notices), ("exclusions", exclusions)):
        seen: dict[str, str] = {}
        for name, parsed, _ in files:
            for location, entry in entries(parsed.read.values.get("spec"), key):
                first = seen.setdefault(entry["id"], name)
                if seen[entry["id"]] is not name or list(_ids(parsed, key)).count(entry["id"]) > 1:
                    text = f"the id is given twice, also in {first}{got(entry['id'])}"
                    yield name, parsed.read.problem((*location, "id"), text)
                for index, group in enumerate(entry.get("serviceGroups", ()) if contracts else ()):
                    at = (*location, "serviceGroups", index)
                    for problem in unknown_name(parsed.read, at, group, groups, "service group"):
                        yield name, problem


def _ids(parsed: Parsed, key: str) -> Iterator[Any]:
    return (entry.get("id") for _, entry in entries(parsed.read.values.get("spec"), key))


def _revisions(contracts: Contracts) -> Iterator[tuple[str, Problem]]:
    for (earlier_name, _, earlier), (name, parsed, later) in pairwise(contracts):
        before, now = earlier.metadata, later.metadata
        if now.name != before.name:
            text = f"one folder holds one contract; {earlier_name} is of {before.name}{got(now.name)}"
            yield name, parsed.read.problem(("metadata", "name"), text)
        elif now.revision == before.revision:
            text = f"{earlier_name} has this revision too{got(now.revision)}"
            yield name, parsed.read.problem(("metadata", "revision"), text)
        elif later.spec.valid_from < earlier.spec.valid_from:
            text = f"must not be before that of revision {before.revision}, {earlier.spec.valid_from}"
            yield name, parsed.read.problem(("spec", "validFrom"), text + got(str(later.spec.valid_from)))
        if later.spec.time_zone != earlier.spec.time_zone:
            text = f"must be the same in all revisions; {earlier_name} has {earlier.spec.time_zone}"
            yield name, parsed.read.problem(("spec", "timeZone"), text + got(later.spec.time_zone))


def _reports(
    contracts: Contracts, reports: Sequence[tuple[str, Parsed, VendorReport]]
) -> Iterator[tuple[str, Problem]]:
    claims = [claim.id for *_, one in contracts for claim in one.spec.claims]
    seen: dict[str, tuple[str, VendorReport]] = {}
    for name, _, contract in contracts:
        for report in contract.spec.reported:
            seen[report.month] = (name, report)
    for name, parsed, report in reports:
        if report.month in seen and seen[report.month][1] != report:
            text = f"{seen[report.month][0]} has other figures of this month{got(report.month)}"
            yield name, parsed.read.problem(("spec", "month"), text)
        seen.setdefault(report.month, (name, report))
        figures = parsed.read.values["spec"].get("figures")
        for problem in figure_problems(parsed.read, ("spec", "figures"), figures, claims) if contracts else ():
            yield name, problem


def _instant(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None
