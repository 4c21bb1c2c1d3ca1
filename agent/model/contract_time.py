"""When a contract's promises hold: service hours, holidays, planned work."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from agent.dataclass import dataclass
from agent.model.contract_values import ClockTime, Id, LocalTime, Seconds, Section

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyHours(Section):
    """Service hours that come back every week, by the wall clock."""

    days: tuple[Weekday, ...]
    from_: Annotated[ClockTime, Field(alias="from")]
    """First counted time of day, in quotes: "07:00"."""
    to: ClockTime
    """End, not counted: "17:00", "24:00"; at or before `from` it is that of the next day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarExceptions(Section):
    """Days that have no service hours at all."""

    holidays: str | None = None
    """Public holidays of a country, by its ISO code: DK."""
    dates: tuple[date, ...] = ()
    """Further days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCalendar(Section):
    """When the vendor promised anything at all."""

    always: bool = False
    """Every hour of every day."""
    weekly: tuple[WeeklyHours, ...] = ()
    except_: Annotated[CalendarExceptions, Field(alias="except")] = CalendarExceptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliesTo(Section):
    """Which servers something is about; empty: all of the contract."""

    service_groups: tuple[Id, ...] = ()
    servers: tuple[str, ...] = ()
    """Names, in any case; * stands for any text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWindow(Section):
    """Planned work that the contract itself allows, again and again."""

    id: Id
    start: LocalTime
    """First occurrence, by the wall clock: 2026-01-11T02:00."""
    rrule: str
    """How it repeats, RFC 5545: FREQ=MONTHLY;BYDAY=2SU."""
    duration: Seconds
    """How long, in real time, whatever clocks do: 4h."""
    applies_to: AppliesTo = AppliesTo()
    max_per_month: Seconds | None = None
    """No more than this is planned in a month; what comes later in it is not."""
    clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRules(Section):
    """When a notice makes work planned."""

    notice_hours: int = 0
    """A notice later than this before the work excludes nothing."""
    require_listed_objects: bool = True
    """A notice that names no servers excludes nothing."""
