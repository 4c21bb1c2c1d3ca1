"""vCenter's events of a stretch of time, every one that the account may see.

vCenter reads a page of events first and then takes out what the account may not see, so a page may be short or empty
although more events follow (vmware/govmomi issue 3450). Reading goes on until the keys, which count all events, prove
that nothing can be left; where they prove nothing, until so many empty pages came that more is beyond belief.
A page that is not well-formed is read again in ever smaller stretches, in the end event by event, around the bad one.
"""

import contextlib
import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import field
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from pyVmomi import vim

from agent.dataclass import dataclass
from agent.errors import NotPermitted, Refused, Undecodable, VCenterError
from agent.model.event import Event, UndecodableEvent
from agent.vcenter.event_decode import decode_event
from agent.vcenter.event_kinds import EVENT_KINDS
from agent.vcenter.session import Session

PAGE = 1000
"""vCenter's own limit."""
_MOST_EMPTY_PAGES = 10
_MOST_EMPTY_SINGLES = 50
_MOST_UNDECODABLE = 20
"""In one reading; more than that is not a bad event but a bad answer."""
_SECOND = timedelta(seconds=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(slots=True)
class EventsRead:
    """What a stretch of time holds; events in the order in which vCenter gave them."""

    events: list[Event] = field(default_factory=list)
    undecodable: list[UndecodableEvent] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What is known of the keys of a stretch of time: all of its events have keys above `after` and up to `newest`."""

    after: int | None = None
    newest: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long vCenter keeps events: `days`, None for ever. `told` is false where vCenter does not say."""

    days: int | None
    told: bool


class EventReader:
    """Reads with one session; fails as its calls fail."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._manager = session.content.eventManager
        self._stub = session.stub
        self._asks_at_once = True

    def newest_key(self) -> int | None:
        """The key of the newest event, from `EventManager.latestEvent`; None if it cannot be had."""
        try:
            element = self._session.reader.value_of(self._manager, "latestEvent")
        except (Undecodable, Refused, NotPermitted):
            return None
        text = None if element is None else element.findtext("{urn:vim25}key")
        return int(text) if text and text.isdecimal() else None

    def oldest(self) -> datetime | None:
        """When the oldest event that vCenter still shows was created; None if it shows none.

        Raises:
            Undecodable: the oldest page cannot be read.
        """
        with self._collector(None, None) as collector:
            for _ in range(_MOST_EMPTY_PAGES):
                events = self._page(collector, PAGE, EventsRead())
                if events:
                    return min(one.created for one in events)
        return None

    def retention(self) -> Retention:
        """`event.maxAge` and `event.maxAgeEnabled`; vCenter's own default of 30 days where it does not say."""
        try:
            options = {
                one.key: one.value
                for name in ("event.maxAge", "event.maxAgeEnabled")
                for one in self._session.content.setting.QueryOptions(name) or ()
            }
            enabled = str(options.get("event.maxAgeEnabled", True)).lower() in {"true", "1"}
            return Retention(days=int(options["event.maxAge"]) if enabled else None, told=True)
        except (Refused, NotPermitted, Undecodable, KeyError, ValueError, AttributeError):
            return Retention(days=30, told=False)

    def read(self, begin: datetime, end: datetime, keys: Keys | None = None) -> EventsRead:
        """Every event of [begin, end), on vCenter's clock.

        Raises:
            Undecodable: answers cannot be read at all, or too many events.
            VCenterError: a call failed. Nothing may be concluded from what was read.
        """
        at_once = self._at_once(begin, end, keys or Keys())
        if at_once is not None:
            return at_once
        found = EventsRead()
        self._read(begin, end, keys or Keys(), found)
        return found

    def _at_once(self, begin: datetime, end: datetime, keys: Keys) -> EventsRead | None:
        """One call in place of three, where the keys prove that all of it fits into one answer; None where it did not."""
        if not self._asks_at_once or keys.after is None or keys.newest is None:
            return None
        if not 0 <= keys.newest - keys.after < PAGE:
            return None
        found, spec = EventsRead(), self._filter(begin, end)
        spec.maxCount = PAGE
        try:
            events = self._events(self._manager, "QueryEvent", [spec], found)
        except (Refused, NotPermitted):
            self._asks_at_once = False
            return None
        except Undecodable:
            return None
        if any(one.key <= keys.after for one in events) or len(events) + len(found.undecodable) >= PAGE:
            return None  # a restored vCenter counts from a lower number again; many may have been posted just now
        events.sort(key=lambda one: one.key)  # they come newest first
        found.events += (one for one in events if begin <= one.created < end)
        return found

    def _read(self, begin: datetime, end: datetime, keys: Keys, found: EventsRead) -> None:
        part = EventsRead()
        try:
            self._scroll(begin, end, PAGE, keys, part)
        except Undecodable:
            middle = begin.replace(microsecond=0) + timedelta(seconds=(end - begin) // _SECOND // 2)
            if end - begin <= _SECOND or middle <= begin:
                self._one_by_one(begin, end, found)
            else:
                self._read(begin, middle, keys, found)
                self._read(middle, end, keys, found)
        else:
            found.events += part.events
            found.undecodable += part.undecodable

    def _scroll(self, begin: datetime, end: datetime, size: int, keys: Keys, found: EventsRead) -> None:
        with self._collector(begin, end) as collector:
            last, pages, empty = keys.after or 0, 0, 0
            while True:
                events = self._page(collector, size, found)
                found.events += (one for one in events if begin <= one.created < end)
                if any(one.key <= (keys.after or 0) for one in events):
                    keys = Keys()  # a restored vCenter counts from a lower number again
                last = max([last, *(one.key for one in events)])
                pages, empty = pages + 1, 0 if events else empty + 1
                if _nothing_left(keys, last, pages, empty, size):
                    return

    def _one_by_one(self, begin: datetime, end: datetime, found: EventsRead) -> None:
        with self._collector(begin, end) as collector:
            position, empty = 0, 0
            while empty < _MOST_EMPTY_SINGLES:
                position += 1
                try:
                    events = self._page(collector, 1, found)
                except Undecodable as error:
                    empty = 0
                    found.undecodable.append(
                        UndecodableEvent(
                            identity=f"{begin.isoformat()} #{position}", start=begin, end=end, reason=error.problem
                        )
                    )
                    if len(found.undecodable) > _MOST_UNDECODABLE:
                        raise
                else:
                    empty = 0 if events else empty + 1
                    found.events += (one for one in events if begin <= one.created < end)

    def _page(self, collector: Any, size: int, found: EventsRead) -> list[Event]:
        return self._events(collector, "ReadNext", [size], found)

    def _events(self, asked: Any, method: str, args: list[Any], found: EventsRead) -> list[Event]:
        events: list[Event] = []

        def take(element: ET.Element) -> None:
            try:
                events.append(decode_event(element))
            except ValueError as error:
                found.undecodable.append(_without_key(element, error))

        self._stub.stream(asked, method, args, "returnval", take)
        return events

    def _filter(self, begin: datetime | None, end: datetime | None) -> Any:
        spec_of: Any = vim.event.EventFilterSpec
        spec = spec_of(
            entity=spec_of.ByEntity(entity=self._session.root, recursion=spec_of.RecursionOption.all),
            eventTypeId=list(EVENT_KINDS),
        )
        if begin is not None and end is not None:
            # both ends of vCenter's window belong to it
            spec.time = spec_of.ByTime(beginTime=begin, endTime=end - _INSTANT)
        return spec

    @contextlib.contextmanager
    def _collector(self, begin: datetime | None, end: datetime | None) -> Iterator[Any]:
        """An EventHistoryCollector; a session may only have some, so it is always given back."""
        collector = self._manager.CreateCollectorForEvents(self._filter(begin, end))
        try:
            yield collector
        finally:
            with contextlib.suppress(VCenterError):
                collector.DestroyCollector()


def _nothing_left(keys: Keys, last: int, pages: int, empty: int, size: int) -> bool:
    """Whether no event can follow: `last` is the highest key read, `empty` counts the empty pages since."""
    most = _MOST_EMPTY_PAGES if size > 1 else _MOST_EMPTY_SINGLES
    if keys.newest is None or last > keys.newest:  # an event came late
        return empty >= most
    if keys.after is not None and pages * size >= keys.newest - keys.after:
        return True
    return empty >= min(most, ceil((keys.newest - last) / size))


def _without_key(element: ET.Element, error: Exception) -> UndecodableEvent:
    digest = hashlib.sha256(ET.tostring(element)).hexdigest()[:16]
    created = element.findtext("{urn:vim25}createdTime") or ""
    try:
        start = datetime.fromisoformat(created)
    except ValueError:
        raise Undecodable(f"an event has neither a time nor a key that can be read ({error})") from error
    return UndecodableEvent(identity=f"sha256:{digest}", start=start, end=start + _INSTANT, reason=str(error))
