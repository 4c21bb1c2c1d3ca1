"""A month of a contract read out of the ledger: claims, bill, incidents and what they rest on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from agent.claims.billing import check_bill
from agent.claims.downtime import NOT_THERE
from agent.claims.evaluation import evaluate
from agent.claims.incidents import match_incidents
from agent.claims.month import Month, utc_midnight
from agent.claims.server_sizes import SIZE_EVENTS
from agent.claims.terms import month_of, newest
from agent.ledger.book import listed
from agent.ledger.database import Connection
from agent.ledger.event_search import events_by_key
from agent.ledger.fact_book import days_kept
from agent.ledger.known_servers import known_servers
from agent.ledger.recorded import covered, vcenters
from agent.ledger.vm_register import read_register
from agent.model.availability import Cause, State
from agent.model.billing import BillResult
from agent.model.claim_evidence import MonthEvidence
from agent.model.contract import Contract
from agent.model.contract_folder import ContractFolder
from agent.model.incident_match import ServerOutage
from agent.model.month_report import LedgerState, MonthReport, PastVerdict, ToldEvent, UnknownTime
from agent.model.verdict import MonthResult, Outside

_EXCUSES = frozenset({Outside.PLANNED, Outside.EXCLUDED, Outside.CUSTOMER})


def month_report(
    connection: Connection,
    folder: ContractFolder,
    name: str,
    evidence: MonthEvidence,
    *,
    earlier: Sequence[MonthResult] = (),
    ledger: tuple[int, bytes],
    version: str,
    previous: str | None,
) -> MonthReport:
    """The whole of it.

    Args:
        connection: In a reading transaction, at the row that `ledger` names.
        folder: The contract and what goes with it.
        name: The month, 2026-10.
        evidence: What claims are judged from.
        earlier: The months before it, oldest first; those of its year count for credits that are capped a year.
        ledger: Number and hash of the last row.
        version: Of the program.
        previous: SHA-256 of last month's sums.
    """
    month = month_of(folder, name)
    result = evaluate(folder, name, evidence, [one for one in earlier if one.month[:4] == name[:4]])
    outages = server_outages(evidence, result, month)
    bill = billed(connection, folder, month, evidence.until)
    incidents = match_incidents(outages, folder.incidents, month.start, month.end)
    return MonthReport(
        contract=_contract(folder, result),
        result=result,
        earlier=tuple(_past(earlier)),
        bill=bill,
        incidents=incidents,
        outages=outages,
        unknown=unknown_times(evidence, month),
        events=tuple(_events(connection, outages, bill)),
        files=folder.files,
        ledger=LedgerState(
            row=ledger[0],
            hash=ledger[1].hex(),
            read=tuple((one.name, *(covered(connection, one.seq) or (None, None))) for one in vcenters(connection)),
        ),
        version=version,
        previous=previous,
    )


def _past(earlier: Sequence[MonthResult]) -> Iterator[PastVerdict]:
    for month in earlier:
        for one in month.claims:
            if one.bounds is not None:
                yield PastVerdict(month=month.month, claim=one.claim.id, bounds=one.bounds, verdict=one.verdict)


def billed(connection: Connection, folder: ContractFolder, month: Month, until: datetime) -> BillResult | None:
    """The bill of a month; None where the contract has no terms for it."""
    contract = _holding(folder, month)
    if contract.spec.billing is None:
        return None
    known = vcenters(connection)
    kept = [days_kept(connection, one.seq) for one in known]
    since = [first for first, _ in filter(None, kept)]
    servers = [
        server
        for one in known
        for server in known_servers(
            connection,
            one,
            read_register(connection, one.seq),
            month.start,
            month.end,
            kinds=SIZE_EVENTS,
            disk_basis=contract.spec.billing.disk_basis,
        )
    ]
    return check_bill(
        folder.bills.get(month.name),
        servers,
        contract.spec.billing,
        month=month.name,
        start=month.start,
        day_ends=tuple(_day_ends(month)),
        known_from=max(since) if since and None not in kept else None,
        known_until=until,
        currency=contract.spec.currency,
    )


def server_outages(evidence: MonthEvidence, result: MonthResult, month: Month) -> tuple[ServerOutage, ...]:
    """Every outage of every server in a month."""
    excuses: dict[tuple[str, str], list[tuple[datetime, datetime, bool]]] = defaultdict(list)
    for claim in result.claims:
        for one in claim.objects:
            excuses[one.vcenter, one.object_id] += [
                (
                    counted.start,
                    counted.end,
                    counted.counted_s == 0 and bool(_EXCUSES.intersection(counted.outside)),
                )
                for counted in one.outages
            ]
    found = []
    for server in evidence.servers:
        for outage in listed(server.ledger):
            if outage.end <= month.start or outage.start >= month.end:
                continue
            begun, ended = max(outage.start, month.start), min(outage.end, month.end)
            touched = [
                excused
                for start, end, excused in excuses[server.vcenter, server.vm_id]
                if start < ended and end > begun
            ]
            found.append(
                ServerOutage(
                    vcenter=server.vcenter,
                    vm_id=server.vm_id,
                    name=server.identity(outage.start).name,
                    start=begun,
                    end=ended,
                    earliest_start=max(min(outage.earliest_start, begun), month.start),
                    cause=outage.cause,
                    who=outage.who,
                    evidence=outage.evidence,
                    # what was removed is no outage to any promise: the bill tells who did it
                    excused=outage.cause in NOT_THERE or (bool(touched) and all(touched)),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.name, one.vm_id)))


def unknown_times(evidence: MonthEvidence, month: Month) -> tuple[UnknownTime, ...]:
    """Times in which nothing could tell, those of several servers together."""
    until = min(month.end, evidence.until)
    shared: dict[tuple[str, datetime, datetime, Cause | None], list[str]] = defaultdict(list)
    for server in evidence.servers:
        for one in server.ledger.intervals:
            start, end = max(one.start, month.start), min(one.end, until)
            if one.state is State.UNKNOWN and start < end:
                shared[server.vcenter, start, end, one.cause].append(server.identity(start).name)
    return tuple(
        UnknownTime(vcenter=vcenter, start=start, end=end, cause=cause, servers=tuple(sorted(names)))
        for (vcenter, start, end, cause), names in sorted(
            shared.items(), key=lambda item: (item[0][1], item[0][2], item[0][0])
        )
    )


def _events(connection: Connection, outages: Iterable[ServerOutage], bill: BillResult | None) -> Iterator[ToldEvent]:
    """The events that outages and changes of size rest on."""
    keys: dict[str, set[int]] = defaultdict(set)
    for outage in outages:
        keys[outage.vcenter] |= {one.event_key for one in outage.evidence if one.event_key is not None}
    for line in bill.lines if bill else ():
        if line.vcenter is not None:
            keys[line.vcenter] |= {one.event_key for one in line.changes if one.event_key is not None}
    for known in vcenters(connection):
        for recorded in events_by_key(connection, known.seq, sorted(keys.get(known.name, ()))):
            yield ToldEvent(vcenter=known.name, event=recorded.event, learned_at=recorded.learned_at)


def _contract(folder: ContractFolder, result: MonthResult) -> Contract:
    held = [one for one in folder.contracts if one.metadata.revision in result.revisions]
    return held[-1] if held else newest(folder)


def _holding(folder: ContractFolder, month: Month) -> Contract:
    """The revision that holds when the month ends; else the newest."""
    held = [
        one
        for one in folder.contracts
        if one.spec.valid_from <= month.last_day and (one.spec.valid_to is None or month.last_day < one.spec.valid_to)
    ]
    return held[-1] if held else newest(folder)


def _day_ends(month: Month) -> Iterator[datetime]:
    day = month.first_day
    while day <= month.last_day:
        day += timedelta(days=1)
        yield utc_midnight(day, month.zone)
