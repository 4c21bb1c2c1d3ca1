"""What the customer keeps beside the contract: the vendor's reports, incidents and bills, notices, exclusions."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from agent.dataclass import dataclass
from agent.model.contract_values import Exact, Id, Instant, MonthName, Section, Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReference(Section):
    """A document outside of this folder: mail, PDF, ticket."""

    document: str | None = None
    """Its name; `name` is understood too."""
    name: str | None = None
    sha256: Sha256 | None = None
    """As `sha256sum FILE` prints it: proves later which document it was."""
    received_at: Instant | None = None

    @property
    def title(self) -> str | None:
        """Its name, under whichever key it was given."""
        return self.document or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorIncident(Section):
    """An interruption as the vendor tells it."""

    id: str
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    vms: Annotated[int, Field(ge=0)] | None = None
    """How many servers it was."""
    servers: tuple[str, ...] = ()
    """Which ones, where the vendor says so."""
    priority: Annotated[int, Field(ge=1)] | None = None
    reported_at: Instant | None = None
    """When the vendor was told: starts the clock `notified`."""
    responded_at: Instant | None = None
    """When the vendor began to work on it."""
    cause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorReport(Section):
    """The vendor's own figures of a month, typed in from their report and never overwritten."""

    month: MonthName
    document: DocumentReference | None = None
    figures: Mapping[Id, Exact] = field(default_factory=dict)
    """By claim, in the unit of its target."""
    incidents: tuple[VendorIncident, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorReportFile(Section):
    """`kind: VendorReport`: a month's figures in a file of their own."""

    api_version: Literal["checkmeter/v1"]
    kind: Literal["VendorReport"]
    spec: VendorReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Section):
    """Work that the vendor announced."""

    id: str
    received_at: Instant
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    """The announced end: what lasts longer counts as down from here on."""
    servers: tuple[str, ...] = ()
    """Names, in any case; * stands for any text."""
    service_groups: tuple[Id, ...] = ()
    text: str | None = None
    document: DocumentReference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesTerms(Section):
    """One or more notices."""

    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesFile(Section):
    """`kind: PlannedWork`."""

    api_version: Literal["checkmeter/v1"]
    kind: Literal["PlannedWork"]
    spec: NoticesTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion(Section):
    """Time that both parties agree not to count."""

    id: str
    reason: Literal["customer-ordered", "customer-caused", "force-majeure"]
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    servers: tuple[str, ...] = ()
    """Names, in any case; * stands for any text. With neither servers nor groups: all."""
    service_groups: tuple[Id, ...] = ()
    reference: str
    """What proves it: a ticket, a mail, minutes."""
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionsTerms(Section):
    """One or more exclusions."""

    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionsFile(Section):
    """`kind: Exclusions`."""

    api_version: Literal["checkmeter/v1"]
    kind: Literal["Exclusions"]
    spec: ExclusionsTerms


class BilledServer(NamedTuple):
    """One line of a bill. Sizes in GiB; None where the bill does not say."""

    vm: str
    vcpu: int | None
    memory_gib: Fraction | None
    disk_gib: Fraction | None
    price: Fraction | None
    line: int
    """in the file, from 1"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What the vendor billed for a month."""

    month: str
    file: str
    servers: tuple[BilledServer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file of the folder as it was read."""

    name: str
    """relative to the folder, with /"""
    sha256: str
    kind: str
    """VendorContract, VendorReport, PlannedWork, Exclusions, Bill, Incidents"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedIncident:
    """An incident and the file that it stands in."""

    incident: VendorIncident
    file: str
    month: str | None = None
    """of the report that it stands in; None: from a CSV file"""

    @property
    def start(self) -> datetime:
        """When it began, as the vendor says."""
        return self.incident.from_
