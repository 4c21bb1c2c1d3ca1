"""Events as findings: what happened to which object, when, who did it, and how often lately."""

from collections.abc import Iterator
from typing import NamedTuple

from agent.model.event import Event
from agent.model.health import Evidence, Fault, State


class Happening(NamedTuple):
    """Events of some kinds on one object within a stretch of time: the newest of them, and how many."""

    moid: str | None
    name: str | None
    newest: Event
    times: int

    def fault(self, state: State, words: str) -> Fault:
        """The finding: `words` with who did it, and how often if more than once."""
        by = f" by {self.newest.user}" if self.newest.user else ""
        often = f", {self.times} times" if self.times > 1 else ""
        return Fault(
            state,
            f"{words}{by} at {self.newest.created:%Y-%m-%d %H:%M} UTC{often}",
            on=self.moid,
            named=self.name,
            evidence=(event_evidence(self.newest),),
        )


def event_evidence(event: Event) -> Evidence:
    """An event as evidence: its key, its kind and its text."""
    return Evidence(
        source=f"EventManager, event {event.key} {event.kind}", value=(event.message or "")[:200], read_at=event.created
    )


def by_object(events: list[Event]) -> Iterator[Happening]:
    """One happening an object; `events` are newest first."""
    found: dict[str | None, list[Event]] = {}
    for event in events:
        found.setdefault(_object_of(event)[0], []).append(event)
    for moid, own in found.items():
        yield Happening(moid, _object_of(own[0])[1], own[0], len(own))


def _object_of(event: Event) -> tuple[str | None, str | None]:
    """The most particular object that an event names."""
    if event.vm:
        return event.vm, event.vm_name
    if event.datastore:
        return event.datastore, event.datastore_name
    if event.host:
        return event.host, event.host_name
    return event.cluster, None
