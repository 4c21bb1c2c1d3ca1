"""What claims are judged from, gathered from the ledger: every server's account and identities, what was kept of all else."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from agent.claims.downtime import NOT_THERE
from agent.claims.month import Month
from agent.claims.seconds import instant
from agent.claims.terms import in_force, month_of
from agent.ledger.book import Book
from agent.ledger.database import Connection
from agent.ledger.fact_book import custom_fields_at, fact_histories
from agent.ledger.hour_facts import each_hour
from agent.ledger.recorded import Known, vcenters
from agent.model.availability import Ledger
from agent.model.builds import BuildTable
from agent.model.claim_evidence import Identity, Kept, MonthEvidence, ServerRecord, SpreadPart
from agent.model.contract_folder import ContractFolder
from agent.model.facts import Fact, HourFacts
from agent.model.folder import Datacenter, Folder
from agent.model.folder_path import FolderPaths
from agent.model.virtual_machine import VirtualMachine

_MARGIN = timedelta(days=1)
"""Outages that reach over the month's edges are read whole."""
_LAG = timedelta(hours=1)
"""The ledger may be so far behind in a month that runs; what is missing beyond is unknown."""
_PLACE = ("name", "parent")
_FIELDS = {
    "vms": (*_PLACE, "template", "host", "custom_values", "tag_pairs", "snapshots", "tools_version_status"),
    "hosts": (*_PLACE, "version", "build"),
    "clusters": _PLACE,
    "datastores": _PLACE,
    "folders": _PLACE,
    "datacenters": _PLACE,
}
"""What measures and selections look at."""


def month_evidence(
    connection: Connection, folder: ContractFolder, name: str, now: datetime, builds: BuildTable
) -> MonthEvidence:
    """Of the month `2026-10`, of all vCenters in the ledger.

    Args:
        connection: In a reading transaction, which must last until this returns.
        folder: The contract, for the month's time zone.
        name: The month.
        now: The agent's clock.
        builds: Releases of ESXi.
    """
    month = month_of(folder, name)
    end = min(month.end, now)
    servers: list[ServerRecord] = []
    kept: list[Kept] = []
    reached: list[datetime] = []
    for known in vcenters(connection) if month.start < end else ():
        book = Book(connection, known, month.start - _MARGIN, min(month.end + _MARGIN, now))
        one = _kept(connection, book, folder, month, end)
        servers += _servers(book, known, one, month)
        kept.append(one)
        if book.until is not None:
            reached.append(book.until)
    if now < month.end and any(now - until < _LAG for until in reached):
        end = min(until for until in reached if now - until < _LAG)
    return MonthEvidence(until=max(month.start, end), servers=tuple(servers), kept=tuple(kept), builds=builds, now=now)


def _kept(connection: Connection, book: Book, folder: ContractFolder, month: Month, end: datetime) -> Kept:
    known = book.known
    facts = {
        kind: dict(fact_histories(connection, known.seq, kind, month.start, end, fields=fields))
        for kind, fields in _FIELDS.items()
    }
    ready = _ReadyParts(facts["vms"], [instant(one.start) for one in in_force(folder, month)])
    found = each_hour(connection, known.seq, book.register, month.start, end)
    hours = tuple(replace(one, cpu_ready={}) for one in ready.taken(found))
    return Kept(
        vcenter=known.name,
        facts=facts,
        hours=hours,
        cpu_ready=ready.parts(),
        custom_fields=custom_fields_at(connection, known.seq, end),
    )


class _ReadyParts:
    """CPU ready added up over the hours in which nothing of a VM changed that a contract may select it by."""

    def __init__(self, facts: Mapping[str, tuple[Fact, ...]], changes: Iterable[datetime]) -> None:
        """`changes` are when another revision begins to hold."""
        self._facts, self._changes = facts, sorted(changes)
        self._edges: dict[str, list[datetime]] = {}
        self._parts: dict[str, list[SpreadPart]] = defaultdict(list)
        self._part_of: dict[str, int] = {}

    def taken(self, hours: Iterable[HourFacts]) -> Iterator[HourFacts]:
        """The hours as they come."""
        for hour in hours:
            for vm_id, spread in hour.cpu_ready.items():
                number = bisect_right(self._edges_of(vm_id), hour.start)
                if self._part_of.get(vm_id) != number:
                    self._part_of[vm_id] = number
                    self._parts[vm_id].append(SpreadPart(hour.start, Counter()))
                total = self._parts[vm_id][-1].spread
                assert isinstance(total, Counter)  # noqa: S101 - made above
                total.update(spread)
            yield hour

    def parts(self) -> Mapping[str, tuple[SpreadPart, ...]]:
        """By `vm_id`."""
        return {vm_id: tuple(parts) for vm_id, parts in self._parts.items()}

    def _edges_of(self, vm_id: str) -> list[datetime]:
        if vm_id not in self._edges:
            facts = self._facts.get(vm_id, ())
            self._edges[vm_id] = (
                sorted([*self._changes, *(fact.at for fact in facts[1:])]) if len(facts) > 1 else self._changes
            )
        return self._edges[vm_id]


def _servers(book: Book, known: Known, kept: Kept, month: Month) -> Iterator[ServerRecord]:
    """VMs that were there in the month; one that had been removed before it is none of them."""
    paths = _folder_paths(kept.facts)
    facts = kept.facts["vms"]
    for vm_id, ledger in book.ledgers():
        if not _there(ledger, month):
            continue
        identities = tuple(_identities(facts.get(vm_id, ()), paths, kept.custom_fields))
        if not identities:
            identities = (Identity(since=ledger.start, name=book.register.name(vm_id)),)
        yield ServerRecord(vcenter=known.name, vm_id=vm_id, ledger=ledger, identities=identities)


def _there(ledger: Ledger, month: Month) -> bool:
    return any(
        one.cause not in NOT_THERE for one in ledger.intervals if one.end > month.start and one.start < month.end
    )


def _identities(facts: tuple[Fact, ...], paths: FolderPaths, fields: Mapping[int, str]) -> Iterator[Identity]:
    last: Identity | None = None
    for fact in facts:
        record = fact.record
        if not isinstance(record, VirtualMachine) or record.template:
            continue
        values = record.custom_values
        one = Identity(
            since=fact.at,
            name=record.name or record.moid,
            folder=paths.path(record.parent),
            attributes=None
            if values is None
            else {
                fields[value.key]: value.value or ""
                for value in values
                if value.key is not None and value.key in fields
            },
            tags=None if record.tag_pairs is None else tuple(map(str, record.tag_pairs)),
        )
        if last is None or replace(one, since=last.since) != last:
            last = one
            yield one


def _folder_paths(facts: Mapping[str, Mapping[str, tuple[Fact, ...]]]) -> FolderPaths:
    """As folders were last seen in the month."""
    places: dict[str, Folder | Datacenter] = {}
    for kind in ("folders", "datacenters"):
        for moid, history in facts[kind].items():
            records = [fact.record for fact in history if fact.record is not None]
            if records and isinstance(records[-1], Folder | Datacenter):
                places[moid] = records[-1]
    return FolderPaths(places)
