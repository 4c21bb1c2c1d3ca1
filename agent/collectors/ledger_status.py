"""Where the threads that write the ledger say how they fare."""

import logging
from collections.abc import Callable
from dataclasses import replace

from agent.clock import Clock
from agent.collectors.slot import WorldSlot
from agent.errors import AgentError
from agent.model.world import LedgerStatus, Problem, Target

log = logging.getLogger("checkmeter.ledger")


class LedgerReporter:
    """Publishes one part of a target's LedgerStatus; `part` is events or observations."""

    def __init__(self, slot: WorldSlot, name: str, part: str, clock: Clock) -> None:
        self._slot, self._name, self._part, self._clock = slot, name, part, clock
        self._problem: Problem | None = None

    def change(self, change: Callable[[LedgerStatus], LedgerStatus]) -> None:
        """Replace the status by what `change` makes of it."""

        def changed(target: Target) -> Target:
            return replace(target, ledger=change(target.ledger))

        self._slot.update(self._name, changed)

    def written(self) -> None:
        """Evidence was written: what may have been wrong is over."""
        if self._problem is not None:
            log.info("the ledger is written again", extra={"vcenter": self._name, "part": self._part})
            self._problem = None
            self.change(
                lambda status: replace(
                    status, problems={part: one for part, one in status.problems.items() if part != self._part}
                )
            )

    def unavailable(self, error: AgentError) -> None:
        """Evidence could not be written. Metrics go on; what was missed is read again from vCenter."""
        before = self._problem
        if before is None or before.problem != error.problem:
            log.error(error.problem, extra={"vcenter": self._name, "part": self._part, "cure": error.cure})
        since = self._clock.now() if before is None else before.since
        problem = Problem(kind="ledger", problem=error.problem, cure=error.cure, since=since)
        self._problem = problem
        if problem != before:
            self.change(lambda status: replace(status, problems={**status.problems, self._part: problem}))
