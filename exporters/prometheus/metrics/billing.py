"""The vendor's bill and list of incidents beside what was measured, of the running month and the last one."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial

from agent.dataclass import dataclass
from agent.model.billing import BillLine, BillResult, BillVerdict, Dimension, Size
from agent.model.claims_status import Papers
from agent.model.incident_match import IncidentMatch, Match
from agent.model.world import World
from exporters.prometheus.family import Family, Origin, Sample
from exporters.prometheus.section import Section, Subject

_BILL = (Origin("vendor's bill", None),)
_LEDGER = (Origin("ledger", None),)
_BOTH = (*_BILL, *_LEDGER)
_INCIDENTS = (Origin("vendor's incidents", None), *_LEDGER)
_GIB = 1 << 30
_UNITS = (
    (Dimension.VCPU, "cpus", "Virtual CPUs", 1),
    (Dimension.MEMORY, "memory_bytes", "Memory", _GIB),
    (Dimension.DISK, "disk_bytes", "Disk", _GIB),
)
_MOST_LINES = 200
"""A bill that is wrong altogether should not fill the page."""


@dataclass(frozen=True, slots=True)
class Incidents:
    """Of one month."""

    found: tuple[IncidentMatch, ...]


def _amount(value: Fraction | None, factor: int) -> float | None:
    return None if value is None else float(value * factor)


def _total(what: str, told: str, size: Callable[[BillResult], Size]) -> Iterator[Family[BillResult]]:
    for dimension, unit, name, factor in _UNITS:
        yield Family(
            name=f"vsphere_billing_{what}_{unit}",
            help=f"{name} {told}",
            source=_BILL if what == "billed" else _LEDGER,
            samples=partial(_of_total, size, dimension, factor),
        )


def _of_total(size: Callable[[BillResult], Size], dimension: Dimension, factor: int, bill: BillResult) -> list[Sample]:
    return [((), _amount(size(bill).of(dimension), factor))]


BILL_FAMILIES: tuple[Family[BillResult], ...] = (
    *_total("billed", "that the vendor bills, of all servers.", lambda bill: bill.billed),
    *_total("measured", "that servers have, by the contract's basis and day rule.", lambda bill: bill.measured),
    Family(
        name="vsphere_billing_lines",
        help="Servers on the bill, or missing on it, by what is to be said of them.",
        source=_BOTH,
        labels=("verdict",),
        samples=lambda bill: (((one.value,), bill.count(one)) for one in BillVerdict),
    ),
    Family(
        name="vsphere_billing_price",
        help="What the bill amounts to, in the contract's currency, as far as its lines have prices.",
        source=_BILL,
        labels=("currency",),
        samples=lambda bill: (((bill.currency,), _amount(bill.billed_price, 1)),),
    ),
    Family(
        name="vsphere_billing_contested_price",
        help="Of that, lines that are not as measured: the most that is at stake.",
        source=_BOTH,
        labels=("currency",),
        samples=lambda bill: (((bill.currency,), float(bill.contested_price or 0)),),
    ),
)


def _difference(dimension: Dimension, unit: str, name: str, factor: int) -> Family[BillLine]:
    def samples(line: BillLine) -> Iterable[Sample]:
        return (((), _amount(line.differences.get(dimension), factor)),)

    return Family(
        name=f"vsphere_billing_difference_{unit}",
        help=f"{name} billed minus measured, where that is more than the tolerance; servers of the right size have none.",
        source=_BOTH,
        samples=samples,
    )


LINE_FAMILIES: tuple[Family[BillLine], ...] = (
    Family(
        name="vsphere_billing_line_state",
        help="What is wrong with a server's line, or with the server that has none: 1 for what holds.",
        source=_BOTH,
        labels=("state",),
        states=tuple(one.value for one in BillVerdict if one is not BillVerdict.RIGHT),
        samples=lambda line: (
            ((one.value,), line.verdict is one) for one in BillVerdict if one is not BillVerdict.RIGHT
        ),
    ),
    *(_difference(*unit) for unit in _UNITS),
)


def _worst(found: Iterable[int | None]) -> float | None:
    return max((float(one) for one in found if one is not None), default=None)


INCIDENT_FAMILIES: tuple[Family[Incidents], ...] = (
    Family(
        name="vsphere_incidents",
        help="Incidents of the month: told by both, only measured, only told by the vendor, or such as need not be told.",
        source=_INCIDENTS,
        labels=("match",),
        samples=lambda item: (((match.value,), sum(one.match is match for one in item.found)) for match in Match),
    ),
    Family(
        name="vsphere_incidents_unreported_seconds",
        help="How long the incidents lasted together that the vendor does not tell of.",
        source=_INCIDENTS,
        samples=lambda item: (
            ((), sum(one.ours.seconds for one in item.found if one.match is Match.ONLY_OURS and one.ours)),
        ),
    ),
    Family(
        name="vsphere_incidents_late_start_seconds",
        help="How much later than measured the vendor lets an incident begin, at most.",
        source=_INCIDENTS,
        samples=lambda item: (((), _worst(one.start_difference_s for one in item.found)),),
    ),
    Family(
        name="vsphere_incidents_shortened_seconds",
        help="How much shorter than measured the vendor makes an incident, at most.",
        source=_INCIDENTS,
        samples=lambda item: (((), _worst(one.length_difference_s for one in item.found)),),
    ),
)


def _months(world: World) -> Iterator[tuple[str, str, Papers]]:
    status = world.claims
    if status is None or status.contract is None:
        return
    for period, name in (("this_month", status.this_month), ("last_month", status.last_month)):
        if name is not None and name in status.papers:
            yield status.contract, period, status.papers[name]


def _bills(world: World) -> Iterable[Subject[BillResult]]:
    for contract, period, papers in _months(world):
        if papers.bill is not None:
            yield Subject(period, (contract, period), papers.bill)


def _lines(world: World) -> Iterable[Subject[BillLine]]:
    for contract, period, papers in _months(world):
        wrong = [one for one in papers.bill.lines if one.verdict is not BillVerdict.RIGHT] if papers.bill else []
        for number, line in enumerate(wrong[:_MOST_LINES]):
            told = str(line.billed.line) if line.billed is not None else ""
            yield Subject(f"{period}/{number}", (contract, period, line.vm_id or "", line.name, told), line)


def _incidents(world: World) -> Iterable[Subject[Incidents]]:
    for contract, period, papers in _months(world):
        yield Subject(period, (contract, period), Incidents(papers.incidents))


BILL_SECTION = Section(title="The bill", labels=("contract", "period"), families=BILL_FAMILIES, subjects=_bills)
LINE_SECTION = Section(
    title="Lines of the bill",
    labels=("contract", "period", "vm_id", "vm_name", "line"),
    families=LINE_FAMILIES,
    subjects=_lines,
)
INCIDENT_SECTION = Section(
    title="Incidents", labels=("contract", "period"), families=INCIDENT_FAMILIES, subjects=_incidents
)
