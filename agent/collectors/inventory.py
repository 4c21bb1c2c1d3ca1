"""Keeps one vCenter's inventory: one thread, one session, pushed properties and paced bulk reads in turn.

WaitForUpdatesEx waits no longer than until the next bulk read is due, so one thread owns all state and a push is taken
the moment it comes, at worst after the bulk read that is running.
"""

import logging
import math
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_when_event_set, wait_exponential

from agent.clock import Clock
from agent.collectors.inventory_reading import InventoryReading
from agent.collectors.loop import RunLog, guarded
from agent.collectors.observer import InventoryObserver
from agent.collectors.shared_session import SharedSession
from agent.collectors.slot import WorldSlot
from agent.errors import AgentError, CredentialUnreadable, LoginRefused, VCenterError
from agent.model.world import Problem, Target
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.session import Session, connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport

log = logging.getLogger("checkmeter.inventory")

_CREDENTIAL_LOOK_S = 2.0
"""How often a blocked target looks whether its password file has changed."""
_LONGEST_RETRY_S = 15.0
_MAX_WAIT_S = 30
_AFTER_BUG_S = 120.0
"""A bug of ours mostly comes back at once: no vCenter should be logged in to four times a minute for it."""
BUG = "bug"
"""The kind of problem that is our own."""


class InventoryCollector:
    """Reads one target for ever. Nothing that happens to it touches the other targets."""

    def __init__(
        self,
        endpoint: Endpoint,
        password: Callable[[], str],
        stamp: Callable[[], object],
        slot: WorldSlot,
        clock: Clock,
        *,
        shared: SharedSession | None = None,
        observer: InventoryObserver | None = None,
    ) -> None:
        """Args as follows.

        Args:
            endpoint: Where and how to connect.
            password: Reads the password anew; raises CredentialUnreadable.
            stamp: A value that changes when the credential does.
            slot: Where the target's state is published; it must hold a Target of the endpoint's name.
            clock: The agent's clock.
            shared: Where the session is lent to the target's other collectors.
            observer: Who writes down what is seen to change.
        """
        self._endpoint, self._password, self._stamp = endpoint, password, stamp
        self._slot, self._clock = slot, clock
        self._shared = shared or SharedSession()
        self._observer = observer
        self._transport = Transport(endpoint, clock)
        self._stub = Stub(self._transport)
        self._inventory_log = RunLog("inventory", endpoint.interval_s, clock)
        self._quick_log = RunLog("quick", endpoint.interval_s, clock)
        self._slow_log = RunLog("slow", endpoint.slow_interval_s, clock)
        self._reading = InventoryReading(endpoint.name, clock)
        self._quick_due = self._slow_due = clock.monotonic()
        self._clock_offset: float | None = None
        self._refused_stamp: object = None
        self._publish()

    def run(self, stop: threading.Event) -> None:
        """Collect until `stop` is set; then log out."""
        pause = 1.0
        while not stop.is_set():
            began = self._clock.monotonic()
            guarded(self._endpoint.name, lambda: self._live(stop), lambda error: self._failed(error, stop))
            # a session that is lost soon after each login must not become a storm of logins
            short = self._clock.monotonic() - began < _LONGEST_RETRY_S
            pause = min(2 * pause, _LONGEST_RETRY_S) if short else 1.0
            problem = self._slot_target().problem
            self._pause(_AFTER_BUG_S if problem is not None and problem.kind == BUG else pause, stop)
        if self._observer is not None:
            self._observer.close()

    def interrupt(self) -> None:
        """Wake the thread from waiting on vCenter, so that it sees that it is to stop."""
        self._transport.interrupt()

    def _live(self, stop: threading.Event) -> None:
        """From connecting to the loss of the session."""
        self._wait_for_new_credential(stop)
        if stop.is_set():
            return
        retrying = Retrying(
            retry=retry_if_exception(_worth_retrying),
            wait=wait_exponential(multiplier=0.5, max=_LONGEST_RETRY_S),
            sleep=lambda seconds: self._pause(seconds, stop),
            stop=stop_when_event_set(stop),
            before_sleep=lambda state: self._retry_later(state, stop),
            reraise=True,
        )
        session = retrying(self._open)
        try:
            self._follow(session, stop)
        finally:
            if self._observer is not None:
                self._observer.ended()
            self._shared.take_back()
            self._reading.detach()
            self._clock_offset = None  # measured at each quick reading: what it is now, nobody knows
            session.close()

    def _open(self) -> Session:
        """Log in and read everything but the slow properties once."""
        session = None
        try:
            with self._inventory_log.run():
                session = connect(self._stub, self._endpoint.username, self._read_password(), self._clock)
                self._reading.attach(session)
            with self._quick_log.run():
                self._read_quick(session)
        except BaseException:
            if session is not None:
                self._reading.detach()
                session.close()
            raise
        log.info("connected", extra={"vcenter": self._endpoint.name, "api": session.about.api_version})
        self._refused_stamp = None
        self._publish_up()
        self._observed(polled=True)
        return session

    def _follow(self, session: Session, stop: threading.Event) -> None:
        lent = False
        taken = True  # what vCenter pushes comes in turn with what is polled, also where polling takes all the time
        while not stop.is_set():
            now = self._clock.monotonic()
            polled = False
            if taken and self._slow_due <= now:
                taken = False
                self._slow_due = now + self._endpoint.slow_interval_s
                with self._slow_log.run():
                    self._reading.read_slow(session)
            elif taken and self._quick_due <= now:
                taken, polled = False, True
                with self._quick_log.run():
                    self._read_quick(session)
            else:
                if not lent:  # everything was read once: the others may begin, who have a long past to catch up with
                    self._shared.lend(session)
                    lent = True
                due = min(self._quick_due, self._slow_due) - now
                self._reading.wait(session, min(_MAX_WAIT_S, max(1, math.ceil(due))))
                taken = True
            self._inventory_log.succeeded()
            self._publish()
            self._observed(polled=polled)

    def _observed(self, *, polled: bool) -> None:
        inventory = self._slot_target().inventory
        if self._observer is not None and inventory is not None:
            self._observer.saw(inventory, polled=polled)

    def _read_quick(self, session: Session) -> None:
        self._quick_due = self._clock.monotonic() + self._endpoint.interval_s
        self._clock_offset = session.clock_offset_s()
        if self._observer is not None:
            self._observer.clock_read(self._clock_offset)
        self._reading.read_quick(session)

    def _pause(self, seconds: float, stop: threading.Event) -> None:
        self._clock.wait(seconds, stop)

    def _read_password(self) -> str:
        """The stamp is taken first: a file that changes while it is read counts as changed again."""
        self._refused_stamp = self._stamp()
        return self._password()

    def _wait_for_new_credential(self, stop: threading.Event) -> None:
        while self._slot_target().login_blocked and not stop.is_set():
            if self._stamp() != self._refused_stamp:
                log.info("the credential has changed, trying again", extra={"vcenter": self._endpoint.name})
                self._slot.update(self._endpoint.name, lambda target: replace(target, login_blocked=False))
            else:
                self._clock.wait(_CREDENTIAL_LOOK_S, stop)

    def _slot_target(self) -> Target:
        return self._slot.read()[1].targets[self._endpoint.name]

    def _retry_later(self, state: RetryCallState, stop: threading.Event) -> None:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, AgentError):
            self._failed(error, stop)

    def _failed(self, error: AgentError, stop: threading.Event) -> None:
        """Publish what is wrong; logged once, until it becomes something else."""
        if stop.is_set():  # what fails now was interrupted by ourselves
            return
        if self._observer is not None:
            self._observer.unanswered(error)
        name = self._endpoint.name
        kind = error.kind if isinstance(error, VCenterError) else BUG
        blocked = isinstance(error, (LoginRefused, CredentialUnreadable))
        if isinstance(error, CredentialUnreadable):
            self._stub.traffic.failed(error.kind)
        before = self._slot_target().problem
        if before is None or (before.kind, before.problem) != (kind, error.problem):
            log.warning(error.problem, extra={"vcenter": name, "kind": kind, "cure": error.cure})
        same = before is not None and before.kind == kind
        since = before.since if same and before is not None else self._clock.now()
        problem = Problem(kind=kind, problem=error.problem, cure=error.cure, since=since)
        self._publish(up=False, problem=problem, login_blocked=blocked, connected_since=None)

    def _publish_up(self) -> None:
        self._publish(up=True, problem=None, login_blocked=False, connected_since=self._clock.now())

    def _publish(self, **changes: Any) -> None:
        now = self._clock.now()
        logs = {run.name: run.status for run in (self._inventory_log, self._quick_log, self._slow_log)}
        inventory = self._reading.inventory(self._quick_log.status, self._slow_log.status, now)
        self._slot.update(
            self._endpoint.name,
            lambda target: replace(
                target,
                inventory=inventory,
                collectors={**target.collectors, **logs},
                calls=self._stub.traffic.statistics,
                clock_offset_s=self._clock_offset,
                certificate_expires=self._transport.certificate_expires,
                **changes,
            ),
        )


def _worth_retrying(error: BaseException) -> bool:
    """A refused login and an unreadable password file wait for a person; everything else passes by itself."""
    return isinstance(error, VCenterError) and not isinstance(error, (LoginRefused, CredentialUnreadable))
