"""A bill against what was measured: what is known of each server, and what came out of comparing. Sizes in GiB, exact."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from agent.dataclass import dataclass
from agent.model.contract_files import BilledServer
from agent.model.evidence import RecordedEvent
from agent.model.facts import Fact


class Dimension(StrEnum):
    """What is billed."""

    VCPU = "vcpu"
    MEMORY = "memory"
    DISK = "disk"


class Size(NamedTuple):
    """How large a server is; None: not known, or not told."""

    vcpu: Fraction | None = None
    memory_gib: Fraction | None = None
    disk_gib: Fraction | None = None

    def of(self, dimension: Dimension) -> Fraction | None:
        """One of the three."""
        return self[tuple(Dimension).index(dimension)]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownServer:
    """What the ledger knows of a VM in a month."""

    vcenter: str
    vm_id: str
    facts: tuple[Fact, ...]
    """of VirtualMachine, in order of time; the first held when the month began, unless the VM came later"""
    events: tuple[RecordedEvent, ...] = ()
    """that change a VM's size, make it, or remove it"""


class BillVerdict(StrEnum):
    """What is to be said of a line."""

    RIGHT = "right"
    DIFFERENT = "different"
    """billed more or less than measured, by more than the tolerance"""
    ABSENT = "absent"
    """billed, and by the agreed day rule not there"""
    UNBILLED = "unbilled"
    """there, and on no line"""
    DUPLICATE = "duplicate"
    """billed on another line already"""
    UNKNOWN = "unknown"
    """too little was kept of it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeChange:
    """A size that changed within the month. It came or went with all of it where the other side is None."""

    dimension: Dimension
    before: Fraction | None
    after: Fraction | None
    earliest: datetime
    """it changed at or after this"""
    at: datetime
    """and at or before this: both are the event's time where there is one"""
    who: str | None = None
    event_key: int | None = None
    event_kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One server: what was billed, what was measured."""

    name: str
    vcenter: str | None
    vm_id: str | None
    """None: no VM of that name was ever seen in the month"""
    billed: BilledServer | None
    measured: Size | None
    """by the agreed basis and day rule; None: not there, or not known"""
    verdict: BillVerdict
    differences: Mapping[Dimension, Fraction] = field(default_factory=dict)
    """billed minus measured, where that is more than the tolerance"""
    changes: tuple[SizeChange, ...] = ()
    first_seen: datetime | None = None
    """within the month, if it came in it"""
    gone_at: datetime | None = None
    """since when it is not there, if it went within the month or before"""
    gone_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillResult:
    """The bill of a month."""

    month: str
    file: str | None
    """None: no bill was received"""
    judged_until: datetime
    disk_basis: str
    day_rule: str
    currency: str
    lines: tuple[BillLine, ...]
    """what is wrong first"""
    billed: Size
    """all lines together"""
    measured: Size
    """all servers that are there, templates left out"""
    billed_price: Fraction | None
    contested_price: Fraction | None
    """of the lines that are not right, as far as prices are told: the most that is at stake"""

    def count(self, verdict: BillVerdict) -> int:
        """How many lines have it."""
        return sum(line.verdict is verdict for line in self.lines)
