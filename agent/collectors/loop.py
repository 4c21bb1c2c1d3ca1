"""What every collector's run looks like: counted, timed, and with the agent's one catch-all."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from agent.clock import Clock
from agent.errors import AgentError, Starved, is_starvation
from agent.model.world import CollectorStatus

log = logging.getLogger("checkmeter.collector")


class RunLog:
    """The status of one collector, kept up to date around each of its runs."""

    def __init__(self, name: str, interval_s: float, clock: Clock) -> None:
        self.name = name
        self.status = CollectorStatus(interval_s=interval_s)
        self._clock = clock

    def succeeded(self) -> None:
        """Fresh as of now, outside of a run (a long wait that ended with an answer)."""
        self.status = replace(self.status, last_success=self._clock.now())

    @contextmanager
    def run(self) -> Iterator[None]:
        """One run. What fails is counted and passes through."""
        started = self._clock.monotonic()
        try:
            yield
        except AgentError:
            self.status = replace(self.status, runs=self.status.runs + 1, failures=self.status.failures + 1)
            raise
        except Exception as error:
            ours = not is_starvation(error)
            self.status = replace(
                self.status,
                runs=self.status.runs + 1,
                failures=self.status.failures + (not ours),
                bugs=self.status.bugs + ours,
            )
            raise
        self.status = replace(
            self.status,
            runs=self.status.runs + 1,
            last_success=self._clock.now(),
            last_duration_s=self._clock.monotonic() - started,
        )


def guarded(name: str, work: Callable[[], None], on_error: Callable[[AgentError], None]) -> None:
    """Do `work`; an AgentError is handed on, want of memory as one; anything else is a bug of ours, logged as such.

    The agent lives on.
    """
    try:
        work()
    except AgentError as error:
        on_error(error)
    except Exception as bug:
        if is_starvation(bug):
            on_error(Starved(name))
            return
        log.exception("a bug in the agent, please report it", extra={"vcenter": name})
        on_error(AgentError(f"{name}: a bug in the agent ({type(bug).__name__})", cure="please report it with the log"))
