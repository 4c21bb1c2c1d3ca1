"""What a contract says twice, or of things that it does not have: found in the values as they stand, however wrong the rest is."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agent.claims.public_holidays import holidays_known
from agent.claims.recurrence import wrong_with
from agent.config.document import Document, Location, Problem
from agent.config.mistakes import got
from agent.model.contract import BillingTerms
from agent.model.contract_claims import Measure
from agent.model.contract_time import PlannedWindow

_UNITS: Mapping[str, tuple[str, ...]] = {
    Measure.AVAILABILITY: ("percent",),
    Measure.HOST_FAILURES_TOLERATED: ("hosts",),
    Measure.VCPU_PER_CORE: ("ratio",),
    Measure.CPU_READY_P95: ("percent",),
    Measure.DATASTORE_FREE: ("percent",),
    Measure.SNAPSHOT_MAX_AGE: ("hours", "days"),
    Measure.ESXI_PATCH_LAG: ("days",),
    Measure.TOOLS_NOT_CURRENT: ("vms",),
    Measure.BACKUP_AGE: ("hours", "days"),
    Measure.INCIDENT_RESPONSE: ("minutes", "hours"),
}


class TablesNamed(NamedTuple):
    """The CSV files that a contract names, relative to its folder."""

    bills: str | None
    incidents: tuple[str, ...]
    zone: ZoneInfo
    """of times without an offset"""


def tables_named(values: Any) -> TablesNamed:
    """As far as it can be told, however wrong the rest of the contract is, so that their mistakes are told too."""
    spec = values.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    billing = spec.get("billing")
    bills = billing.get("file", BillingTerms().file) if isinstance(billing, dict) else None
    sources = [claim.get("source") for _, claim in entries(spec, "claims")]
    named = [source.get("csv") for source in sources if isinstance(source, dict)]
    try:
        zone = ZoneInfo(spec.get("timeZone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        zone = ZoneInfo("UTC")
    return TablesNamed(
        bills=bills if isinstance(bills, str) and "{month}" in bills and _is_inside(bills) else None,
        incidents=tuple(dict.fromkeys(one for one in named if isinstance(one, str) and _is_inside(one))),
        zone=zone,
    )


def contract_problems(read: Document) -> Iterator[Problem]:
    """References, doubles, rules and targets of one contract file."""
    spec = read.values.get("spec")
    if not isinstance(spec, dict):
        return
    yield from _doubles(read, spec)
    yield from _references(read, spec)
    yield from _time(read, spec)
    for location, claim in entries(spec, "claims"):
        yield from _claim(read, location, claim, spec)
    billing = spec.get("billing")
    file = billing.get("file") if isinstance(billing, dict) else None
    if isinstance(file, str):
        location = ("spec", "billing", "file")
        if "{month}" not in file:
            yield read.problem(location, "must hold {month}, which becomes 2026-10" + got(file))
        yield from _inside(read, location, file)


def entries(section: Any, key: str, at: Location = ("spec",)) -> Iterator[tuple[Location, dict[str, Any]]]:
    """Each item of a list that is a section."""
    listed = section.get(key) if isinstance(section, dict) else None
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield (*at, key, index), entry


def unknown_name(read: Document, location: Location, name: Any, known: Iterable[str], what: str) -> Iterator[Problem]:
    """That a name is not one of those that there are."""
    if not isinstance(name, str) or name in (names := sorted(set(known))):
        return
    close = get_close_matches(name, names, 1)
    hint = f", did you mean `{close[0]}`?" if close else f"; there is {', '.join(names)}" if names else ""
    yield read.problem(location, f"there is no {what} of this name{got(name)}{hint}")


def ids(section: Any, key: str) -> list[str]:
    """The ids of a list of sections."""
    return [entry["id"] for _, entry in entries(section, key) if isinstance(entry.get("id"), str)]


def _doubles(read: Document, spec: dict[str, Any]) -> Iterator[Problem]:
    for key in ("claims", "serviceGroups", "plannedWindows"):
        seen: dict[str, int] = {}
        for location, entry in entries(spec, key):
            name = entry.get("id")
            here = (*location, "id")
            if isinstance(name, str) and name in seen:
                yield read.problem(here, f"the id is given twice, first on line {seen[name]}{got(name)}")
            elif isinstance(name, str):
                seen[name] = read.position(here).line


def _references(read: Document, spec: dict[str, Any]) -> Iterator[Problem]:
    groups = ids(spec, "serviceGroups")
    calendars = spec.get("calendars")
    for location, group in entries(spec, "serviceGroups"):
        if isinstance(calendars, dict):
            yield from unknown_name(read, (*location, "calendar"), group.get("calendar"), calendars, "calendar")
        if isinstance(group.get("select"), dict) and not any(group["select"].values()):
            yield read.problem((*location, "select"), "selects nothing: give tags, folders, names or attributes")
    for location, window in entries(spec, "plannedWindows"):
        where = window.get("appliesTo")
        yield from _groups(read, (*location, "appliesTo", "serviceGroups"), where, "serviceGroups", groups)
    for location, rule in entries(spec.get("measurement"), "downWhen", ("spec", "measurement")):
        yield from _groups(read, (*location, "countsFor"), rule, "countsFor", groups)
    for location, report in entries(spec, "reported"):
        yield from figure_problems(read, (*location, "figures"), report.get("figures"), ids(spec, "claims"))


def figure_problems(read: Document, location: Location, figures: Any, claims: Iterable[str]) -> Iterator[Problem]:
    """Figures of claims that there are not."""
    known = list(claims)
    for name in figures if isinstance(figures, dict) else ():
        yield from unknown_name(read, (*location, name), name, known, "claim")


def _groups(read: Document, location: Location, where: Any, key: str, groups: list[str]) -> Iterator[Problem]:
    named = where.get(key) if isinstance(where, dict) else None
    for index, name in enumerate(named if isinstance(named, list) else ()):
        yield from unknown_name(read, (*location, index), name, groups, "service group")


def _time(read: Document, spec: dict[str, Any]) -> Iterator[Problem]:
    since, until = spec.get("validFrom"), spec.get("validTo")
    if isinstance(since, str) and isinstance(until, str) and until <= since:
        yield read.problem(("spec", "validTo"), f"must be after validFrom{got(until)}")
    calendars = spec.get("calendars")
    for name, calendar in calendars.items() if isinstance(calendars, dict) else ():
        at: Location = ("spec", "calendars", name)
        if not isinstance(calendar, dict):
            continue
        if bool(calendar.get("always")) == bool(calendar.get("weekly")):
            yield read.problem(at, "needs either `always: true` or `weekly` hours")
        without = calendar.get("except")
        country = without.get("holidays") if isinstance(without, dict) else None
        if isinstance(country, str) and not holidays_known(country):
            text = f"holidays of this country are not known; give its ISO code, such as DK{got(country)}"
            yield read.problem((*at, "except", "holidays"), text)
    for location, window in entries(spec, "plannedWindows"):
        rule, start = window.get("rrule"), window.get("start")
        if not isinstance(rule, str):
            continue
        try:
            begin = datetime.fromisoformat(str(start)).replace(tzinfo=None)
        except ValueError:
            begin = datetime(2026, 1, 1)  # noqa: DTZ001 - a wall clock's; the rule is checked although its start is wrong
        wrong = wrong_with(PlannedWindow(id="checked", start=begin, rrule=rule, duration=0))
        if wrong is not None:
            yield read.problem((*location, "rrule"), wrong + got(rule))


def _claim(read: Document, location: Location, claim: dict[str, Any], spec: dict[str, Any]) -> Iterator[Problem]:
    measure = claim.get("measure")
    scope = claim.get("scope")
    if isinstance(scope, dict):
        groups = ids(spec, "serviceGroups")
        named = scope.get("serviceGroup")
        yield from unknown_name(read, (*location, "scope", "serviceGroup"), named, groups, "service group")
    target = claim.get("target")
    unit = target.get("unit", "none") if isinstance(target, dict) else None
    wanted = _UNITS.get(measure) if isinstance(measure, str) else None
    if isinstance(unit, str) and wanted and unit not in wanted:
        yield read.problem((*location, "target", "unit"), f"of {measure} must be {' or '.join(wanted)}{got(unit)}")
    source = claim.get("source")
    source = source if isinstance(source, dict) else {}
    if measure == Measure.BACKUP_AGE and not source.get("customAttribute"):
        yield read.problem(
            location, "backup-age needs source.customAttribute: the attribute that holds the last backup's time"
        )
    if isinstance(source.get("csv"), str):
        yield from _inside(read, (*location, "source", "csv"), source["csv"])
    yield from _credits(read, (*location, "credits"), claim.get("credits"), target, spec)


def _credits(read: Document, location: Location, credits_: Any, target: Any, spec: dict[str, Any]) -> Iterator[Problem]:
    if not isinstance(credits_, dict):
        return
    fees = spec.get("fees")
    if isinstance(fees, dict):
        yield from unknown_name(read, (*location, "base"), credits_.get("base"), fees, "fee")
    much = isinstance(target, dict) and target.get("op") in {"gte", "gt"}
    right, wrong = ("below", "above") if much else ("above", "below")
    bands = credits_.get("bands")
    for index, band in enumerate(bands if isinstance(bands, list) else ()):
        if isinstance(band, dict) and (right not in band or wrong in band):
            text = f"a target that wants {'much' if much else 'little'} is missed `{right}` a limit: give `{right}`"
            yield read.problem((*location, "bands", index), text)


def _inside(read: Document, location: Location, name: str) -> Iterator[Problem]:
    if not _is_inside(name):
        yield read.problem(
            location, "must be a file in the contract's folder, such as vendor/incidents-*.csv" + got(name)
        )


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name
    )
