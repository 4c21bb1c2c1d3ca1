"""What one record is worth at one moment: the age of a snapshot, of a backup's trace, of a missed patch. Pure."""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from agent.claims.seconds import instant, second
from agent.model.builds import BuildTable
from agent.model.host import HostSystem
from agent.model.snapshot import flatten
from agent.model.virtual_machine import VirtualMachine

_NOT_CURRENT = frozenset(
    {
        "guestToolsNotInstalled",
        "guestToolsNeedUpgrade",
        "guestToolsTooOld",
        "guestToolsSupportedOld",
        "guestToolsBlacklisted",
    }
)
_CURRENT = frozenset({"guestToolsCurrent", "guestToolsSupportedNew", "guestToolsUnmanaged", "guestToolsTooNew"})
_TIME_IN_TEXT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<clock>\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_AMERICAN = re.compile(
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}) (?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})(?: (?P<half>[AP]M))?",
    re.ASCII,
)
Value = tuple[Fraction | None, str | None]
"""A figure, None where vCenter did not say, and words to it."""
_TABLE_AGE = timedelta(days=90)
"""A table older than this does not know whether there is something newer."""


def oldest_snapshot(vm: VirtualMachine, at: int, *, unit: int) -> Value:
    """0 without a snapshot; a snapshot whose age vCenter does not tell is unknown."""
    ages: list[tuple[datetime, str]] = []
    for _, node in flatten(vm.snapshots):
        if node.created is None:
            return None, f"snapshot {node.name!r} of unknown age"
        ages.append((node.created, node.name or ""))
    if not ages:
        return Fraction(0), None
    created, name = min(ages)
    return Fraction(max(0, at - second(created)), unit), f"snapshot {name!r} of {created:%Y-%m-%d %H:%M} UTC"


def tools(vm: VirtualMachine, at: int) -> Value:  # noqa: ARG001 - as all values are asked for
    """1 for a VM whose VMware Tools are missing or old, 0 for one whose are not."""
    status = vm.tools_version_status
    if status in _NOT_CURRENT:
        return Fraction(1), status
    return (Fraction(0), status) if status in _CURRENT else (None, status)


def backup_trace(vm: VirtualMachine, at: int, *, key: int | None, unit: int, zone: ZoneInfo) -> Value:
    """The age of the last backup that a custom attribute tells of; `key` is the attribute's number."""
    text = next((one.value for one in vm.custom_values or () if one.key == key and one.value), None)
    if key is None or text is None:
        return None, None
    last = backup_time(text, zone)
    return (Fraction(max(0, at - second(last)), unit), text) if last is not None else (None, text)


def backup_time(text: str, zone: ZoneInfo) -> datetime | None:
    """The time in the value of a custom attribute; by local clocks where it has no offset. None: it holds none."""
    found = _TIME_IN_TEXT.search(text)
    american = None if found else _AMERICAN.search(text)
    try:
        if found is not None:
            offset = {"Z": "+00:00", "UTC": "+00:00", None: ""}.get(found["zone"], found["zone"])
            at = datetime.fromisoformat(f"{found['day']}T{found['clock']}{offset}")
        elif american is not None:
            month, day, year, hour, minute, seconds = (
                int(american[one]) for one in ("month", "day", "year", "hour", "minute", "second")
            )
            if american["half"]:
                hour = hour % 12 + 12 * (american["half"] == "PM")
            at = datetime(year, month, day, hour, minute, seconds)  # noqa: DTZ001 - given its zone next
        else:
            return None
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def patch_lag(host: HostSystem, at: int, *, builds: BuildTable) -> Value:
    """Days since the first release of the host's line that it does not have; 0 if it has the newest that is known.

    A build that the table does not know is unknown, and so is everything after the table was made.
    """
    if host.build is None or host.version is None or builds.dated is None:
        return None, None
    words = f"{host.version} build {host.build}"
    own = builds.release("esxi", host.build)
    if own is None:
        return None, words
    line = host.version.split(".")[0]
    now = instant(at).date()
    later = [
        one
        for (product, build), one in builds.releases.items()
        if product == "esxi"
        and one.released > own.released
        and one.released <= now
        and _line(one.name) == line
        and build != host.build
    ]
    missed = min(later, key=lambda one: one.released, default=None)
    if missed is not None:
        return Fraction((now - missed.released).days), f"{own.name}; {missed.name} is out since {missed.released}"
    if now - builds.dated > _TABLE_AGE:
        return None, f"{own.name}; the table of releases is of {builds.dated}"
    return Fraction(0), own.name


def _line(name: str) -> str | None:
    found = re.search(r"ESXi (\d+)\.", name)
    return found[1] if found else None
