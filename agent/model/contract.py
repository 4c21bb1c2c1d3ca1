"""A vendor's contract as the customer wrote it down, one revision of it: the file's `kind: VendorContract`.

Numbers are exact fractions, durations whole seconds. `agent.claims.folder` reads and checks the files.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from agent.dataclass import dataclass
from agent.model.contract_claims import Claim
from agent.model.contract_files import DocumentReference, VendorReport
from agent.model.contract_time import PlannedRules, PlannedWindow, ServiceCalendar
from agent.model.contract_values import Id, NotNegative, Pattern, Percentage, Seconds, Section, ZoneName

API_VERSION = "checkmeter/v1"


class Aggregation(StrEnum):
    """How the availability of several servers becomes one figure."""

    PER_VM = "per-vm"
    """each must hold; the worst is the figure"""
    POOLED = "pooled"
    """all time of all servers in one pot"""
    ANY_DOWN = "any-down"
    """the group is down while any of them is"""
    ALL_DOWN = "all-down"
    """the group is down while all of them are"""


class Clock(StrEnum):
    """When the vendor's clock starts."""

    EVENT = "event"
    """when it happened"""
    NOTIFIED = "notified"
    """when the vendor was told: the time in the vendor's list of incidents, else when the agent learned of it"""


class UnknownTime(StrEnum):
    """What is held of the time in which nothing could tell."""

    REPORT_BOTH = "report-both"
    """the lower bound counts it as down, the upper one as up"""
    COUNTS_AS_UP = "counts-as-up"
    COUNTS_AS_DOWN = "counts-as-down"


class ExclusionReason(StrEnum):
    """Why time does not count, neither as up nor as down."""

    CUSTOMER_ORDERED = "customer-ordered"
    CUSTOMER_CAUSED = "customer-caused"
    FORCE_MAJEURE = "force-majeure"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties(Section):
    """Who agreed."""

    customer: str
    vendor: str


class DownState(StrEnum):
    """What counts as down."""

    POWERED_OFF = "poweredOff"
    """off or suspended"""
    HOST_NOT_RESPONDING = "hostNotResponding"
    """the time in which its host did not answer and nothing proves that it ran"""
    VM_INACCESSIBLE = "vmInaccessible"
    """vCenter calls the VM disconnected, orphaned, invalid or inaccessible, and nothing proves that it ran"""
    GUEST_HEARTBEAT_RED = "guestHeartbeatRed"
    """powered on, and the guest proved silent"""
    REMOVED = "removed"
    """deleted; without this a deleted server leaves the contract's scope"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DownWhen(Section):
    """One state that counts as down."""

    state: DownState
    unless: Literal["customerOrdered"] | None = None
    """Not when a user of `customerUsers` did it."""
    for_: Annotated[Seconds, Field(alias="for")] = 0
    """Only once it has lasted so long, and then from its beginning."""
    counts_for: tuple[Id, ...] = ()
    """Service groups; empty: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement(Section):
    """How availability is measured."""

    subject: str = "vm-platform"
    """What is measured: printed on every page of the report."""
    point: str = "vcenter-events"
    down_when: tuple[DownWhen, ...] = (
        DownWhen(state=DownState.POWERED_OFF),
        DownWhen(state=DownState.GUEST_HEARTBEAT_RED),
    )
    clock_start: Clock = Clock.EVENT
    """Which clock decides; figures of both are printed."""
    clock_stop: Literal["event"] = "event"
    minimum_outage: Seconds = 0
    """Outages shorter than this are not counted."""
    round_outages: Literal["none", "up-to-minute"] = "none"
    unknown: UnknownTime = UnknownTime.REPORT_BOTH
    min_coverage_percent: Percentage = Fraction(99)
    """With less known time than this there is no verdict."""
    percent_decimals: Annotated[int, Field(ge=0, le=9)] = 3
    """Figures are cut off after so many decimals, never rounded; verdicts compare exact figures."""
    customer_users: tuple[Pattern, ...] = ()
    """Users, as events name them, whose switching off is the customer's own: regular expressions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector(Section):
    """Servers for which any one of these is true."""

    tags: tuple[str, ...] = ()
    """`category:name`, of the categories that the configuration's `labels.tags` names."""
    folders: tuple[str, ...] = ()
    """Such as /DC1/vm/Prod/Core/**: datacenter, vm, folders; ** takes what is below too."""
    names: tuple[Pattern, ...] = ()
    """Regular expressions, found anywhere in the name, in any case."""
    attributes: Mapping[str, Pattern] = field(default_factory=dict)
    """Custom attributes and the regular expression that their value matches."""

    @property
    def empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.tags or self.folders or self.names or self.attributes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceGroup(Section):
    """Servers under the same terms. A server is in the first group that selects it."""

    id: Id
    display_name: str | None = None
    select: Selector
    except_: Annotated[Selector, Field(alias="except")] = Selector()
    """Servers that are not in it although selected."""
    expected_count: Annotated[int, Field(ge=0)] | None = None
    """`claims check` says when there are more or fewer."""
    calendar: Id
    aggregation: Aggregation = Aggregation.PER_VM


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingTolerance(Section):
    """How much billed may differ from measured before it is called a difference."""

    cpu: Annotated[int, Field(ge=0)] = 0
    memory_gi_b: Annotated[NotNegative, Field(alias="memoryGiB")] = Fraction(0)
    disk_gi_b: Annotated[NotNegative, Field(alias="diskGiB")] = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingTerms(Section):
    """How the bill is made."""

    tolerance: BillingTolerance = BillingTolerance()
    disk_basis: Literal["provisioned", "allocated", "used"] = "provisioned"
    days: Literal["month-end", "max", "average-daily"] = "month-end"
    """Which days decide: the last one, the largest of any day, or the mean of all."""
    file: str = "vendor/billed-{month}.csv"
    """In this folder; {month} becomes 2026-10. Columns: vm,vcpu,memory_gib,disk_gib and, if given, price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms(Section):
    """What was agreed."""

    parties: Parties
    valid_from: date
    """First day of this revision, by local clocks."""
    valid_to: date | None = None
    """First day after it."""
    time_zone: ZoneName
    source: DocumentReference | None = None
    """The signed document."""
    period: Literal["calendar-month"] = "calendar-month"
    currency: str = "DKK"
    fees: Mapping[str, NotNegative] = field(default_factory=dict)
    """Monthly fees that credits are a share of, by the name that `credits.base` uses."""
    calendars: Mapping[Id, ServiceCalendar]
    planned_windows: tuple[PlannedWindow, ...] = ()
    planned_rules: PlannedRules = PlannedRules()
    measurement: Measurement = Measurement()
    exclusions: tuple[ExclusionReason, ...] = ()
    """Which reasons the contract accepts; an exclusion for another reason excludes nothing."""
    service_groups: tuple[ServiceGroup, ...] = ()
    claims: tuple[Claim, ...] = ()
    billing: BillingTerms | None = None
    reported: tuple[VendorReport, ...] = ()
    """The vendor's own figures, as their report gives them; may stand in files of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractMetadata(Section):
    """Which contract, and which revision of it."""

    name: Id
    display_name: str | None = None
    revision: Annotated[int, Field(ge=1)]
    """A change is a new file with the next revision and its own validFrom; old months keep the old terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract(Section):
    """One revision of a contract."""

    api_version: Literal["checkmeter/v1"]
    kind: Literal["VendorContract"]
    metadata: ContractMetadata
    spec: ContractTerms
