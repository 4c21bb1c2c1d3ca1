"""The vendor's list of incidents beside our outages."""

from datetime import datetime
from enum import StrEnum

from agent.dataclass import dataclass
from agent.model.availability import Cause, Evidence
from agent.model.contract_files import ReceivedIncident


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOutage:
    """One outage of one server, as the ledger has it."""

    vcenter: str
    vm_id: str
    name: str
    start: datetime
    end: datetime
    earliest_start: datetime
    cause: Cause | None
    who: str | None
    evidence: tuple[Evidence, ...] = ()
    excused: bool = False
    """it lies within accepted planned work or an exclusion, or the customer did it: none that a vendor must report"""

    @property
    def seconds(self) -> int:
        """What is certain, in whole seconds."""
        return int((self.end - self.start).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnIncident:
    """Outages that belong together: of one cause, and at one time."""

    outages: tuple[ServerOutage, ...]
    """in order of their begin"""
    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """From the first begin to the last end."""
        return int((self.end - self.start).total_seconds())

    @property
    def servers(self) -> tuple[str, ...]:
        """Names, each once, in order."""
        return tuple(sorted({one.name for one in self.outages}))

    @property
    def excused(self) -> bool:
        """All of it is."""
        return all(one.excused for one in self.outages)


class Match(StrEnum):
    """What became of an incident."""

    MATCHED = "matched"
    ONLY_OURS = "only_ours"
    """we measured it and the vendor does not tell of it"""
    ONLY_THEIRS = "only_theirs"
    """the vendor tells of it and we measured nothing: perhaps something that vCenter does not see"""
    EXCUSED = "excused"
    """only ours, and none that the vendor must report"""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentMatch:
    """One incident of either side, or of both."""

    match: Match
    ours: OwnIncident | None = None
    theirs: ReceivedIncident | None = None

    @property
    def start(self) -> datetime:
        """Ours where there is one."""
        if self.ours is not None:
            return self.ours.start
        assert self.theirs is not None  # noqa: S101 - one of both is there
        return self.theirs.start

    @property
    def start_difference_s(self) -> int | None:
        """How much later the vendor lets it begin."""
        if self.ours is None or self.theirs is None:
            return None
        return int((self.theirs.start - self.ours.start).total_seconds())

    @property
    def length_difference_s(self) -> int | None:
        """How much shorter the vendor makes it: ours minus theirs."""
        if self.ours is None or self.theirs is None:
            return None
        told = self.theirs.incident.to - self.theirs.incident.from_
        return self.ours.seconds - int(told.total_seconds())

    @property
    def missing_servers(self) -> int | None:
        """How many servers fewer the vendor counts; None where the vendor does not say how many."""
        if self.ours is None or self.theirs is None:
            return None
        told = self.theirs.incident.vms
        if told is None:
            told = len(self.theirs.incident.servers) or None
        return None if told is None else len(self.ours.servers) - told
