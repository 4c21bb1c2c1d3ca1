"""What was seen, hour by hour or day by day, of that which a claim is about: made from what the ledger keeps.

Of a time slot the worst is taken that held in any moment of it, so that nothing hides between two looks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from functools import partial
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from agent.claims.look_values import Value, backup_trace, oldest_snapshot, patch_lag, tools
from agent.claims.seconds import instant, second
from agent.model.builds import BuildTable
from agent.model.claim_evidence import Kept, Look
from agent.model.contract_claims import Claim, Measure, Unit
from agent.model.contract_values import exact
from agent.model.facts import FOUND, UNTOLD, Fact, KeptRecord
from agent.model.host import HostSystem
from agent.model.virtual_machine import VirtualMachine

UNIT_S = {Unit.MINUTES: 60, Unit.HOURS: 3600, Unit.DAYS: 86_400}
Record = TypeVar("Record", bound=KeptRecord)


class Slots(NamedTuple):
    """Time from `start` to `until` in slots of `pace` seconds; the wall clock of the contract."""

    start: int
    until: int
    pace: int
    zone: ZoneInfo

    def number(self, at: datetime) -> int:
        """Which slot an instant lies in; below 0 before the start."""
        return (second(at) - self.start) // self.pace

    def begin(self, number: int) -> int:
        """The first second of a slot."""
        return self.start + number * self.pace

    @property
    def amount(self) -> int:
        """How many slots have begun."""
        return -(-(self.until - self.start) // self.pace)


def looks(claim: Claim, kept: Kept, slots: Slots, builds: BuildTable) -> Iterator[Look]:
    """All looks at what the claim's measure is about."""
    unit = UNIT_S.get(claim.target.unit, 1)
    match claim.measure:
        case Measure.HOST_FAILURES_TOLERATED | Measure.VCPU_PER_CORE:
            yield from _of_clusters(claim.measure, kept)
        case Measure.DATASTORE_FREE:
            yield from _of_datastores(kept)
        case Measure.SNAPSHOT_MAX_AGE:
            yield from _held(_Asked(kept, "vms", claim, slots), VirtualMachine, partial(oldest_snapshot, unit=unit))
        case Measure.TOOLS_NOT_CURRENT:
            yield from _held(_Asked(kept, "vms", claim, slots), VirtualMachine, tools)
        case Measure.BACKUP_AGE:
            wanted = claim.source.custom_attribute
            key = next((one for one, name in kept.custom_fields.items() if name == wanted), None)
            value = partial(backup_trace, key=key, unit=unit, zone=slots.zone)
            yield from _held(_Asked(kept, "vms", claim, slots), VirtualMachine, value)
        case Measure.ESXI_PATCH_LAG:
            yield from _held(_Asked(kept, "hosts", claim, slots), HostSystem, partial(patch_lag, builds=builds))
        case _:
            yield from _named(claim, kept)


def seen_slots(kept: Kept, slots: Slots) -> Mapping[int, int]:
    """The slots in which the agent looked at this vCenter at all, each with the second until which it certainly did."""
    found: dict[int, int] = {}
    for hour in kept.hours:
        number = slots.number(hour.start)
        if hour.rounds and 0 <= number < slots.amount:
            found[number] = second(hour.start) + min(60 * hour.rounds, 3600)
    return found


class _Asked(NamedTuple):
    kept: Kept
    kind: str
    claim: Claim
    slots: Slots


def _held(asked: _Asked, record_kind: type[Record], value: Callable[[Record, int], Value]) -> Iterator[Look]:
    """For each slot and object the worst of all that held in it; ages are taken at the end of what held."""
    kept, kind, claim, slots = asked
    seen = sorted(seen_slots(kept, slots).items())
    for object_id, facts in kept.facts.get(kind, {}).items():
        for number, until in seen:
            begin = slots.begin(number)
            found = None
            for record, end in _within(facts, begin, min(begin + slots.pace, slots.until, until)):
                if not isinstance(record, record_kind) or (isinstance(record, VirtualMachine) and record.template):
                    continue
                figure, words = value(record, end)
                if found is None or _worse(figure, found[0], much=claim.target.wants_much):
                    found = (figure, words, record)
            if found is not None:
                figure, words, last = found
                yield Look(
                    vcenter=kept.vcenter,
                    kind=kind.removesuffix("s"),
                    object_id=object_id,
                    name=last.name or object_id,
                    what=claim.measure,
                    at=instant(begin),
                    least=figure,
                    most=figure,
                    cluster=_cluster(kept, last),
                    detail=words,
                )


def _worse(one: Fraction | None, other: Fraction | None, *, much: bool) -> bool:
    if one is None or other is None:
        return other is None and one is not None
    return one < other if much else one > other


def _within(facts: Sequence[Fact], start: int, end: int) -> Iterator[tuple[KeptRecord, int]]:
    """What certainly held in some part of a stretch, and until when it did: what changed may have changed unseen before."""
    for number, fact in enumerate(facts):
        since, till = second(fact.at), end
        if number + 1 < len(facts):
            following = facts[number + 1]
            till = second(following.unchanged_until or following.at)
        if fact.record is not None and since < end and max(till, since + 1) > start:
            yield fact.record, max(start, since, min(till, end))


def _of_clusters(measure: str, kept: Kept) -> Iterator[Look]:
    for hour in kept.hours:
        for moid, seen in hour.clusters.items():
            if measure == Measure.HOST_FAILURES_TOLERATED:
                tolerated = seen.least_failures_tolerated
                found = (None if tolerated is None else Fraction(tolerated), f"{seen.fewest_hosts} usable hosts")
            elif seen.most_vcpus is not None and seen.fewest_cores:
                words = f"{seen.most_vcpus} vCPUs on {seen.fewest_cores} cores"
                found = (Fraction(seen.most_vcpus, seen.fewest_cores), words)
            else:
                found = (None, "no usable host")
            yield _look(kept, "cluster", moid, measure, (hour.start, *found))


def _of_datastores(kept: Kept) -> Iterator[Look]:
    for hour in kept.hours:
        for moid, seen in hour.datastores.items():
            figure = Fraction(100 * seen.least_free_bytes, seen.capacity_bytes) if seen.capacity_bytes else None
            words = f"{seen.least_free_bytes} of {seen.capacity_bytes} bytes free"
            yield _look(kept, "datastore", moid, Measure.DATASTORE_FREE, (hour.start, figure, words))


def _named(claim: Claim, kept: Kept) -> Iterator[Look]:
    """A metric or a health check: the worst of each hour."""
    for hour in kept.hours:
        for (what, kind, object_id), seen in hour.figures.items():
            if what != claim.measure or kind == UNTOLD:
                continue
            untold = hour.figures.get((what, UNTOLD, object_id)) if kind == FOUND else None
            worst = exact(seen.least if claim.target.wants_much else seen.most)
            yield Look(
                vcenter=kept.vcenter,
                kind=kind,
                object_id=object_id,
                name=seen.name,
                what=what,
                at=hour.start,
                least=worst,
                most=worst + (exact(untold.most) if untold is not None else 0),
            )


def _look(kept: Kept, kind: str, moid: str, what: str, seen: tuple[datetime, Fraction | None, str]) -> Look:
    at, figure, words = seen
    return Look(
        vcenter=kept.vcenter,
        kind=kind,
        object_id=moid,
        name=_name(kept.facts.get(f"{kind}s", {}).get(moid, ()), moid),
        what=what,
        at=at,
        least=figure,
        most=figure,
        detail=words,
    )


def _name(facts: Sequence[Fact], moid: str) -> str:
    names = [fact.record.name for fact in facts if fact.record is not None and fact.record.name]
    return names[-1] if names else moid


def _cluster(kept: Kept, record: KeptRecord) -> str | None:
    """The name of the cluster that a host is in, or the host of a VM."""
    hosts: Mapping[str, tuple[Fact, ...]] = kept.facts.get("hosts", {})
    host: KeptRecord | None = record
    if isinstance(record, VirtualMachine):
        known = [fact.record for fact in hosts.get(record.host or "", ()) if fact.record is not None]
        host = known[-1] if known else None
    parent = host.parent if isinstance(host, HostSystem) else None
    return _name(kept.facts.get("clusters", {}).get(parent or "", ()), "") or None
