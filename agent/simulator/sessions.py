"""Sessions: who is logged in, what belongs to each session, and the lockout after repeated wrong passwords."""

import hmac
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from pyVmomi import vim

from agent.dataclass import dataclass
from agent.simulator.objects import Entry, Estate
from agent.simulator.schema import id_of

# The ids of SessionManager on vCenter and on ESXi.
SESSION_MANAGERS = ("SessionManager", "ha-sessionmgr")
LOCKOUT_FAILURES = 5
LOCKOUT_WINDOW = timedelta(seconds=180)
LOCKOUT_DURATION = timedelta(seconds=900)


@dataclass(slots=True)
class Session:
    """One client's session. Views, property collectors and event collectors live in it and die with it."""

    cookie: str
    user: vim.UserSession | None = None
    # The managed objects that only this session sees, and what their operations remember about them, by id.
    entries: dict[str, Entry] = field(default_factory=dict)
    held: dict[str, Any] = field(default_factory=dict)
    closed: bool = False
    # Rises when a view of this session is changed by its own operations.
    structure: int = 0

    @property
    def name(self) -> str:
        """The logged-in user, empty before login."""
        return str(self.user.userName) if self.user else ""

    def own(self, type_: Any, props: dict[str, Any], held: Any) -> Any:
        """Add a managed object that lives as long as this session; returns its reference."""
        key = self.user.key if self.user else self.cookie
        ref = type_(f"session[{key}]{uuid.uuid4()}")
        self.entries[id_of(ref)] = Entry(ref, props)
        self.held[id_of(ref)] = held
        return ref

    def disown(self, moid: str) -> Any:
        """Take such an object away; returns what was held for it, None when there was none."""
        self.entries.pop(moid, None)
        return self.held.pop(moid, None)


class Sessions:
    """Every session of a simulated vCenter, by its cookie."""

    def __init__(self, estate: Estate, users: Mapping[str, str]) -> None:
        self.users = dict(users)
        self._estate = estate
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._failures: dict[str, list[datetime]] = {}
        self._locked_until: dict[str, datetime] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._sessions.values()))

    def find(self, cookie: str) -> Session:
        """The session of a cookie, or a new one that is not logged in."""
        return self._sessions.get(cookie) or self._new()

    def login(self, session: Session, user: str, password: str, locale: str | None) -> vim.UserSession:
        """Log a session in; InvalidLogin for a wrong name or password, and for the right one while locked out."""
        now = self._estate.now()
        self.check(user, password)
        with self._lock:
            session.user = vim.UserSession(
                key=str(uuid.uuid4()),
                userName=user,
                fullName=user,
                loginTime=now,
                lastActiveTime=now,
                locale=locale or "en",
                messageLocale=locale or "en",
                extensionSession=False,
                ipAddress="127.0.0.1",
                userAgent="",
                callCount=0,
            )
            session.closed = False
            self._sessions[session.cookie] = session
            return session.user

    def check(self, user: str, password: str) -> None:
        """InvalidLogin for a wrong name or password, and for the right one while locked out."""
        now = self._estate.now()
        with self._lock:
            expected = self.users.get(user)
            right = expected is not None and hmac.compare_digest(expected.encode(), password.encode())
            if not right or now < self._locked_until.get(user, now):
                self._count_failure(user, now)
                raise vim.fault.InvalidLogin(
                    msg="Cannot complete login due to an incorrect user name or password.",
                )
            self._failures.pop(user, None)

    def logout(self, session: Session) -> None:
        """End a session with everything that lives in it."""
        with self._estate.lock:
            with self._lock:
                self._sessions.pop(session.cookie, None)
            session.user = None
            session.closed = True
            session.entries.clear()
            session.held.clear()
            self._estate.lock.notify_all()

    def end_all(self, user: str | None = None) -> int:
        """End every session, or every session of one user; returns how many there were."""
        ended = [session for session in self if user in (None, session.name)]
        for session in ended:
            self.logout(session)
        return len(ended)

    def _new(self) -> Session:
        """A session with its own view of SessionManager, two of whose properties depend on who asks."""
        session = Session(uuid.uuid4().hex)
        for moid in SESSION_MANAGERS:
            if moid in self._estate:
                shared = self._estate.entry(moid)
                own = {
                    "currentSession": lambda: session.user,
                    "sessionList": lambda: [one.user for one in self if one.user],
                }
                session.entries[moid] = Entry(shared.ref, {**shared.props, **own})
        return session

    def _count_failure(self, user: str, now: datetime) -> None:
        recent = [at for at in self._failures.get(user, []) if now - at < LOCKOUT_WINDOW]
        recent.append(now)
        self._failures[user] = recent
        if len(recent) >= LOCKOUT_FAILURES:
            self._locked_until[user] = now + LOCKOUT_DURATION
