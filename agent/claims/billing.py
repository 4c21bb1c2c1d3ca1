"""The vendor's bill against what was measured, server by server and in total. Pure.

A line is right when each size it tells differs from the measured one by no more than the tolerance. Sizes that the bill
does not tell are not compared.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from agent.claims.server_sizes import came, changes, size_by_rule, went
from agent.dataclass import dataclass
from agent.model.billing import BillLine, BillResult, BillVerdict, Dimension, KnownServer, Size
from agent.model.contract import BillingTerms
from agent.model.contract_files import Bill, BilledServer

_ORDER = (
    BillVerdict.ABSENT,
    BillVerdict.DUPLICATE,
    BillVerdict.DIFFERENT,
    BillVerdict.UNBILLED,
    BillVerdict.UNKNOWN,
    BillVerdict.RIGHT,
)


@dataclass(frozen=True, slots=True)
class _Server:
    """A server with what counts of it."""

    known: KnownServer
    name: str
    size: Size | None


def check_bill(
    bill: Bill | None,
    servers: Sequence[KnownServer],
    terms: BillingTerms,
    *,
    month: str,
    start: datetime,
    day_ends: Sequence[datetime],
    known_from: datetime | None,
    known_until: datetime,
    currency: str,
) -> BillResult:
    """Compare a month's bill with what the ledger knows.

    Args:
        bill: None where none was received: then every server is unbilled.
        servers: All that were there in the month, and those that had gone before as far as they are known.
        terms: Tolerance, disk basis, day rule.
        month: Its name, 2026-10.
        start: When it begins, by the contract's time zone.
        day_ends: When each of its days ends; the last is the end of the month.
        known_from: Since when facts are kept; None if they are not. Days before that do not count.
        known_until: Up to when the ledger knows; a month that is not over is checked as if it ended here.
        currency: Of the prices.
    """
    until = min(day_ends[-1], known_until)
    since = max(start, known_from) if known_from is not None else start
    blind = known_from is None or known_from >= until
    ends = [end for end in day_ends if known_from is not None and known_from < end <= until]
    if until < day_ends[-1]:
        ends.append(until)
    measured = [_server(one, ends, terms, until) for one in servers]
    by_name = _by_name(measured, until)
    taken: set[tuple[str, str]] = set()
    lines = []
    for billed in bill.servers if bill else ():
        found = by_name.get(billed.vm.strip().casefold(), ())
        free = [one for one in found if _key(one) not in taken]
        told = _told(billed)
        # several VMs may have one name: the line is of the one that it fits best
        chosen = min(free or found, key=lambda one: len(_differences(told, one.size or Size(), terms)), default=None)
        if chosen is not None:
            taken.add(_key(chosen))
        lines.append(_line(billed, chosen, terms, (since, until), duplicate=bool(found) and not free, blind=blind))
    lines += [
        _line(None, one, terms, (since, until), duplicate=False, blind=blind)
        for one in measured
        if one.size is not None and _key(one) not in taken
    ]
    lines.sort(key=lambda line: (_ORDER.index(line.verdict), line.name.casefold(), line.vm_id or ""))
    return BillResult(
        month=month,
        file=bill.file if bill else None,
        judged_until=until,
        disk_basis=terms.disk_basis,
        day_rule=terms.days,
        currency=currency,
        lines=tuple(lines),
        billed=_total([_told(one) for one in bill.servers] if bill else []),
        measured=_total([one.size for one in measured if one.size is not None]),
        billed_price=_prices(bill.servers if bill else ()),
        contested_price=_prices(
            [
                line.billed
                for line in lines
                if line.billed is not None and line.verdict not in (BillVerdict.RIGHT, BillVerdict.UNKNOWN)
            ]
        ),
    )


def _server(known: KnownServer, ends: Sequence[datetime], terms: BillingTerms, until: datetime) -> _Server:
    names = [one.record.name for one in known.facts if one.record is not None and one.at < until and one.record.name]
    return _Server(
        known, names[-1] if names else known.vm_id, size_by_rule(known.facts, ends, terms.days, terms.disk_basis)
    )


def _by_name(measured: Sequence[_Server], until: datetime) -> dict[str, list[_Server]]:
    """Servers by every name they had in the month; those that are there first, and those that are called so now."""
    found: dict[str, list[_Server]] = defaultdict(list)
    for one in measured:
        names = {one.name.casefold()}
        names |= {
            fact.record.name.casefold()
            for fact in one.known.facts
            if fact.record is not None and fact.record.name and fact.at < until
        }
        for name in names:
            found[name].append(one)
    for name, some in found.items():
        some.sort(key=lambda one: (one.size is None, one.name.casefold() != name, one.known.vcenter, one.known.vm_id))
    return found


def _line(
    billed: BilledServer | None,
    server: _Server | None,
    terms: BillingTerms,
    checked: tuple[datetime, datetime],
    *,
    duplicate: bool,
    blind: bool,
) -> BillLine:
    start, until = checked
    if server is None:
        verdict = BillVerdict.UNKNOWN if blind else BillVerdict.ABSENT
        name = billed.vm if billed else ""
        return BillLine(name=name, vcenter=None, vm_id=None, billed=billed, measured=None, verdict=verdict)
    size = server.size
    differences = {} if billed is None or size is None else _differences(_told(billed), size, terms)
    gone = went(server.known, until)
    if billed is None:
        verdict = BillVerdict.UNBILLED
    elif duplicate:
        verdict = BillVerdict.DUPLICATE
    elif size is None:
        verdict = BillVerdict.UNKNOWN if blind else BillVerdict.ABSENT
    elif differences:
        verdict = BillVerdict.DIFFERENT
    else:
        unknown = any(size.of(one) is None for one in Dimension if _told(billed).of(one) is not None)
        verdict = BillVerdict.UNKNOWN if unknown else BillVerdict.RIGHT
    return BillLine(
        name=billed.vm if billed else server.name,
        vcenter=server.known.vcenter,
        vm_id=server.known.vm_id,
        billed=billed,
        measured=size,
        verdict=verdict,
        differences=differences,
        changes=tuple(changes(server.known, start, until, terms.disk_basis)),
        first_seen=came(server.known, start),
        gone_at=gone[0] if gone else None,
        gone_by=gone[1] if gone else None,
    )


def _differences(billed: Size, measured: Size, terms: BillingTerms) -> dict[Dimension, Fraction]:
    tolerance = {
        Dimension.VCPU: Fraction(terms.tolerance.cpu),
        Dimension.MEMORY: terms.tolerance.memory_gi_b,
        Dimension.DISK: terms.tolerance.disk_gi_b,
    }
    found = {}
    for dimension in Dimension:
        told, known = billed.of(dimension), measured.of(dimension)
        if told is not None and known is not None and abs(told - known) > tolerance[dimension]:
            found[dimension] = told - known
    return found


def _told(billed: BilledServer) -> Size:
    return Size(None if billed.vcpu is None else Fraction(billed.vcpu), billed.memory_gib, billed.disk_gib)


def _total(sizes: Sequence[Size]) -> Size:
    """A sum with an unknown part is unknown."""
    columns = [[size.of(dimension) for size in sizes] for dimension in Dimension]
    return Size(*(None if None in column else sum((one for one in column if one), Fraction(0)) for column in columns))


def _prices(servers: Sequence[BilledServer]) -> Fraction | None:
    told = [one.price for one in servers if one.price is not None]
    return sum(told, Fraction(0)) if told else None


def _key(server: _Server) -> tuple[str, str]:
    return server.known.vcenter, server.known.vm_id
