"""The promises of a contract: what is measured, of what, against which target, and what a breach is worth."""

import re
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from agent.dataclass import dataclass
from agent.model.contract_values import Exact, Id, Pattern, Percentage, Section

_OTHER_MEASURES = "vsphere_[a-z0-9_]+|check:[a-z0-9_]+"


class Measure(StrEnum):
    """What the agent can measure by itself; a metric (`vsphere_…`) or a health check (`check:NAME`) may stand there too."""

    AVAILABILITY = "availability"
    HOST_FAILURES_TOLERATED = "host-failures-tolerated"
    VCPU_PER_CORE = "vcpu-per-core"
    CPU_READY_P95 = "cpu-ready-p95"
    DATASTORE_FREE = "datastore-free"
    SNAPSHOT_MAX_AGE = "snapshot-max-age"
    ESXI_PATCH_LAG = "esxi-patch-lag"
    TOOLS_NOT_CURRENT = "tools-not-current"
    BACKUP_AGE = "backup-age"
    INCIDENT_RESPONSE = "incident-response"


def _measure(value: Any) -> str:
    known = ", ".join(Measure)
    if isinstance(value, str) and (value in set(Measure) or re.fullmatch(_OTHER_MEASURES, value, re.ASCII)):
        return value
    close = get_close_matches(str(value), list(Measure), 1)
    hint = f"did you mean `{close[0]}`?" if close else f"there is {known}, metrics (vsphere_…) and check:NAME"
    raise PydanticCustomError("measure", "is no measure; {hint}", {"hint": hint})


MeasureName = Annotated[
    str,
    PlainValidator(_measure),
    WithJsonSchema({"anyOf": [{"enum": list(Measure)}, {"type": "string", "pattern": f"^({_OTHER_MEASURES})$"}]}),
]


class Unit(StrEnum):
    """What a target's value is counted in."""

    PERCENT = "percent"
    HOSTS = "hosts"
    RATIO = "ratio"
    HOURS = "hours"
    DAYS = "days"
    MINUTES = "minutes"
    VMS = "vms"
    FINDINGS = "findings"
    NONE = "none"
    """the metric's own: bytes, seconds, ratios from 0 to 1"""


class Operator(StrEnum):
    """How the measured value must stand to the target."""

    AT_LEAST = "gte"
    AT_MOST = "lte"
    MORE_THAN = "gt"
    LESS_THAN = "lt"


class EvidenceClass(StrEnum):
    """What a read-only account can prove of a claim."""

    MEASURABLE = "measurable"
    PARTIAL = "partial"
    """part of it is measured, part is a table or an assumption"""
    INDIRECT = "indirect"
    """a trace of it is seen, not the thing itself"""
    VENDOR_ONLY = "vendor-only"
    """only the vendor's own list says so"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Section):
    """What was promised."""

    op: Operator
    value: Exact
    unit: Unit = Unit.NONE

    def holds(self, value: Fraction) -> bool:
        """Whether an exact value meets it."""
        match self.op:
            case Operator.AT_LEAST:
                return value >= self.value
            case Operator.AT_MOST:
                return value <= self.value
            case Operator.MORE_THAN:
                return value > self.value
            case Operator.LESS_THAN:
                return value < self.value

    @property
    def wants_much(self) -> bool:
        """Whether more is better."""
        return self.op in {Operator.AT_LEAST, Operator.MORE_THAN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope(Section):
    """What a claim is about; without one, everything that the measure applies to."""

    service_group: Id | None = None
    cluster: str | None = None
    """Name of a cluster."""
    hosts: tuple[Pattern, ...] = ()
    """Names of hosts: regular expressions."""
    datastores: tuple[Pattern, ...] = ()
    """Names of datastores: regular expressions."""
    priority: Annotated[int, Field(ge=1)] | None = None
    """Incidents of this priority only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Except(Section):
    """Objects that a claim is not about."""

    names: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Section):
    """Where a measure takes what vCenter does not know by itself."""

    custom_attribute: str | None = None
    """A custom attribute that holds a time, such as the last backup's."""
    csv: str | None = None
    """Files in this folder: vendor/incidents-*.csv."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditBand(Section):
    """What a figure beyond a limit is worth; the last band that the figure is beyond counts."""

    below: Exact | None = None
    """For targets that want much: figures under this."""
    above: Exact | None = None
    """For targets that want little: figures over this."""
    percent: Percentage
    """Of the base."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits(Section):
    """What a breach is worth. Only what is certain earns: the bound that is best for the vendor."""

    bands: tuple[CreditBand, ...]
    base: str
    """Name of a fee under `fees`."""
    per: Literal["claim", "server"] = "claim"
    """`server`: each breaching server earns its band of the base; `claim`: the claim's figure does."""
    cap_percent_month: Percentage | None = None
    """No more than this share of the base for a month, all claims on the same base together."""
    cap_percent_year: Percentage | None = None
    """No more than this share of twelve bases for a calendar year, likewise."""
    must_be_claimed_within_days: Annotated[int, Field(ge=1)] | None = None
    """Counted from `counted_from`."""
    counted_from: Literal["month-end", "report"] = "month-end"
    """`report`: the day on which the vendor's report came in; month's end until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Section):
    """One promise."""

    id: Id
    clause: str
    """Where it stands in the signed document."""
    says: str | None = None
    """Its words, verbatim."""
    measure: MeasureName
    """A measure by its name, a metric of this agent (`vsphere_…`), or a health check (`check:NAME`: its findings)."""
    scope: Scope = Scope()
    except_: Annotated[Except, Field(alias="except")] = Except()
    target: Target
    sample: Literal["every-hour", "every-day"] | None = None
    """How finely it is looked at; the measure's own pace unless given."""
    must_hold_percent: Percentage = Fraction(100)
    """Of the looks in a month, the share in which the target must hold."""
    evidence: EvidenceClass | None = None
    """The measure's own unless given."""
    source: Source = Source()
    credits: Credits | None = None
