"""Everything that a month's report tells, put together: verdicts, the bill, incidents, and the evidence under them."""

from datetime import datetime

from agent.dataclass import dataclass
from agent.model.availability import Cause
from agent.model.billing import BillResult
from agent.model.contract import Contract
from agent.model.contract_files import SourceFile
from agent.model.event import Event
from agent.model.incident_match import IncidentMatch, ServerOutage
from agent.model.probe_result import ProbeResult
from agent.model.verdict import Bounds, MonthResult, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownTime:
    """A time in which nothing could tell, and of whom."""

    vcenter: str
    start: datetime
    end: datetime
    cause: Cause | None
    servers: tuple[str, ...]
    """by name, in order"""

    @property
    def seconds(self) -> int:
        """Of each of them."""
        return int((self.end - self.start).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEvent:
    """An event that some figure rests on."""

    vcenter: str
    event: Event
    learned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerState:
    """The ledger that the report was made from."""

    row: int
    """number of its last row then; rows added later are not part of the report"""
    hash: str
    """of that row, hexadecimal"""
    read: tuple[tuple[str, datetime | None, datetime | None], ...]
    """of each vCenter: its name, from when on and up to when its events are read"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVerdict:
    """A claim in a month before."""

    month: str
    claim: str
    bounds: Bounds
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthReport:
    """One month of one contract."""

    contract: Contract
    """the last revision that held in the month"""
    result: MonthResult
    earlier: tuple[PastVerdict, ...] = ()
    """up to twelve months before, as far as the ledger reaches, oldest first"""
    bill: BillResult | None
    """None: the contract says nothing of bills"""
    incidents: tuple[IncidentMatch, ...]
    outages: tuple[ServerOutage, ...]
    """of every server, in order of time"""
    unknown: tuple[UnknownTime, ...]
    events: tuple[ToldEvent, ...]
    files: tuple[SourceFile, ...]
    """of the contract's folder"""
    ledger: LedgerState
    version: str
    """of the program"""
    previous: str | None
    """SHA-256 of the SHA256SUMS of the month before; None: there is none"""
    probes: tuple[ProbeResult, ...] | None = None
    """what Prometheus told when the report was made; None: it was not asked"""
