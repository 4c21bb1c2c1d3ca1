"""A short session of vCenter's REST API: log in, ask, log out. `/api` where vCenter has it (7.0 U2 and later), else `/rest`."""

import base64
import contextlib
import json
from collections.abc import Iterator
from typing import Any

from agent.dataclass import dataclass
from agent.errors import LoginRefused, NotPermitted, Refused, SessionLost, Undecodable, Unreachable, VCenterError
from agent.vcenter.transport import Transport

_MOST_BYTES = 64 * 1024 * 1024
_NOT_THERE = frozenset({400, 404, 405, 501})
"""What servers say to a path that they do not have."""
_TOKEN = "vmware-api-session-id"  # noqa: S105 - the name of a header, not a secret


@dataclass(frozen=True, slots=True)
class Style:
    """How one of the two APIs spells the same requests."""

    prefix: str
    session: str
    action: str
    """the parameter that names an operation"""

    def listing(self, kind: str) -> str:
        """All ids of a kind."""
        return f"{self.prefix}/{kind}"

    def one(self, kind: str, identity: str) -> str:
        """One object of a kind."""
        return f"{self.prefix}/{kind}/{identity}" if self.prefix == "/api" else f"{self.prefix}/{kind}/id:{identity}"

    def operation(self, kind: str, name: str) -> str:
        """An operation on a kind."""
        return f"{self.prefix}/{kind}?{self.action}={name}"


API = Style("/api", "/api/session", "action")
REST = Style("/rest/com/vmware", "/rest/com/vmware/cis/session", "~action")

READ_ONLY_REQUESTS = frozenset(
    {
        ("GET", "cis/tagging/category"),
        ("GET", "cis/tagging/tag"),
        ("POST", "cis/tagging/tag?list-tags-for-category"),
        ("POST", "cis/tagging/tag-association?list-attached-objects-on-tags"),
    }
)
"""All that is ever asked besides the session itself; each only reads, and needs System.Read on what it reads."""


class RestSession:
    """Logged in. Not for several threads at once."""

    def __init__(self, transport: Transport, style: Style, token: str) -> None:
        self._transport, self.style, self._token = transport, style, token

    def list_ids(self, kind: str) -> list[str]:
        """The ids of all that the account may read. Raises a VCenterError."""
        return [str(one) for one in self._ask("GET", kind, self.style.listing(kind), None)]

    def get(self, kind: str, identity: str) -> dict[str, Any]:
        """One object. Raises a VCenterError."""
        found = self._ask("GET", kind, self.style.one(kind, identity), None)
        if not isinstance(found, dict):
            raise Undecodable(f"{self._name}: {kind} is no object", cure="report it with the version of vCenter")
        return found

    def call(self, kind: str, operation: str, arguments: dict[str, Any]) -> list[Any]:
        """A listing operation. Raises a VCenterError."""
        path = self.style.operation(kind, operation)
        if operation == "list-tags-for-category" and self.style is REST:
            # the older API takes the one argument in the path
            path = f"{self.style.one(kind, arguments['category_id'])}?{self.style.action}={operation}"
            arguments = {}
        found = self._ask("POST", f"{kind}?{operation}", path, json.dumps(arguments).encode())
        if not isinstance(found, list):
            raise Undecodable(f"{self._name}: {operation} is no list", cure="report it with the version of vCenter")
        return found

    def close(self) -> None:
        """Log out. Never raises."""
        transport = self._transport
        with contextlib.suppress(VCenterError), transport.whole(), transport.traffic.call("REST logout"):
            _exchange(transport, "DELETE", self.style.session, None, {_TOKEN: self._token})

    @property
    def _name(self) -> str:
        return self._transport.endpoint.name

    def _ask(self, method: str, what: str, path: str, body: bytes | None) -> Any:
        if (method, what) not in READ_ONLY_REQUESTS:
            raise TypeError(f"{method} {what} is not in READ_ONLY_REQUESTS: the agent never sends it")
        headers = {_TOKEN: self._token} | ({"Content-Type": "application/json"} if body is not None else {})
        with self._transport.traffic.call(f"REST {what.partition('/')[2].replace('?', ' ')}"):
            status, answer = _exchange(self._transport, method, path, body, headers)
            if status not in {200, 201}:
                raise _failure(self._transport, status, what)
            return _value(self._transport, answer)


@contextlib.contextmanager
def rest_session(transport: Transport, username: str, password: str) -> Iterator[RestSession]:
    """Log in once; log out at the end.

    Raises:
        LoginRefused: do not try again with this password.
        Refused: the server has neither API, as a standalone host.
        VCenterError: anything else.
    """
    try:
        session = _log_in(transport, username, password)
        try:
            yield session
        finally:
            session.close()
    finally:
        transport.close()


def _log_in(transport: Transport, username: str, password: str) -> RestSession:
    pair = base64.b64encode(f"{username}:{password}".encode()).decode()
    for style in (API, REST):
        with transport.whole(), transport.traffic.call("REST login"):
            # a connection of its own: sent once, so that a wrong password counts once
            status, answer = _exchange(
                transport, "POST", style.session, b"", {"Authorization": f"Basic {pair}"}, reuse=False
            )
            if status in _NOT_THERE:
                continue
            if status not in {200, 201}:
                raise _failure(transport, status, "login")
            return RestSession(transport, style, str(_value(transport, answer)))
    raise Refused(
        f"{transport.endpoint.name}: has no REST API for tags", fault="NotFound", cure="take `tags` out of `labels`"
    )


def _exchange(
    transport: Transport, method: str, path: str, body: bytes | None, headers: dict[str, str], *, reuse: bool = True
) -> tuple[int, bytes]:
    found = bytearray()
    with transport.rest(method, path, body, headers, reuse=reuse) as answer:
        for chunk in answer.chunks:
            found += chunk
            if len(found) > _MOST_BYTES:
                raise Undecodable(
                    f"{transport.endpoint.name}: an answer of more than {_MOST_BYTES} bytes",
                    cure="name fewer categories",
                )
        return answer.status, bytes(found)


def _value(transport: Transport, answer: bytes) -> Any:
    """The answer; the older API wraps it in an object."""
    try:
        found = json.loads(answer)
    except ValueError:
        raise Undecodable(
            f"{transport.endpoint.name}: the answer is no JSON", cure="see what stands between the agent and vCenter"
        ) from None
    return found["value"] if isinstance(found, dict) and set(found) == {"value"} else found


def _failure(transport: Transport, status: int, what: str) -> VCenterError:
    name = transport.endpoint.name
    if status == 401 and what == "login":
        return LoginRefused(
            f"{name}: the REST API refused the login of {transport.endpoint.username}",
            cure="the account needs a login by single sign-on; tags are not asked for again until its password changes",
        )
    if status == 401:
        return SessionLost(f"{name}: the REST session has ended", cure="a new one is made at the next reading")
    if status == 403:
        return NotPermitted(
            f"{name}: may not read {what}",
            privilege="System.Read",
            cure="ask for the role Read-only as a global permission: tags stand outside the inventory",
        )
    if status == 404:
        return Refused(
            f"{name}: {what} is not there", fault="NotFound", cure="it was removed meanwhile, or is not offered"
        )
    return Unreachable(
        f"{name}: {what} answers HTTP {status}", cure="vCenter is starting or overloaded; it is asked again"
    )
