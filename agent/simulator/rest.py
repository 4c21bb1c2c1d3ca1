"""The REST side: sessions by HTTP basic authentication, and tags; as `/api` of vCenter 7.0 U2 and later, and as the older `/rest`."""

import base64
import binascii
import json
import uuid
from dataclasses import field
from http.cookies import SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from pyVmomi import vim

from agent.dataclass import dataclass
from agent.simulator.objects import Estate
from agent.simulator.sessions import Sessions
from agent.simulator.tagging import Tagging

PREFIXES = ("/api", "/rest")
TOKEN = "vmware-api-session-id"  # noqa: S105 - the name of a header, not a secret
_OLD = "/rest/com/vmware"


class RestAnswer(NamedTuple):
    """An HTTP answer; `operation` is what `calls` counts and faults go by, `token` a session that has begun."""

    status: int
    value: Any
    operation: str
    token: str = ""


@dataclass(slots=True)
class Rest:
    """What REST remembers. `prefixes` are those that this vCenter has; `tokens` are the sessions that are open."""

    prefixes: tuple[str, ...] = PREFIXES
    tokens: set[str] = field(default_factory=set)
    logins: int = 0

    def operation(self, method: str, path: str) -> str:
        """The name of a request, whichever API it is spelt for."""
        url = urlsplit(path)
        query = {name.lstrip("~"): values[0] for name, values in parse_qs(url.query).items()}
        last = url.path.rstrip("/").removeprefix(_OLD).removeprefix("/api")
        name = "/".join(part for part in last.split("/") if part and not part.startswith("urn:") and ":" not in part)
        return f"REST {method} {query.get('action', name)}"

    def answer(
        self, estate: Estate, sessions: Sessions, method: str, path: str, *, headers: Any, body: bytes
    ) -> RestAnswer:
        """Answer one request."""
        operation = self.operation(method, path)
        if not path.startswith(self.prefixes):
            return RestAnswer(404, {"error_type": "NOT_FOUND"}, operation)
        old = path.startswith(_OLD)
        url = urlsplit(path)
        action = next(iter(parse_qs(url.query).get("~action" if old else "action", [])), "")
        parts = [unquote(part) for part in url.path.removeprefix(_OLD if old else "/api").split("/") if part]
        if parts in (["session"], ["cis", "session"]):
            return self._session(sessions, method, headers, operation, old=old)
        if _token(headers) not in self.tokens:
            return RestAnswer(401, {"error_type": "UNAUTHENTICATED"}, operation)
        if parts[:2] != ["cis", "tagging"] or len(parts) < 3:
            return RestAnswer(404, {"error_type": "NOT_FOUND"}, operation)
        identity = parts[3].removeprefix("id:") if len(parts) > 3 else ""
        given = json.loads(body) if body else {}
        status, value = _tagging(estate.tagging, (method, parts[2], action), identity, given)
        return RestAnswer(status, {"value": value} if old and status == 200 else value, operation)

    def _session(self, sessions: Sessions, method: str, headers: Any, operation: str, *, old: bool) -> RestAnswer:
        if method == "DELETE":
            self.tokens.discard(_token(headers))
            return RestAnswer(200 if old else 204, None, operation)
        if method != "POST":
            return RestAnswer(405, {"error_type": "UNSUPPORTED"}, operation)
        try:
            user, _, password = (
                base64.b64decode(headers.get("Authorization", "").partition(" ")[2]).decode().partition(":")
            )
            sessions.check(user, password)
        except (vim.fault.InvalidLogin, binascii.Error, UnicodeDecodeError):
            return RestAnswer(401, {"error_type": "UNAUTHENTICATED"}, operation)
        token = uuid.uuid4().hex
        self.tokens.add(token)
        self.logins += 1
        return RestAnswer(200 if old else 201, {"value": token} if old else token, operation, token)


def _token(headers: Any) -> str:
    """The session of a request: vCenter takes it in a header of its own, or as the cookie that it has set."""
    cookie = SimpleCookie(headers.get("Cookie", "")).get(TOKEN)
    return str(headers.get(TOKEN, "") or (cookie.value if cookie else ""))


def _tagging(tagging: Tagging, asked: tuple[str, str, str], identity: str, given: dict[str, Any]) -> tuple[int, Any]:
    """`asked` is the method, the kind of thing, and the operation on it."""
    kind = asked[1]
    known = {"category": tagging.categories, "tag": tagging.tags}.get(kind, {})
    match asked:
        case "GET", "category" | "tag", "":
            if not identity:
                return 200, [one for one in known if one not in tagging.hidden]
            if identity not in known:
                return 404, {"error_type": "NOT_FOUND"}
            return (403, {"error_type": "UNAUTHORIZED"}) if identity in tagging.hidden else (200, known[identity])
        case "POST", "tag", "list-tags-for-category":
            category = identity or given.get("category_id")
            return 200, [one for one, tag in tagging.tags.items() if tag["category_id"] == category]
        case "POST", "tag-association", "list-attached-objects-on-tags":
            wanted = given.get("tag_ids", [])
            if set(wanted) & tagging.hidden:
                return 403, {"error_type": "UNAUTHORIZED"}
            if not set(wanted) <= set(tagging.tags):
                return 404, {"error_type": "NOT_FOUND"}
            return 200, [{"tag_id": one, "object_ids": tagging.attached[one]} for one in wanted]
        case _:
            return 404, {"error_type": "NOT_FOUND"}
