"""The report's figures to compute with: CSV with English headings, times in UTC, and one JSON document. Pure."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from agent.model.billing import Dimension, Size
from agent.model.month_report import MonthReport
from agent.model.verdict import ClaimResult
from exporters.report.cells import exact, pair, table, utc
from exporters.report.probes import PROBES, written

FORMAT = "checkmeter/report/v1"


def annexes(report: MonthReport) -> dict[str, bytes]:
    """Every annex by its file name."""
    probes = {} if report.probes is None else {PROBES: written(report.probes)}
    return probes | {
        "claims.csv": table(_CLAIMS, _claims(report)),
        "objects.csv": table(_OBJECTS, _objects(report)),
        "outages.csv": table(_OUTAGES, _outages(report)),
        "unknown.csv": table(_UNKNOWN, _unknown(report)),
        "incidents.csv": table(_INCIDENTS, _incidents(report)),
        "bill.csv": table(_BILL, _bill(report)),
        "size-changes.csv": table(_CHANGES, _changes(report)),
        "events.csv": table(_EVENTS, _events(report)),
        "report.json": _json(report),
    }


_CLAIMS = (
    *("claim", "clause", "measure", "operator", "target", "unit", "reported", "lower", "upper", "verdict", "reason"),
    *("coverage", "evidence", "false_claim", "credit", "currency", "from", "to"),
)


def _claims(report: MonthReport) -> Iterator[Sequence[object]]:
    for one in report.result.claims:
        yield (
            one.claim.id,
            one.claim.clause,
            one.claim.measure,
            one.claim.target.op.value,
            exact(one.claim.target.value),
            one.claim.target.unit.value,
            exact(one.reported),
            *pair(one.bounds),
            one.verdict.value,
            one.reason.value if one.reason else None,
            exact(one.coverage),
            one.evidence.value,
            one.false_claim,
            exact(one.credit.amount) if one.credit else None,
            one.credit.currency if one.credit else None,
            utc(one.start),
            utc(one.end),
        )


_OBJECTS = (
    *("claim", "vcenter", "id", "name", "lower", "upper", "verdict", "agreed_s", "down_s", "unknown_s", "planned_s"),
    *("excluded_s", "looks", "failed", "worst_at", "detail"),
)


def _objects(report: MonthReport) -> Iterator[Sequence[object]]:
    for claim in report.result.claims:
        for one in claim.objects:
            tally = one.tally
            seconds = (
                (tally.agreed_s, tally.down_s, tally.unknown_s, tally.planned_s, tally.excluded_s)
                if tally
                else (None,) * 5
            )
            yield (
                claim.claim.id,
                one.vcenter,
                one.object_id,
                one.name,
                *pair(one.bounds),
                one.verdict.value,
                *seconds,
                one.looks,
                one.failed,
                utc(one.worst_at),
                one.detail,
            )


_OUTAGES = ("number", "vcenter", "id", "name", "earliest", "from", "to", "seconds", "cause", "who", "excused", "events")


def _outages(report: MonthReport) -> Iterator[Sequence[object]]:
    for number, one in enumerate(report.outages, 1):
        keys = dict.fromkeys(piece.event_key for piece in one.evidence if piece.event_key is not None)
        yield (
            number,
            one.vcenter,
            one.vm_id,
            one.name,
            utc(one.earliest_start),
            utc(one.start),
            utc(one.end),
            one.seconds,
            one.cause.value if one.cause else None,
            one.who,
            one.excused,
            " ".join(map(str, keys)),
        )


_UNKNOWN = ("vcenter", "from", "to", "seconds", "cause", "servers")


def _unknown(report: MonthReport) -> Iterator[Sequence[object]]:
    for one in report.unknown:
        cause = one.cause.value if one.cause else None
        yield one.vcenter, utc(one.start), utc(one.end), one.seconds, cause, " ".join(one.servers)


_INCIDENTS = (
    *("match", "from", "to", "servers", "outages", "vendor_id", "vendor_from", "vendor_to", "vendor_servers"),
    *("begins_later_s", "shorter_s", "servers_missing"),
)


def _incidents(report: MonthReport) -> Iterator[Sequence[object]]:
    numbers = {outage: number for number, outage in enumerate(report.outages, 1)}
    for one in report.incidents:
        ours, theirs = one.ours, one.theirs.incident if one.theirs else None
        yield (
            one.match.value,
            utc(ours.start) if ours else None,
            utc(ours.end) if ours else None,
            " ".join(ours.servers) if ours else None,
            " ".join(str(numbers[outage]) for outage in ours.outages) if ours else None,
            theirs.id if theirs else None,
            utc(theirs.from_) if theirs else None,
            utc(theirs.to) if theirs else None,
            theirs.vms if theirs else None,
            one.start_difference_s,
            one.length_difference_s,
            one.missing_servers,
        )


_BILL = (
    *("line", "name", "vcenter", "id", "verdict", "billed_vcpu", "billed_memory_gib", "billed_disk_gib"),
    *("measured_vcpu", "measured_memory_gib", "measured_disk_gib", "price", "gone_at", "gone_by"),
)


def _bill(report: MonthReport) -> Iterator[Sequence[object]]:
    for one in report.bill.lines if report.bill else ():
        billed = one.billed
        yield (
            billed.line if billed else None,
            one.name,
            one.vcenter,
            one.vm_id,
            one.verdict.value,
            billed.vcpu if billed else None,
            exact(billed.memory_gib) if billed else None,
            exact(billed.disk_gib) if billed else None,
            *(exact(one.measured.of(dimension)) if one.measured else None for dimension in Dimension),
            exact(billed.price) if billed else None,
            utc(one.gone_at),
            one.gone_by,
        )


_CHANGES = ("name", "vcenter", "id", "what", "before", "after", "earliest", "at", "who", "event", "kind")


def _changes(report: MonthReport) -> Iterator[Sequence[object]]:
    for line in report.bill.lines if report.bill else ():
        for one in line.changes:
            yield (
                line.name,
                line.vcenter,
                line.vm_id,
                one.dimension.value,
                exact(one.before),
                exact(one.after),
                utc(one.earliest),
                utc(one.at),
                one.who,
                one.event_key,
                one.event_kind,
            )


_EVENTS = (
    *("vcenter", "key", "chain", "created", "kind", "vm", "vm_name", "host", "host_name", "user", "message"),
    "learned",
)


def _events(report: MonthReport) -> Iterator[Sequence[object]]:
    for told in report.events:
        one = told.event
        yield (
            told.vcenter,
            one.key,
            one.chain_id,
            utc(one.created),
            one.kind,
            one.vm,
            one.vm_name,
            one.host,
            one.host_name,
            one.user,
            one.message,
            utc(told.learned_at),
        )


def _json(report: MonthReport) -> bytes:
    """What a program needs first: what was judged, from what, and the verdicts with exact figures."""
    bill = report.bill
    document: dict[str, Any] = {
        "format": FORMAT,
        "month": report.result.month,
        "from": utc(report.result.start),
        "to": utc(report.result.end),
        "judged_until": utc(report.result.judged_until),
        "contract": {"name": report.contract.metadata.name, "revision": report.contract.metadata.revision},
        "ledger": {"row": report.ledger.row, "hash": report.ledger.hash},
        "version": report.version,
        "previous": report.previous,
        "files": [{"name": one.name, "kind": one.kind, "sha256": one.sha256} for one in report.files],
        "claims": [_claim(one) for one in report.result.claims],
        "bill": None
        if bill is None
        else {
            "file": bill.file,
            "billed": _size(bill.billed),
            "measured": _size(bill.measured),
            "wrong": sum(one.verdict.value not in {"right", "unknown"} for one in bill.lines),
        },
        "incidents": {
            match: sum(one.match.value == match for one in report.incidents)
            for match in ("matched", "only_ours", "only_theirs", "excused")
        },
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _claim(one: ClaimResult) -> dict[str, Any]:
    low, high = pair(one.bounds)
    return {
        "claim": one.claim.id,
        "verdict": one.verdict.value,
        "reason": one.reason.value if one.reason else None,
        "lower": low,
        "upper": high,
        "reported": exact(one.reported),
        "false_claim": one.false_claim,
    }


def _size(of: Size) -> dict[str, str | None]:
    return {"vcpu": exact(of.vcpu), "memory_gib": exact(of.memory_gib), "disk_gib": exact(of.disk_gib)}
