"""How large a server was on each day of a month, and when and by whom that changed. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from agent.model.billing import Dimension, KnownServer, Size, SizeChange
from agent.model.evidence import RecordedEvent
from agent.model.facts import Fact
from agent.model.virtual_machine import VirtualMachine

RESIZING = frozenset({"VmReconfiguredEvent"})
MAKING = frozenset({"VmCreatedEvent", "VmClonedEvent", "VmDeployedEvent", "VmRegisteredEvent", "VmDiscoveredEvent"})
REMOVING = frozenset({"VmRemovedEvent"})
RENAMING = frozenset({"VmRenamedEvent"})
SIZE_EVENTS = RESIZING | MAKING | REMOVING | RENAMING
"""Kinds of events that `KnownServer.events` needs."""
_GIB = 1 << 30
_MIB_A_GIB = 1024
_NEAR = timedelta(minutes=2)
"""An event and the property that it changes reach the agent on different ways."""


def size_of(vm: VirtualMachine, disk_basis: str) -> Size:
    """What of it is billed. `disk_basis`: provisioned, allocated or used."""
    disk: int | None = None
    if disk_basis == "provisioned":
        capacities = None if vm.disks is None else [one.capacity_bytes for one in vm.disks]
        known = [one for one in capacities or () if one is not None]
        disk = sum(known) if capacities is not None and len(known) == len(capacities) else None
    elif vm.storage_committed_bytes is not None:
        grows = 0 if disk_basis == "used" else vm.storage_uncommitted_bytes
        disk = None if grows is None else vm.storage_committed_bytes + grows
    return Size(
        None if vm.cpus is None else Fraction(vm.cpus),
        None if vm.memory_mib is None else Fraction(vm.memory_mib, _MIB_A_GIB),
        None if disk is None else Fraction(disk, _GIB),
    )


def fact_at(facts: Sequence[Fact], at: datetime) -> Fact | None:
    """The fact that held just before an instant; None before the first."""
    held = None
    for one in facts:
        if one.at >= at:
            break
        held = one
    return held


def machine(fact: Fact | None) -> VirtualMachine | None:
    """The VM of a fact; None if there was none then, or it was a template, which nobody runs."""
    record = None if fact is None else fact.record
    return record if isinstance(record, VirtualMachine) and not record.template else None


def size_by_rule(facts: Sequence[Fact], day_ends: Sequence[datetime], rule: str, disk_basis: str) -> Size | None:
    """The size that counts. A day's size is what it was when the day ended.

    Args:
        facts: Of one server.
        day_ends: Of the month's days, as far as they are known.
        rule: month-end, max (the largest of any day) or average-daily (a day on which it is not there counts as 0).
        disk_basis: As `size_of` takes it.

    Returns:
        None if it is not there by that rule.
    """
    there = [machine(fact_at(facts, end)) for end in day_ends]
    sizes = [None if vm is None else size_of(vm, disk_basis) for vm in there]
    if rule == "month-end":
        return sizes[-1] if sizes else None
    if not any(sizes):
        return None
    found: list[Fraction | None] = []
    for dimension in Dimension:
        values = [Fraction(0) if size is None else size.of(dimension) for size in sizes]
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            found.append(None)
        else:
            found.append(max(known) if rule == "max" else sum(known, Fraction(0)) / len(known))
    return Size(*found)


def changes(server: KnownServer, start: datetime, end: datetime, disk_basis: str) -> Iterator[SizeChange]:
    """Every change of a size in [start, end), with who did it where an event says so.

    A disk by `used` or `allocated` changes by itself all the time, which is not told.
    """
    before: Fact | None = None
    for before, now in pairwise([None, *server.facts]):
        if now is None or not start <= now.at < end:
            continue
        old, new = machine(before), machine(now)
        if old is None and new is None:
            continue
        if before is None and now.unchanged_until is None and not _explained(server.events, MAKING, now):
            continue  # the first that was ever kept of it: it may have been there before
        sizes = [None if vm is None else size_of(vm, disk_basis) for vm in (old, new)]
        kinds = MAKING if old is None else REMOVING if new is None else RESIZING
        cause = _explained(server.events, kinds, now)
        for dimension in Dimension:
            if dimension is Dimension.DISK and disk_basis != "provisioned" and old is not None and new is not None:
                continue
            was, is_ = (None if size is None else size.of(dimension) for size in sizes)
            if was != is_ and (old is None or new is None or None not in (was, is_)):
                yield SizeChange(
                    dimension=dimension,
                    before=was,
                    after=is_,
                    earliest=cause.event.created if cause else now.unchanged_until or now.at,
                    at=cause.event.created if cause else now.at,
                    who=cause.event.user if cause else None,
                    event_key=cause.event.key if cause else None,
                    event_kind=cause.event.kind if cause else None,
                )


def went(server: KnownServer, before: datetime) -> tuple[datetime, str | None] | None:
    """Since when it is gone, and who removed it; None if it is there just before that instant, or never was."""
    held = fact_at(server.facts, before)
    if held is None or held.record is not None:
        return None
    cause = _explained(server.events, REMOVING, held)
    return (cause.event.created, cause.event.user) if cause else (held.at, None)


def came(server: KnownServer, start: datetime) -> datetime | None:
    """When it came, if it was not there at `start` and that is known."""
    first = server.facts[0]
    if first.at <= start or first.record is None:
        return None
    cause = _explained(server.events, MAKING, first)
    return cause.event.created if cause else first.at


def _explained(events: Sequence[RecordedEvent], kinds: frozenset[str], fact: Fact) -> RecordedEvent | None:
    """The last event that may be the change which a fact shows."""
    earliest = (fact.unchanged_until or fact.at) - _NEAR
    fitting = [one for one in events if one.event.kind in kinds and earliest <= one.event.created <= fact.at + _NEAR]
    return max(fitting, key=lambda one: (one.event.created, one.event.key), default=None)
