"""Evidence told in short: times are seconds after an epoch, read as soon as they happened unless told otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from agent.ledger.judgement import Judgement
from agent.ledger.knowledge import Rules
from agent.model.availability import Ledger
from agent.model.event import Event
from agent.model.evidence import (
    CounterSample,
    Coverage,
    CoveredWindow,
    ObjectEvidence,
    Observation,
    RecordedEvent,
    Span,
    VCenterEvidence,
)

EPOCH = datetime(2026, 10, 25, tzinfo=UTC)
HOUR, DAY = 3600, 86_400


def at(seconds: float) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


def span(start: float, end: float) -> Span:
    return Span(start=at(start), end=at(end))


@dataclass
class Chronicle:
    """What a vCenter and an agent recorded of one VM (`vm-1`), hosts and a datastore (`datastore-1`)."""

    covered: list[tuple[float, float]] = field(default_factory=lambda: [(0, DAY)])
    watched: list[tuple[float, float]] = field(default_factory=lambda: [(0, DAY)])
    away: list[tuple[float, float]] = field(default_factory=list)
    jumps: list[tuple[float, float]] = field(default_factory=list)
    oldest_kept: float | None = None
    rules: Rules = field(default_factory=Rules)
    vm_events: list[RecordedEvent] = field(default_factory=list)
    host_events: dict[str, list[RecordedEvent]] = field(default_factory=dict)
    datastore_events: list[RecordedEvent] = field(default_factory=list)
    server_starts: list[RecordedEvent] = field(default_factory=list)
    seen: dict[str, list[Observation]] = field(default_factory=dict)
    samples: list[CounterSample] = field(default_factory=list)
    windows: list[CoveredWindow] = field(default_factory=list)
    _key: int = 100

    def _event(
        self, when: float, kind: str, *, key: int | None = None, learned: float | None = None, **more: object
    ) -> RecordedEvent:
        self._key += 1
        key = key or self._key
        event = Event(key=key, chain_id=key, kind=kind, created=at(when), **more)  # type: ignore[arg-type]  # short form
        return RecordedEvent(event=event, learned_at=at(when if learned is None else learned))

    def vm(self, when: float, kind: str, **more: object) -> RecordedEvent:
        recorded = self._event(when, kind, vm="vm-1", **more)  # type: ignore[arg-type]  # short form
        self.vm_events.append(recorded)
        return recorded

    def host(self, when: float, kind: str, host: str = "host-1", **more: object) -> None:
        recorded = self._event(when, kind, host=host, **more)  # type: ignore[arg-type]  # short form
        self.host_events.setdefault(host, []).append(recorded)

    def datastore(self, when: float, kind: str) -> None:
        self.datastore_events.append(self._event(when, kind, datastore="datastore-1"))

    def vcenter_started(self, when: float) -> None:
        self.server_starts.append(self._event(when, "ServerStartedSessionEvent"))

    def read(
        self, when: float, path: str, value: str | float | None, *, of: str = "vm-1", learned: float | None = None
    ) -> None:
        """Numbers are times."""
        known = at(when if learned is None else learned)
        told = value if value is None or isinstance(value, str) else at(value)
        self.seen.setdefault(of, []).append(Observation(path=path, value=told, at=at(when), learned_at=known))

    def power(self, when: float, state: str, boot: float | None = None) -> None:
        self.read(when, "runtime.powerState", state)
        self.read(when, "runtime.bootTime", boot)

    def sample(self, when: float, counter: str, value: int, interval: int = 20) -> None:
        self.samples.append(
            CounterSample(counter=counter, at=at(when), interval_s=interval, value=value, learned_at=at(when))
        )

    def evidence(self) -> VCenterEvidence:
        hosts = {*self.host_events, *(name for name in self.seen if name.startswith("host-"))}
        return VCenterEvidence(
            coverage=Coverage(
                windows=(
                    *(CoveredWindow(start=at(a), end=at(b), learned_at=at(b)) for a, b in self.covered),
                    *self.windows,
                ),
                watched=tuple(span(*one) for one in self.watched),
                away=tuple(span(*one) for one in self.away),
                clock_jumps=tuple(span(*one) for one in self.jumps),
                server_starts=tuple(self.server_starts),
                oldest_kept=None if self.oldest_kept is None else at(self.oldest_kept),
            ),
            vms={"vm-1": self._of("vm-1", self.vm_events, self.samples)},
            hosts={host: self._of(host, self.host_events.get(host, ())) for host in hosts},
            datastores={"datastore-1": self._of("datastore-1", self.datastore_events)},
        )

    def _of(self, name: str, events: Iterable[RecordedEvent], samples: Iterable[CounterSample] = ()) -> ObjectEvidence:
        return ObjectEvidence(
            object_id=name, events=tuple(events), observations=tuple(self.seen.get(name, ())), samples=tuple(samples)
        )

    def ledger(self, start: float = 0, end: float = DAY) -> Ledger:
        return Judgement(self.evidence(), self.rules).vm("vm-1", at(start), at(end))

    def host_ledger(self, host: str = "host-1", start: float = 0, end: float = DAY) -> Ledger:
        return Judgement(self.evidence(), self.rules).host(host, at(start), at(end))

    def datastore_ledger(self, start: float = 0, end: float = DAY) -> Ledger:
        return Judgement(self.evidence(), self.rules).datastore("datastore-1", at(start), at(end))


def line(ledger: Ledger) -> list[tuple[float, str, str | None]]:
    """Each interval's start in seconds, state and cause; the ledger's shape is checked on the way."""
    edges = [ledger.start, *(one.end for one in ledger.intervals)]
    assert [one.start for one in ledger.intervals] == edges[:-1]
    assert edges[-1] == ledger.end
    assert all(one.start < one.end for one in ledger.intervals)
    return [
        ((one.start - EPOCH).total_seconds(), str(one.state), one.cause and str(one.cause)) for one in ledger.intervals
    ]
