"""ServiceInstance and SessionManager: the door."""

from datetime import datetime
from typing import Any

from pyVmomi import vim

from agent.simulator.call import Call


def RetrieveServiceContent(call: Call) -> Any:
    """Where everything is; needs no login."""
    return call.this.root("content")


def CurrentTime(call: Call) -> datetime:
    """The clock of vCenter: the estate's, skew included."""
    return call.estate.now()


def Login(call: Call, user: str, password: str, locale: str | None) -> vim.UserSession:
    """Log in; InvalidLogin for a wrong password or a locked account, InvalidState when logged in already."""
    if call.session.user is not None:
        raise vim.fault.InvalidState(msg="This session is logged in already.")
    return call.server.sessions.login(call.session, user, password, locale)


def Logout(call: Call) -> None:
    """End the session and all that lives in it."""
    call.server.sessions.logout(call.session)


def SessionIsActive(call: Call, key: str, user: str) -> bool:
    """Whether a user's session exists; needs Sessions.ValidateSession, which a read-only account lacks."""
    return any(one.user and one.user.key == key and one.name == user for one in call.server.sessions)
