"""Reads the tags of one vCenter: a thread of its own, with a short REST session for each reading.

It begins only once the inventory collector is logged in, so that a wrong password is tried by that one alone; and if
REST refuses the same password, it is not asked again until the password changes: accounts lock.
"""

import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import replace

from agent.clock import Clock
from agent.collectors.loop import RunLog, guarded
from agent.collectors.shared_session import SharedSession
from agent.collectors.slot import WorldSlot
from agent.errors import AgentError, LoginRefused
from agent.model.world import Target
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.tags import TagsRead, read_tags
from agent.vcenter.transport import Transport

log = logging.getLogger("checkmeter.tags")

_LOOK_S = 2.0
"""How often it is looked whether the password has changed."""


class TagCollector:
    """Reads one target's tags for ever, at the pace of what changes slowly."""

    def __init__(
        self,
        endpoint: Endpoint,
        categories: Collection[str],
        slot: WorldSlot,
        clock: Clock,
        *,
        shared: SharedSession,
        password: Callable[[], str],
        stamp: Callable[[], object],
    ) -> None:
        """`password` reads the password anew, `stamp` is a value that changes with it; as for the inventory collector."""
        self._endpoint, self._categories, self._slot, self._clock = endpoint, categories, slot, clock
        self._shared, self._password, self._stamp = shared, password, stamp
        self._log = RunLog("tags", endpoint.slow_interval_s, clock)
        self._transport: Transport | None = None
        self._refused_stamp: object = None
        self._refused = False
        self._said = ""

    def run(self, stop: threading.Event) -> None:
        """Collect until `stop` is set."""
        while not stop.is_set():
            if self._refused and self._stamp() == self._refused_stamp:
                self._clock.wait(_LOOK_S, stop)
                continue
            session = self._shared.borrow(self._clock)
            if session is None:
                return
            transport = self._transport = Transport(self._endpoint, self._clock, session.stub.traffic)
            guarded(self._endpoint.name, lambda: self._round(transport), lambda error: self._failed(error, stop))  # noqa: B023 - called within this turn of the loop
            self._publish_run()
            self._clock.wait(self._endpoint.slow_interval_s, stop)

    def interrupt(self) -> None:
        """Wake the thread from waiting on vCenter, so that it sees that it is to stop."""
        transport = self._transport
        if transport is not None:
            transport.interrupt()

    def _round(self, transport: Transport) -> None:
        with self._log.run():
            self._refused_stamp, self._refused = self._stamp(), False
            found = read_tags(transport, self._endpoint.username, self._password(), self._categories)
        self._complain(found)
        self._slot.update(
            self._endpoint.name,
            lambda target: replace(
                target,
                labelling=replace(
                    target.labelling, tags=found.tags, missing=found.missing, unreadable=found.unreadable
                ),
            ),
        )

    def _complain(self, found: TagsRead) -> None:
        """Once, until it is something else."""
        missing = ", ".join(found.missing)
        said = f"{missing} {found.unreadable}" if missing or found.unreadable else ""
        if said and said != self._said:
            log.warning(
                "tags are not read wholly: categories that are not there or may not be read, tags that may not be read",
                extra={"vcenter": self._endpoint.name, "categories": missing or "-", "tags": found.unreadable},
            )
        self._said = said

    def _failed(self, error: AgentError, stop: threading.Event) -> None:
        """What was read stays for three intervals, then it is unknown again."""
        if stop.is_set():
            return
        self._refused = isinstance(error, LoginRefused)
        if error.problem != self._said:
            log.warning(error.problem, extra={"vcenter": self._endpoint.name, "cure": error.cure})
        self._said = error.problem

    def _publish_run(self) -> None:
        status, stale = self._log.status, self._log.status.stale(self._clock.now())

        def published(target: Target) -> Target:
            labelling = replace(target.labelling, tags=None) if stale else target.labelling
            return replace(target, labelling=labelling, collectors={**target.collectors, "tags": status})

        self._slot.update(self._endpoint.name, published)
