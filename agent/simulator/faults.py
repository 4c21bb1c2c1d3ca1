"""What can be made to go wrong with a simulated vCenter, at any time, from tests, scenarios and the command line."""

import re
import threading
from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from agent.dataclass import dataclass
from agent.simulator.access import Access, Denial
from agent.simulator.objects import Estate
from agent.simulator.sessions import Sessions

WireKind = Literal["hang", "reset", "status", "garbage", "broken off"]


@dataclass(slots=True)
class WireFault:
    """A broken answer to `operation` (None: any), `remaining` times (None: until cleared)."""

    kind: WireKind
    operation: str | None
    remaining: int | None
    status: int = 503
    body: bytes = b"\x00\x1f}{ not an envelope"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleGap:
    """Samples of an entity (None: all) that read -1 from after `start` up to and with `end`."""

    moid: str | None
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LateSamples:
    """How long the newest samples of an entity stay away: left out, or there as -1 (`as_gap`)."""

    seconds: float
    as_gap: bool


@dataclass(slots=True)
class Faults:
    """The switchboard. `restart` and `swap_certificate` are carried out by the server that owns this."""

    estate: Estate
    sessions: Sessions
    access: Access
    _restart: Callable[[float], None]
    _swap: Callable[[bool], None]
    # Event pages are read first and filtered by visibility afterwards: short and empty pages though more events exist.
    raw_event_pages: bool = False
    # The most objects in one page of properties, whatever the client asks; None: as the client asks.
    page_limit: int | None = None
    delays: dict[str | None, float] = field(default_factory=dict)
    late: dict[str | None, LateSamples] = field(default_factory=dict)
    gaps: list[SampleGap] = field(default_factory=list)
    spoilt: dict[tuple[str, str], Callable[[str], str]] = field(default_factory=dict)
    spoilt_events: dict[int, Callable[[str], str]] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)
    _wire: list[WireFault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # The whole vCenter

    def restart(self, down_seconds: float = 0.0) -> None:
        """Restart vCenter: sessions, views, filters and collectors die. Meanwhile connections are refused."""
        self._restart(down_seconds)

    def kill_sessions(self, user: str | None = None) -> int:
        """End every session (of one user); returns how many there were."""
        return self.sessions.end_all(user)

    def swap_certificate(self, *, expired: bool = False) -> None:
        """Present another authority's certificate from the next connection on; open connections are closed."""
        self._swap(expired)

    def skew_clock(self, seconds: float) -> None:
        """Set vCenter's clock `seconds` ahead of (negative: behind) the machine's."""
        self.estate.skew = timedelta(seconds=seconds)

    # One answer

    def delay(self, seconds: float, operation: str | None = None) -> None:
        """Wait before every answer to `operation` (None: to any); 0 ends it."""
        self.delays[operation] = seconds

    def hang(self, operation: str | None = None, times: int | None = 1) -> None:
        """Stop in the middle of the body, until `release` or until the client gives up."""
        self.released.clear()
        self._add(WireFault("hang", operation, times))

    def release(self) -> None:
        """Let hanging answers go: their connections are closed."""
        self.released.set()

    def reset(self, operation: str | None = None, times: int | None = 1) -> None:
        """Reset the connection in place of an answer."""
        self._add(WireFault("reset", operation, times))

    def answer_status(self, status: int = 503, operation: str | None = None, times: int | None = 1) -> None:
        """Answer with an HTTP status and a page, as a proxy before vCenter does."""
        self._add(WireFault("status", operation, times, status))

    def answer_garbage(self, operation: str | None = None, times: int | None = 1, body: bytes | None = None) -> None:
        """Answer 200 with a body that is no XML, or with `body`, whatever that is."""
        fault = WireFault("garbage", operation, times)
        self._add(fault if body is None else replace(fault, body=body))

    def break_off(self, operation: str | None = None, times: int | None = 1) -> None:
        """Close the connection in the middle of the body."""
        self._add(WireFault("broken off", operation, times))

    # One object

    def control_character(self, moid: str, path: str = "name") -> None:
        """End a property's text with a character that XML forbids: the whole answer is malformed."""
        self.spoilt[moid, path] = lambda xml: xml.replace("</val>", "\x01</val>")

    def unknown_enum(self, moid: str, path: str) -> None:
        """Give a property a value that its enumeration does not have."""
        self.spoilt[moid, path] = lambda xml: re.sub(r">[^<]*</val>", ">unheardOf</val>", xml)

    def unknown_type(self, moid: str, path: str) -> None:
        """Give a property a type that no client knows."""
        self.spoilt[moid, path] = lambda xml: re.sub(r'xsi:type="[^"]*"', 'xsi:type="UnheardOfType"', xml, count=1)

    # One event, by its key

    def control_character_in_event(self, key: int) -> None:
        """End an event's text with a character that XML forbids: the whole page is malformed."""
        self.spoilt_events[key] = lambda xml: xml.replace("</returnval>", "\x01</returnval>")

    def unknown_event_class(self, key: int) -> None:
        """Give an event a class that no client knows."""
        self.spoilt_events[key] = lambda xml: re.sub(r'xsi:type="[^"]*"', 'xsi:type="UnheardOfEvent"', xml, count=1)

    # What an account may see

    def deny(self, user: str | None, type_: Any, path: str, privilege: str) -> None:
        """Refuse a property of objects of a type to an account (None: to any), naming the privilege that is missing."""
        self._changed(lambda: self.access.denials.append(Denial(user=user, type=type_, path=path, privilege=privilege)))

    def limit_visibility(self, user: str, folder: str | None) -> None:
        """Let an account see only a folder (its id) and what is below it; None lets it see everything again."""

        def change() -> None:
            if folder is None:
                self.access.limits.pop(user, None)
            else:
                self.access.limits[user] = folder

        self._changed(change)

    # Performance

    def delay_samples(self, seconds: float, moid: str | None = None, *, as_gap: bool = False) -> None:
        """Keep the newest samples of an entity (None: of all) away for a while; 0 ends it."""
        self.late[moid] = LateSamples(seconds=seconds, as_gap=as_gap)

    def lose_samples(self, start: datetime, end: datetime, moid: str | None = None) -> None:
        """Make samples after `start` up to and with `end` read -1, for an entity or for all, for ever."""
        self.gaps.append(SampleGap(moid=moid, start=start, end=end))

    def clear(self) -> None:
        """End every fault that is a setting, and let hanging answers go. The clock, gaps and certificate stay."""
        with self._lock:
            self._wire.clear()
        self.release()
        self.delays.clear()
        self.late.clear()
        self.spoilt.clear()
        self.spoilt_events.clear()
        self.raw_event_pages = False
        self.page_limit = None

        def permit() -> None:
            self.access.denials.clear()
            self.access.limits.clear()

        self._changed(permit)

    def take(self, operation: str) -> WireFault | None:
        """The broken answer that is due for an operation, counted down; None for a sound one. For the server."""
        with self._lock:
            for fault in self._wire:
                if fault.operation in (None, operation):
                    if fault.remaining is not None:
                        fault.remaining -= 1
                        if fault.remaining <= 0:
                            self._wire.remove(fault)
                    return fault
        return None

    def delay_of(self, operation: str) -> float:
        """Seconds to wait before answering an operation. For the server."""
        return self.delays.get(operation, self.delays.get(None, 0.0))

    def _add(self, fault: WireFault) -> None:
        with self._lock:
            self._wire.append(fault)

    def _changed(self, change: Callable[[], None]) -> None:
        with self.estate.lock:
            change()
            # What an account sees changed: views and filters look again.
            self.estate.version += 1
            self.estate.structure = self.estate.version
            self.estate.lock.notify_all()
