"""How the contract stands: what the claims collector last made of it."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from agent.dataclass import dataclass
from agent.model.billing import BillResult
from agent.model.incident_match import IncidentMatch
from agent.model.verdict import Bounds, MonthResult


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFigure:
    """An availability of a month that is over."""

    month: str
    claim: str
    bounds: Bounds
    """percent"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What the vendor sent for a month, beside what was measured."""

    bill: BillResult | None
    """None: no bill was received, or the contract says nothing of bills"""
    incidents: tuple[IncidentMatch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsStatus:
    """Of the one contract that the configuration names."""

    contract: str | None = None
    """its name; None before it could be read"""
    display_name: str | None = None
    revision: int | None = None
    problems: tuple[str, ...] = ()
    """why the files cannot be used, or why nothing can be judged: a line each"""
    valid: bool | None = None
    """whether the files can be used; None before they were read"""
    recorded: frozenset[str] = frozenset()
    """metrics and health checks that claims name: kept in the ledger from then on"""
    months: Mapping[str, MonthResult] = field(default_factory=dict)
    """the running month and the one before it, by name"""
    this_month: str | None = None
    last_month: str | None = None
    history: tuple[PastFigure, ...] = ()
    """the twelve months before those, as far as the ledger reaches; oldest first"""
    papers: Mapping[str, Papers] = field(default_factory=dict)
    """of the same months"""
    evaluated_at: datetime | None = None
    """the agent's clock"""
