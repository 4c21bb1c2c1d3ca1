"""What proves a VM's power over a stretch of time, and not only at an instant."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise, zip_longest

from agent.ledger.causes import OFF, ON, SUSPENDED
from agent.ledger.knowledge import Knowledge
from agent.ledger.observed import Held, last_known
from agent.ledger.spans import FUTURE, complement, holding, united, within, without
from agent.ledger.timeline import Mark, Proof
from agent.model.availability import Cause, Evidence, EvidenceKind
from agent.model.evidence import CounterSample, Span

_INSTANT = timedelta(microseconds=1)
POWER_STATES = {"poweredOn": ON, "poweredOff": OFF, "suspended": SUSPENDED}


def power_proofs(
    held: Mapping[str, Sequence[Held]],
    samples: Iterable[CounterSample],
    stale: Sequence[Span],
    incomplete: Sequence[Span],
    knowledge: Knowledge,
    *,
    told: Sequence[Mark],
) -> list[Proof]:
    """All of one VM. `told` are its events, `stale` is when vCenter showed what it remembered, `incomplete` where events may be missing."""
    return [
        *_uptimes(samples, [one.at for one in told if one.before == SUSPENDED and one.after == ON]),
        *_boot_proofs(held, stale, incomplete, knowledge),
        *_suspend_proofs(held, stale, knowledge),
        *_watched_proofs(held, stale, knowledge),
    ]


def _uptimes(samples: Iterable[CounterSample], resumed: Sequence[datetime]) -> Iterable[Proof]:
    """sys.uptime: running since so many whole seconds; it may count the time in which the VM was suspended."""
    for one in samples:
        if one.counter == "sys.uptime.latest" and one.value > 0:
            start = datetime.fromtimestamp(one.at.timestamp() - one.value, one.at.tzinfo)
            resume = bisect_right(resumed, one.at) - 1
            start = max(start, resumed[resume]) if resume >= 0 else start
            yield Proof(start=start, end=one.at, state=ON, evidence=(counter_evidence(one),), independent=True)


def counter_evidence(sample: CounterSample) -> Evidence:
    """A sample as evidence."""
    return Evidence(
        kind=EvidenceKind.COUNTER,
        name=sample.counter,
        at=sample.at,
        learned_at=sample.learned_at,
        value=str(sample.value),
    )


def _boot_proofs(
    held: Mapping[str, Sequence[Held]], stale: Sequence[Span], incomplete: Sequence[Span], knowledge: Knowledge
) -> Iterable[Proof]:
    """BootTime is cleared by a power-off: while it stands, there was none since. A suspend would leave it.

    That there was no suspend either is for events to say: the proof reaches back as far as they are complete.
    """
    powers = [one for one in held.get("runtime.powerState", ()) if one.value == "poweredOn"]
    boots = held.get("runtime.bootTime", ())
    told = complement(incomplete)
    for boot, following in zip_longest(boots, boots[1:]):
        if boot is None or not isinstance(boot.value, datetime):
            continue
        ended = following.value if following and isinstance(following.value, datetime) else FUTURE
        for power in _during(powers, boot):
            read, until = max(boot.at, power.at), min(boot.until, power.until, ended)
            for known in _known(read, until, stale, knowledge):
                for part in within(known, told):
                    run = holding(told, part.start)
                    start = max(boot.value, run.start) if run else part.start
                    evidence = (boot.evidence(part.end if part.end > boot.at else None),)
                    yield Proof(
                        start=start, end=part.end, state=ON, evidence=evidence, needs_complete=True, steady=True
                    )


def _known(read: datetime, until: datetime, stale: Sequence[Span], knowledge: Knowledge) -> Iterable[Span]:
    """When a value was before one's eyes: read, or unchanged in the stream, and no mere memory of vCenter's."""
    seen = [Span(start=read, end=min(until, read + _INSTANT)), *within(Span(start=read, end=until), knowledge.watched)]
    return [part for one in united(seen) for part in without(one, stale)]


def _suspend_proofs(held: Mapping[str, Sequence[Held]], stale: Sequence[Span], knowledge: Knowledge) -> Iterable[Proof]:
    """SuspendTime stands while the VM is suspended."""
    powers = held.get("runtime.powerState", ())
    for one in held.get("runtime.suspendTime", ()):
        if isinstance(one.value, datetime):
            for power in _during(powers, one):
                end = _not_stale(min(last_known(one, knowledge), power.until), max(one.at, power.at), stale)
                if power.value == "suspended" and end is not None and one.value < end:
                    yield Proof(
                        start=one.value, end=end, state=SUSPENDED, evidence=(one.evidence(end),), cause=Cause.SUSPEND
                    )


def _during(values: Sequence[Held], other: Held) -> Sequence[Held]:
    start = bisect_right(values, other.at, key=lambda one: one.until)
    end = bisect_left(values, other.until, key=lambda one: one.at)
    return values[start:end]


def _not_stale(end: datetime, read: datetime, stale: Sequence[Span]) -> datetime | None:
    """The last instant up to `end`, and not before the value was read, at which it was no mere memory of vCenter's."""
    fresh = without(Span(start=read, end=end), stale) if read < end else []
    if fresh:
        return fresh[-1].end
    return None if within(Span(start=read, end=FUTURE), stale)[:1] and holding(stale, read) else read


def _watched_proofs(held: Mapping[str, Sequence[Held]], stale: Sequence[Span], knowledge: Knowledge) -> Iterable[Proof]:
    """While updates come, a power state holds until the next one; a boot time that changes ends it too."""
    boots = sorted(
        min(one.at, one.value) if isinstance(one.value, datetime) else one.at
        for one in held.get("runtime.bootTime", ())
    )
    for power in held.get("runtime.powerState", ()):
        state = POWER_STATES.get(str(power.value))
        if state is None:
            continue
        for watch in within(Span(start=power.at, end=power.until), knowledge.watched):
            for fresh in without(watch, stale):
                edges = [
                    fresh.start,
                    *boots[bisect_right(boots, fresh.start) : bisect_left(boots, fresh.end)],
                    fresh.end,
                ]
                for start, until in pairwise(edges):
                    end = until - knowledge.rules.latency
                    if start < end:
                        yield Proof(start=start, end=end, state=state, evidence=(power.evidence(),))
