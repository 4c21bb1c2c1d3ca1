"""What counters stood at while nobody could scrape them: counted later, with the time that each sample was of."""

from collections.abc import Sequence
from typing import Protocol

from agent.dataclass import dataclass
from agent.model.inventory import Inventory
from agent.model.performance import EntityPerformance, Performance


@dataclass(frozen=True, slots=True, kw_only=True)
class LateSamples:
    """One object's counters at several past moments, oldest first; times are epoch seconds on the agent's clock."""

    target: str
    inventory: Inventory
    performance: Performance
    """which counters are read, and how vCenter has them; its figures are not used"""
    kind: str
    """vm, host, …"""
    entity: str
    """the object's stable id"""
    moments: Sequence[tuple[float, EntityPerformance]]


class LateSampleReceiver(Protocol):
    """Who keeps them or sends them on. What is handed over twice is the same both times."""

    def add(self, samples: LateSamples) -> None:
        """Take one object's samples."""

    def flush(self) -> None:
        """All of a round was added. Never raises: a round does not fail for want of whom to tell of it."""
