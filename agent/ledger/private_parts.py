"""What of the evidence tells of persons, and is therefore sealed apart from what proves: a purge may take it out.

An event's time, kind and objects stay for good, and so does who switched a machine off, reset or moved it: that is what a dispute
about an outage is about. Who did anything else, every message and every other field (addresses, sessions, what somebody
typed) is personal. Decided when a row is written; rows that are there keep what was decided for them.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from agent.ledger.causes import (
    CRASHES,
    CREATED,
    GUEST_REBOOTS,
    ISOLATED_VM,
    KILLED,
    MIGRATIONS,
    POWERED_ON,
    RESETS,
    RESTARTED_BY_HA,
    STORAGE_TERMINATED,
)
from agent.model.event import Event
from agent.model.facts import KINDS

AUTHOR_STAYS = (
    POWERED_ON
    | RESTARTED_BY_HA
    | ISOLATED_VM
    | STORAGE_TERMINATED
    | CREATED
    | RESETS
    | CRASHES
    | GUEST_REBOOTS
    | MIGRATIONS
    | {
        *("VmPoweredOffEvent", "VmStoppingEvent", "VmSuspendedEvent", "VmResumingEvent", "VmRemovedEvent"),
        *("VmGuestShutdownEvent", "VmGuestStandbyEvent"),
        *("HostDisconnectedEvent", "EnteredMaintenanceModeEvent", "ExitMaintenanceModeEvent"),
    }
)
"""The kinds of events whose author is not personal: they prove what a machine's or a host's state was."""
_FIELDS_STAY = ("sourceHost.host", "info.descriptionId")
"""From where a machine moved, and which task a TaskEvent is of."""

TEXTS_OF: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(KINDS, frozenset({"config_issues", "alarms"})),
    "vms": frozenset(
        {
            *("annotation", "question", "snapshots", "config_issues", "alarms", "extra_config"),
            *("host_name", "ip_address", "guest_details", "guest_nics"),
        }
    ),
    "switches": frozenset({"description", "contact", "contact_name", "alarms"}),
}
"""Of what objects are like: what people wrote, who acknowledged an alarm, and the addresses of guests."""
_SNAPSHOT_TEXTS = ("name", "description")


class EventParts(NamedTuple):
    """Of an event: who did it, if that stays, the fields that stay, and what is personal."""

    user: str | None
    fields: str
    private: str | None


def parts_of_event(event: Event) -> EventParts:
    """An event as it is written: its message always is personal."""
    stays = event.kind in AUTHOR_STAYS or event.kind.startswith(KILLED)
    kept = {name: value for name, value in event.fields.items() if name in _FIELDS_STAY}
    rest = {name: value for name, value in event.fields.items() if name not in kept}
    private: dict[str, Any] = {}
    if event.user is not None and not stays:
        private["user"] = event.user
    if event.message is not None:
        private["message"] = event.message
    if rest:
        private["fields"] = rest
    return EventParts(event.user if stays else None, _json(kept), _json(private) if private else None)


def sealed_text(name: str, text: str) -> str | None:
    """A row's only text, under the name of its column, as its personal part; None for an empty one."""
    return _json({name: text}) if text else None


def parts_of_record(kind: str, plain: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A record of `facts` as plain values in two: what stays, and what is personal.

    Of snapshots it stays when they were taken.
    """
    texts = {name: plain[name] for name in TEXTS_OF.get(kind, ()) if name in plain}
    stays = {name: value for name, value in plain.items() if name not in texts}
    if "snapshots" in texts:
        stays["snapshots"] = [_without_texts(one) for one in texts["snapshots"]]
    return stays, texts


def deflated_texts(texts: Mapping[str, Any]) -> bytes:
    """The personal part of a record as it is kept."""
    return zlib.compress(_json(dict(sorted(texts.items()))).encode("utf-8", "surrogatepass"), 9)


def inflated_texts(content: bytes) -> dict[str, Any]:
    """What `deflated_texts` made it of."""
    found: dict[str, Any] = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
    return found


def _without_texts(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    stays = {name: value for name, value in snapshot.items() if name not in _SNAPSHOT_TEXTS}
    if "children" in stays:
        stays["children"] = [_without_texts(one) for one in stays["children"]]
    return stays


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
