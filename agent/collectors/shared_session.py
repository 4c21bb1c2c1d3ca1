"""One login a vCenter: the inventory collector makes the session, the other collectors read with it.

So a wrong password is tried by one thread only, and vCenter sees one session. A borrower has a connection of its own;
when the session is lost it fails with SessionLost and borrows again.
"""

import threading

from agent.clock import Clock
from agent.vcenter.session import Session
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport


class SharedSession:
    """Where the session is left for others to borrow."""

    def __init__(self) -> None:
        self._session: Session | None = None
        self._changed = threading.Condition()
        self._stopping = False
        self._waiting: set[int] = set()

    def lend(self, session: Session) -> None:
        """From now on this session may be borrowed."""
        with self._changed:
            self._session = session
            self._changed.notify_all()

    def take_back(self) -> None:
        """There is no session to borrow until the next `lend`."""
        with self._changed:
            self._session = None

    def awaited_with(self, clock: Clock) -> bool:
        """Whether the borrower that has this clock waits for a session: as long as there is none."""
        return id(clock) in self._waiting

    def stop(self) -> None:
        """Wake everyone who waits to borrow; there will be nothing more."""
        with self._changed:
            self._stopping = True
            self._session = None
            self._changed.notify_all()

    def borrow(self, clock: Clock, not_this: Session | None = None) -> Session | None:
        """Wait for a session other than one made from `not_this`; None when the agent stops.

        The result has its own stub and connection; closing it drops the connection and does not log out.
        """
        with self._changed:
            self._waiting.add(id(clock))
            self._changed.wait_for(
                lambda: self._stopping or (self._session is not None and not _same(self._session, not_this))
            )
            self._waiting.discard(id(clock))
            if self._stopping or self._session is None:
                return None
            lender = self._session
        stub = Stub(Transport(lender.stub.transport.endpoint, clock, lender.stub.traffic))
        return lender.for_another_thread(stub)


def _same(session: Session, borrowed: Session | None) -> bool:
    return borrowed is not None and session.stub.transport.cookie == borrowed.stub.transport.cookie
