"""The ledger's file as the commands open it, and the options that several of them share."""

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from agent.cli.options import DATABASE
from agent.errors import AgentError
from agent.ledger.database import Database

_AGO = re.compile(r"([1-9][0-9]{0,4})([smhdw])", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1970, 9000


@contextlib.contextmanager
def opened(storage_path: Path) -> Iterator[Database]:
    """The ledger in the state folder, which must be there: to read is not to make one.

    Raises:
        AgentError: there is none, or it cannot be used.
    """
    file = storage_path / DATABASE
    if not file.is_file():
        raise AgentError(
            f"{file}: there is no ledger", cure="name the folder that `checkmeter serve` keeps, with --storage.path"
        )
    database = Database(file)
    try:
        yield database
    finally:
        database.close()


class ZoneType(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.3, at runtime too
    """`Europe/Copenhagen`, `UTC`."""

    name = "ZONE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tzinfo:
        """The time zone."""
        if isinstance(value, tzinfo):
            return value
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fail(f"{value!r} is no time zone of this machine, such as Europe/Copenhagen or UTC", param, ctx)


class MonthType(click.ParamType):  # type: ignore[type-arg]  # as above
    """`2026-10`."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Year and month."""
        found = _MONTH.fullmatch(value) if isinstance(value, str) else None
        if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            self.fail(f"{value!r} is no month, such as 2026-10", param, ctx)
        return int(found[1]), int(found[2])


class MomentType(click.ParamType):  # type: ignore[type-arg]  # as above
    """`2026-10-01`, `2026-10-01T14:30`, `2026-10-01T14:30:00Z`, or how long ago: `36h`, `7d`."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime | timedelta:
        """A time, with or without a zone, or an age."""
        if isinstance(value, datetime | timedelta):
            return value
        age = _AGO.fullmatch(value)
        if age is not None:
            return timedelta(seconds=int(age[1]) * _SECONDS[age[2]])
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or not FIRST_YEAR < found.year <= LAST_YEAR:
            self.fail(f"{value!r} is no time, such as 2026-10-01, 2026-10-01T14:30 or 7d (so long ago)", param, ctx)
        return found


MOMENT = MomentType()
MONTH = MonthType()
_USUAL = timedelta(days=30)


def moment(given: datetime | timedelta | None, now: datetime, zone: tzinfo) -> datetime | None:
    """What was meant, in UTC: an age counts back from now, a time without a zone is one of `zone`."""
    if given is None:
        return None
    if isinstance(given, timedelta):
        return now - given
    return (given if given.tzinfo is not None else given.replace(tzinfo=zone)).astimezone(UTC)


def period(
    since: datetime | timedelta | None, until: datetime | timedelta | None, now: datetime, zone: tzinfo
) -> tuple[datetime, datetime]:
    """What --since and --until mean, in UTC: the last 30 days if neither is given.

    Raises click.UsageError where nothing lies between them.
    """
    start = moment(since, now, zone) or now - _USUAL
    end = moment(until, now, zone) or now
    if start >= end:
        raise click.UsageError("--since is not before --until")
    return start, end


def month_of(given: tuple[int, int], zone: tzinfo) -> tuple[datetime, datetime]:
    """The first instants of a month and of the next, by the clocks of `zone`, in UTC."""
    year, number = given
    following = (year + number // 12, number % 12 + 1)
    start, end = (datetime(*one, 1, tzinfo=zone).astimezone(UTC) for one in (given, following))
    return start, end


def local_zone(now: datetime) -> tzinfo:
    """The machine's time zone, by its rules and not only by its offset of now."""
    _, _, linked = str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")
    for name in (os.environ.get("TZ", "").removeprefix(":"), linked):
        with contextlib.suppress(OSError, ZoneInfoNotFoundError, ValueError):
            if name:
                return ZoneInfo(name)
    return now.astimezone().tzinfo or UTC


zone_option = click.option(
    "--timezone",
    "zone",
    type=ZoneType(),
    show_default="$TZ, or that of this machine",
    help="For local times: Europe/Copenhagen, UTC.",
)
vcenter_option = click.option("--vcenter", metavar="NAME", help="Only this vCenter, by its name or instanceUuid.")
json_option = click.option("--json", "as_json", is_flag=True, help="As one JSON document, times in UTC.")


def vms_option(**more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--vm NAME`, which may be repeated."""
    return click.option(
        "--vm", "vms", metavar="NAME", multiple=True, help="Only this VM, by name or vm_id; may be repeated.", **more
    )
