"""What claims are judged from: servers with their ledgers, and what was looked at again and again."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from agent.dataclass import dataclass
from agent.model.availability import Ledger
from agent.model.builds import BuildTable
from agent.model.facts import Fact, HourFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a server was called, and where it hung, from `since` on."""

    since: datetime
    name: str
    folder: str | None = None
    """with its datacenter: `/DC1/vm/Prod/Core`; None where that is not known"""
    tags: tuple[str, ...] | None = None
    """`category:name`; None: not read"""
    attributes: Mapping[str, str] | None = None
    """custom attributes; None: not known"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerRecord:
    """One VM: its ledger around the month, and its identities, oldest first; the first one holds before it too."""

    vcenter: str
    vm_id: str
    ledger: Ledger
    identities: tuple[Identity, ...]

    def identity(self, at: datetime) -> Identity:
        """What it was called then."""
        found = self.identities[0]
        for one in self.identities:
            if one.since > at:
                break
            found = one
        return found

    @property
    def name(self) -> str:
        """What it is called now."""
        return self.identities[-1].name


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A value that the agent recorded: of one object, at one time."""

    vcenter: str
    kind: str
    """vm, host, cluster, datastore"""
    object_id: str
    name: str
    what: str
    """the measure's name, or the metric's or check's"""
    at: datetime
    """the begin of the hour or day that it was true for"""
    least: Fraction | None
    """in the measure's own unit; None: it was looked, and vCenter did not say"""
    most: Fraction | None
    """more than `least` where something is not known that may make it so much"""
    cluster: str | None = None
    detail: str | None = None


class SpreadPart(NamedTuple):
    """How a VM's CPU ready was spread over hours in which neither its name and place nor the contract changed."""

    start: datetime
    """of the first of the hours"""
    spread: Mapping[int, int]
    """seconds at each whole per cent"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the ledger keeps of one vCenter's objects around a month: facts by id (VMs by `vm_id`), and its hours."""

    vcenter: str
    facts: Mapping[str, Mapping[str, tuple[Fact, ...]]] = field(default_factory=dict)
    """by kind, as agent.model.facts has them: vms, hosts, clusters, datastores"""
    hours: tuple[HourFacts, ...] = ()
    """those in which the agent looked at all, without how CPU ready was spread"""
    cpu_ready: Mapping[str, tuple[SpreadPart, ...]] = field(default_factory=dict)
    """by `vm_id`: how CPU ready was spread"""
    custom_fields: Mapping[int, str] = field(default_factory=dict)
    """names of custom attributes by number"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthEvidence:
    """All that is known of a month, as far as it is over."""

    until: datetime
    """the end of the month, or in a month that runs, up to when is judged; what no ledger tells before it is unknown"""
    servers: tuple[ServerRecord, ...] = ()
    kept: tuple[Kept, ...] = ()
    builds: BuildTable = BuildTable()
    now: datetime | None = None
    """when it is judged: whether a credit may still be claimed; `until` unless given"""
