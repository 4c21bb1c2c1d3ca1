"""Which counter samples are evidence that the ledger lacks: a few a day of each VM, not 4,320. Pure.

An uptime says the same as the one before it unless the boot that it implies has moved. A heartbeat says something new
where it stops, while it is away, and where it comes back.
"""

from collections.abc import Iterator
from dataclasses import field
from datetime import datetime, timedelta

from agent.dataclass import dataclass
from agent.model.evidence import CounterSample

UPTIME = "sys.uptime.latest"
GUEST_UPTIME = "sys.osUptime.latest"
HEARTBEAT = "sys.heartbeat.summation"
COUNTERS = (UPTIME, GUEST_UPTIME, HEARTBEAT)
"""The counters to offer."""

_SAME_BOOT = timedelta(seconds=5)
"""Uptimes are whole seconds, and hosts are read at slightly different times."""
_AT_LEAST_EVERY = timedelta(hours=12)
_SILENCE_FOLLOWED_FOR = timedelta(minutes=30)
"""A guest that is silent longer is known to be: a VM without VMware Tools never has a beat."""


@dataclass(slots=True)
class _Memory:
    last: CounterSample
    written_at: datetime | None = None
    boot: datetime | None = None
    beating_until: datetime | None = None


@dataclass(slots=True)
class WitnessSelection:
    """Remembers what was given on of each VM and counter; of one thread. A new one gives the first sample of each on."""

    _memory: dict[tuple[str, str], _Memory] = field(default_factory=dict)

    def worth(self, moid: str, sample: CounterSample) -> Iterator[CounterSample]:
        """The samples to write, this one or the one before it among them. Samples of a VM come in order, each once."""
        key = (moid, sample.counter)
        known = self._memory.get(key)
        if known is None:
            known = self._memory[key] = _Memory(sample)
        if sample.counter == HEARTBEAT:
            yield from _heartbeat(known, sample)
        elif sample.value > 0:
            yield from _uptime(known, sample)
        known.last = sample

    def forget(self, present: set[str]) -> None:
        """Drop what is remembered of VMs that are gone."""
        for key in [key for key in self._memory if key[0] not in present]:
            del self._memory[key]


def _uptime(known: _Memory, sample: CounterSample) -> Iterator[CounterSample]:
    boot = sample.at - timedelta(seconds=sample.value)
    same = known.boot is not None and abs(boot - known.boot) <= _SAME_BOOT
    due = known.written_at is None or sample.at - known.written_at >= _AT_LEAST_EVERY
    if not same and known.boot is not None and known.last.at != known.written_at:
        yield known.last  # how far the boot before is proved
    if not same or due:
        known.boot, known.written_at = boot, sample.at
        yield sample


def _heartbeat(known: _Memory, sample: CounterSample) -> Iterator[CounterSample]:
    beats, beat = sample.value > 0, known.last.value > 0
    turned = beats != beat and known.last is not sample
    if beats:
        known.beating_until = sample.at
    lately = known.beating_until is not None and sample.at - known.beating_until <= _SILENCE_FOLLOWED_FOR
    due = known.written_at is None or sample.at - known.written_at >= _AT_LEAST_EVERY
    if turned and known.last.at != known.written_at:
        yield known.last
    if turned or due or (not beats and lately):
        known.written_at = sample.at
        yield sample
