"""Who may ask: basic authentication with bcrypt, failed logins limited by address, headers of the web configuration."""

import asyncio
import base64
import binascii
import hashlib
import ipaddress
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import field

import bcrypt

from agent.clock import Clock
from agent.dataclass import dataclass
from exporters.asgi import App, Message, Receive, Response, Scope, Send
from exporters.web_protection import Protection

OPEN_PATHS = frozenset({"/healthz"})
"""It says `alive` and nothing else, to probes that have no password."""
FAILURES_AT_ONCE = 10
FAILURE_EVERY_S = 6.0
"""Ten wrong passwords at once, then one in six seconds: for each client address."""
REMEMBERED_ADDRESSES = 4096
HASHES_AT_ONCE = 2
LONGEST_PASSWORD_BYTES = 72
"""bcrypt looks at no more."""
IPV6_NETWORK = 64
"""One client has as many addresses as it likes within it."""

log = logging.getLogger("checkmeter.web")


class Attempts:
    """How many more wrong passwords each address may send: a bucket that fills again with time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> bool:
        """Whether `client` may try; if so, it has one try fewer until `give_back`."""
        left = self._left(client)
        if left < 1.0:
            return False
        self._keep(client, left - 1.0)
        return True

    def give_back(self, client: str) -> None:
        """The password was right."""
        self._keep(client, min(self._left(client) + 1.0, FAILURES_AT_ONCE))

    def _left(self, client: str) -> float:
        left, at = self._buckets.get(client, (float(FAILURES_AT_ONCE), 0.0))
        return min(left + (self._clock.monotonic() - at) / FAILURE_EVERY_S, FAILURES_AT_ONCE)

    def _keep(self, client: str, left: float) -> None:
        self._buckets[client] = (left, self._clock.monotonic())
        self._buckets.move_to_end(client)
        if len(self._buckets) > REMEMBERED_ADDRESSES:
            self._buckets.popitem(last=False)


@dataclass(slots=True, kw_only=True)
class Logins:
    """The users of one `Protection`, and which credentials were right: a hash takes a quarter of a second."""

    users: Mapping[str, bytes] = field(repr=False)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _known: set[bytes] = field(default_factory=set, repr=False)
    _nobodys: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Compared for a user that does not exist: it costs as much as the dearest, so that time does not tell."""
        dearest = max((hashed[4:6] for hashed in self.users.values()), default=b"10")
        self._nobodys = b"$2b$" + dearest + b"$" + b"." * 53

    def known(self, credentials: str) -> bool:
        """Whether just this header was right before."""
        return self._mark(credentials) in self._known

    def check(self, credentials: str) -> bool:
        """Whether the header names a user with their password; takes the same time when there is no such user."""
        try:
            decoded = base64.b64decode(credentials.partition(" ")[2].strip(), validate=True)
        except (ValueError, binascii.Error):
            return False
        name, colon, password = decoded.partition(b":")
        hashed = self.users.get(name.decode("utf-8", "replace")) if colon else None
        if len(password) > LONGEST_PASSWORD_BYTES:
            return False
        try:
            right = bcrypt.checkpw(password, hashed or self._nobodys) and hashed is not None
        except ValueError:
            return False
        if right:
            self._known.add(self._mark(credentials))
        return right

    def _mark(self, credentials: str) -> bytes:
        return hashlib.blake2b(credentials.encode(), key=self._key).digest()


class Guard:
    """An ASGI app before another one. `protection` gives what holds now; a new one takes effect with the next request."""

    def __init__(
        self, app: App, protection: Callable[[], Protection], clock: Clock, always: tuple[tuple[str, str], ...]
    ) -> None:
        """`always` are the headers of the guard's own answers."""
        self._app = app
        self._protection = protection
        self._attempts = Attempts(clock)
        self._hashing = asyncio.Semaphore(HASHES_AT_ONCE)
        self._always = always
        self._logins = (Protection(), Logins(users={}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 or 429, or let the app answer."""
        protection = self._protection()
        if protection.headers:
            send = _with_headers(send, protection.headers)
        refusal = None
        if protection.users and scope["path"] not in OPEN_PATHS:
            refusal = await self._refusal(protection, scope)
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await refusal.send_to(send, self._always)

    async def _refusal(self, protection: Protection, scope: Scope) -> Response | None:
        if self._logins[0] is not protection:
            self._logins = (protection, Logins(users=protection.users))
        logins = self._logins[1]
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        credentials = given[0].decode("latin-1") if len(given) == 1 else ""
        if credentials[:6].lower() != "basic ":
            return _unauthorized()
        if logins.known(credentials):
            return None
        client = _client(scope)
        if not self._attempts.take(client):
            return Response.text(
                "Too many wrong passwords from this address.",
                status=429,
                headers={"Retry-After": str(int(FAILURE_EVERY_S))},
            )
        async with self._hashing:
            right = await asyncio.to_thread(logins.check, credentials)
        if right:
            self._attempts.give_back(client)
            return None
        # The name is not logged: people type their password into the wrong field.
        log.warning("login refused", extra={"client": client})
        return _unauthorized()


def _unauthorized() -> Response:
    challenge = {"WWW-Authenticate": 'Basic realm="checkmeter", charset="UTF-8"'}
    return Response.text("A user name and a password are needed.", status=401, headers=challenge)


def _client(scope: Scope) -> str:
    """Where the request came from, an IPv6 client by its network."""
    host = str((scope.get("client") or ("?",))[0])
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((int(address), IPV6_NETWORK), strict=False))


def _with_headers(send: Send, headers: tuple[tuple[str, str], ...]) -> Send:
    ours = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    names = {name for name, _ in ours}

    async def send_more(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message["headers"] if pair[0] not in names]
            message = {**message, "headers": [*kept, *ours]}
        await send(message)

    return send_more
