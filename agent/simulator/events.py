"""EventManager and EventHistoryCollector: filters, scrolling, the latest page, and how long events are kept."""

import copy
from datetime import timedelta
from typing import Any

from pyVmomi import VmomiSupport, vim

from agent.dataclass import dataclass
from agent.simulator.call import Call
from agent.simulator.event_catalogue import categories
from agent.simulator.objects import Estate
from agent.simulator.schema import id_of
from agent.simulator.service import ROOT_FOLDERS
from agent.simulator.soap import RawXml, serialize

MAX_PAGE = 1000
DEFAULT_PAGE = 10
_MOST_SPECIFIC_FIRST = ("vm", "host", "ds", "net", "dvs", "computeResource", "datacenter")
_RECURSION = vim.event.EventFilterSpec.RecursionOption


@dataclass(slots=True)
class History:
    """A collector's filter, its page size, and the key of the event just before its scrollable view."""

    spec: Any
    page: int = DEFAULT_PAGE
    position: int = 0


def CreateCollectorForEvents(call: Call, spec: Any) -> Any:
    """A collector over the events a filter lets through; InvalidState beyond `maxCollector` of them in a session."""
    mine = [held for held in call.session.held.values() if isinstance(held, History)]
    if len(mine) >= call.this.root("maxCollector"):
        raise vim.fault.InvalidState(msg="The maximum number of event collectors has been exceeded.")
    history = History(spec)
    props = {"filter": spec, "latestPage": lambda: _told(spec, _matching(call, spec)[: -history.page - 1 : -1])}
    return call.session.own(vim.event.EventHistoryCollector, props, history)


def QueryEvents(call: Call, spec: Any, view: Any) -> Any:  # noqa: ARG001 - the view only picks a language
    """One page, newest first. Under `raw_event_pages` it may be short."""
    page = _candidates(call, spec)[: -min(spec.maxCount or MAX_PAGE, MAX_PAGE) - 1 : -1]
    return _sent(call, _told(spec, [one for one in page if _visible(call, one)]))


def ReadNextEvents(call: Call, count: int) -> Any:
    """The next page towards the newest event, oldest first. Under `raw_event_pages` it may be short, or empty, before the end."""
    history: History = call.held
    size = _page_size(call, count, "maxCount")
    page = [one for one in _candidates(call, history.spec) if one.key > history.position][:size]
    if page:
        history.position = page[-1].key
    return _sent(call, _told(history.spec, [one for one in page if _visible(call, one)]))


def ReadPreviousEvents(call: Call, count: int) -> Any:
    """The next page towards the oldest event, newest first."""
    history: History = call.held
    size = _page_size(call, count, "maxCount")
    page = [one for one in _candidates(call, history.spec) if one.key <= history.position][-size:]
    if page:
        history.position = page[0].key - 1
    return _sent(call, _told(history.spec, [one for one in reversed(page) if _visible(call, one)]))


def SetCollectorPageSize(call: Call, count: int) -> None:
    """How many events `latestPage` holds, 1 to 1000."""
    call.held.page = _page_size(call, count, "maxCount")


def RewindCollector(call: Call) -> None:
    """Put the scrollable view before the oldest event, where it is at first."""
    call.held.position = 0


def ResetCollector(call: Call) -> None:
    """Put the scrollable view just before the latest page."""
    history: History = call.held
    latest = _candidates(call, history.spec)[-history.page :]
    history.position = latest[0].key - 1 if latest else 0


def DestroyCollector(call: Call) -> None:
    """End a collector."""
    if isinstance(call.held, History):
        call.session.disown(call.this.moid)


def _page_size(call: Call, count: int, parameter: str) -> int:
    if not 1 <= count <= MAX_PAGE:
        raise call.invalid(parameter)
    return count


def _told(spec: Any, events: list[Any]) -> list[Any]:
    """Events as they are sent: without their formatted message when the filter does without it."""
    return [_without_message(event) for event in events] if spec.disableFullMessage else events


def _sent(call: Call, events: list[Any]) -> Any:
    """Events as the wire has them, the spoilt and the recorded ones among them."""
    spoilt, recorded = call.server.faults.spoilt_events, call.estate.recorded_events
    keys = {event.key for event in events}
    if spoilt.keys().isdisjoint(keys) and recorded.keys().isdisjoint(keys):
        return events
    written = ((event.key, recorded.get(event.key) or serialize(event, vim.event.Event)) for event in events)
    return RawXml("".join(spoilt[key](xml) if key in spoilt else xml for key, xml in written))


def _without_message(event: Any) -> Any:
    short = copy.copy(event)
    short.fullFormattedMessage = None
    return short


def _candidates(call: Call, spec: Any) -> list[Any]:
    """What a scrolling collector pages over: under `raw_event_pages`, visibility is only applied to the page."""
    return _matching(call, spec, hidden=call.server.faults.raw_event_pages)


def _matching(call: Call, spec: Any, *, hidden: bool = False) -> list[Any]:
    estate = call.estate
    with estate.lock:
        kept = list(zip(estate.events, estate.event_scopes, strict=True))
    oldest = _oldest(estate)
    wanted = set(spec.eventTypeId or ()) | {VmomiSupport.GetWsdlName(one) for one in spec.type or ()}
    return [
        event
        for event, scope in kept
        if (oldest is None or event.createdTime >= oldest)
        and _in_time(event, spec.time)
        and (not wanted or type_id(event) in wanted or VmomiSupport.GetWsdlName(type(event)) in wanted)
        and _about(event, scope, spec.entity)
        and (spec.category is None or not spec.category or categories().get(type_id(event), "info") in spec.category)
        and (spec.eventChainId is None or event.chainId == spec.eventChainId)
        and _by_user(event, spec.userName)
        and (hidden or _visible(call, event))
    ]


def _oldest(estate: Estate) -> Any:
    if not estate.options.get("event.maxAgeEnabled"):
        return None
    return estate.now() - timedelta(days=estate.options["event.maxAge"])


def type_id(event: Any) -> str:
    """What EventFilterSpec.eventTypeId compares: an extended event's own id, else its class name."""
    if isinstance(event, vim.event.EventEx | vim.event.ExtendedEvent):
        return str(event.eventTypeId)
    return str(VmomiSupport.GetWsdlName(type(event)))


def _in_time(event: Any, span: Any) -> bool:
    if span is None:
        return True
    begins = span.beginTime is None or event.createdTime >= span.beginTime
    return begins and (span.endTime is None or event.createdTime <= span.endTime)


def _about(event: Any, scope: frozenset[str], wanted: Any) -> bool:
    if wanted is None:
        return True
    moid = id_of(wanted.entity)
    if wanted.recursion == _RECURSION.all:
        return moid in scope or moid in ROOT_FOLDERS
    direct = entities(event)
    if wanted.recursion == _RECURSION.self:
        return moid in direct
    return moid in scope and moid not in direct


def entities(event: Any) -> set[str]:
    """The ids of the objects an event is about."""
    return {
        id_of(ref)
        for argument in vars(event).values()
        if isinstance(argument, vim.event.EntityEventArgument)
        for ref in vars(argument).values()
        if isinstance(ref, VmomiSupport.ManagedObject)
    }


def principal(event: Any) -> str | None:
    """The id of the object an event is first of all about: the most specific of those it names."""
    for name in _MOST_SPECIFIC_FIRST:
        argument = getattr(event, name, None)
        if isinstance(argument, vim.event.EntityEventArgument):
            for ref in vars(argument).values():
                if isinstance(ref, VmomiSupport.ManagedObject):
                    return id_of(ref)
    return getattr(event, "objectId", None)


def _by_user(event: Any, wanted: Any) -> bool:
    if wanted is None:
        return True
    return (wanted.systemUser and not event.userName) or event.userName in (wanted.userList or ())


def _visible(call: Call, event: Any) -> bool:
    visible = call.server.access.visible(call.user)
    if visible is None:
        return True
    subject = principal(event)
    return subject is None or subject in visible
