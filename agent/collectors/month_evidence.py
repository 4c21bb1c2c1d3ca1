"""What claims are judged from, gathered from the ledger: every server's account and identities, what was kept of all else."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from agent.claims.downtime import NOT_THERE
from agent.claims.month import Month
from agent.claims.terms import month_of
from agent.ledger.book import Book
from agent.ledger.database import Connection
from agent.ledger.fact_book import fact_histories, inventory_at
from agent.ledger.hour_facts import hours
from agent.ledger.recorded import Known, vcenters
from agent.ledger.vm_register import VmRegister
from agent.model.availability import Ledger
from agent.model.builds import BuildTable
from agent.model.claim_evidence import Identity, Kept, MonthEvidence, ServerRecord
from agent.model.contract_folder import ContractFolder
from agent.model.facts import Fact
from agent.model.folder import Datacenter, Folder
from agent.model.folder_path import FolderPaths
from agent.model.virtual_machine import VirtualMachine

_MARGIN = timedelta(days=1)
"""Outages that reach over the month's edges are read whole."""
_LAG = timedelta(hours=1)
"""The ledger may be so far behind in a month that runs; what is missing beyond is unknown."""
_KINDS = ("vms", "hosts", "clusters", "datastores", "folders", "datacenters")


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
        one = _kept(connection, known, book.register, month, end)
        servers += _servers(book, known, one, month)
        kept.append(one)
        if book.until is not None:
            reached.append(book.until)
    if now < month.end and any(now - until < _LAG for until in reached):
        end = min(until for until in reached if now - until < _LAG)
    return MonthEvidence(until=max(month.start, end), servers=tuple(servers), kept=tuple(kept), builds=builds, now=now)


def _kept(connection: Connection, known: Known, register: VmRegister, month: Month, end: datetime) -> Kept:
    inventory = inventory_at(connection, known.seq, end)
    return Kept(
        vcenter=known.name,
        facts={kind: dict(fact_histories(connection, known.seq, kind, month.start, end)) for kind in _KINDS},
        hours=hours(connection, known.seq, register, month.start, end),
        custom_fields=(inventory.custom_fields if inventory else None) or {},
    )


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
