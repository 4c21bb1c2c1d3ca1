"""The report as one HTML file: a pure function of the month and the language. It needs nothing from elsewhere."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from agent.model.availability import Cause, Evidence
from agent.model.incident_match import Match, ServerOutage
from agent.model.month_report import MonthReport
from agent.model.verdict import ClaimResult, CountedOutage, CreditState, MeasuredObject, Verdict
from agent.model.verdict_sentences import sentence
from exporters.report import figures
from exporters.report.bill_view import BillView
from exporters.report.drawings import Drawings, is_availability
from exporters.report.findings import (
    Finding,
    FindingKind,
    claim_anchor,
    credit_due,
    findings,
    incident_anchor,
)
from exporters.report.language import Language, language

_WORST = 15


def render(report: MonthReport, code: str) -> str:
    """The page in one of LANGUAGES."""
    texts = language(code)
    return _template().render(page=_Page(report, texts), report=report, t=texts.text, code=code)


def finding_lines(report: MonthReport, texts: Language) -> list[str]:
    """What is to be taken up with the vendor, a line each."""
    page = _Page(report, texts)
    return [
        f"{texts.text('finding', one.kind.value)}: {page.finding_title(one)}: {page.finding_text(one)}"
        for one in page.findings
    ]


def finding_titles(report: MonthReport, texts: Language) -> list[tuple[FindingKind, str]]:
    """The kind of each, and what it is about."""
    page = _Page(report, texts)
    return [(one.kind, f"{texts.text('finding', one.kind.value)}: {page.finding_title(one)}") for one in page.findings]


class _Page:
    """What the template asks for, in words."""

    def __init__(self, report: MonthReport, texts: Language) -> None:
        self.report, self.texts = report, texts
        self.code: Literal["da", "en"] = "da" if texts.code == "da" else "en"
        self.zone = ZoneInfo(report.contract.spec.time_zone)
        self.findings = findings(report)
        self.due = credit_due(report)
        self.drawn = Drawings(report, texts)
        self.bill = BillView(report.bill, texts)
        self._events = {(one.vcenter, one.event.key): number for number, one in enumerate(report.events)}
        self._outages: dict[tuple[str, str], list[tuple[int, ServerOutage]]] = defaultdict(list)
        # incidents hold the very outages of the list; looking each up by its value would take thousands squared
        self._numbers = {id(outage): number for number, outage in enumerate(report.outages)}
        for number, outage in enumerate(report.outages):
            self._outages[outage.vcenter, outage.vm_id].append((number, outage))

    # times and numbers

    def moment(self, at: datetime | None) -> str:
        return self.texts.moment(at, self.zone)

    def day(self, at: datetime) -> str:
        return self.texts.day(at, self.zone)

    def utc(self, at: datetime) -> str:
        return self.texts.utc(at)

    def length(self, seconds: float) -> str:
        return self.texts.length(seconds)

    def money(self, amount: Fraction | None) -> str:
        if amount is None:
            return self.texts.text("words", "not_told")
        return f"{self.texts.number(amount, 2)} {self.report.contract.spec.currency}"

    def share(self, ratio: Fraction | None) -> str:
        return self.texts.text("words", "unknown") if ratio is None else f"{self.texts.number(100 * ratio, 3)} %"

    def month(self) -> str:
        return self.texts.month(self.report.result.month)

    def month_seconds(self) -> str:
        length = (self.report.result.end - self.report.result.start).total_seconds()
        return self.texts.number(int(length), 0)

    # claims

    def count(self, verdict: str) -> int:
        return sum(one.verdict == verdict for one in self.report.result.claims)

    def anchor(self, claim: ClaimResult) -> str:
        return claim_anchor(claim, self.report.result.claims.index(claim))

    def bounds(self, claim: ClaimResult, of: MeasuredObject | None = None) -> str:
        return figures.bounds(claim, of.bounds if of else claim.bounds, self.texts)

    def target(self, claim: ClaimResult) -> str:
        return figures.target(claim, self.texts)

    def reported(self, claim: ClaimResult) -> str:
        if claim.reported is None:
            return self.texts.text("words", "not_told")
        return figures.told(claim, claim.reported, self.texts)

    def difference(self, claim: ClaimResult) -> str:
        return figures.difference(claim, self.texts)

    def sentence(self, claim: ClaimResult) -> str:
        return sentence(claim, self.code)

    def is_availability(self, claim: ClaimResult) -> bool:
        return is_availability(claim)

    def aggregations(self, claim: ClaimResult) -> list[tuple[str, str, str, bool]]:
        return [
            (
                self.texts.text("clock", clock.value),
                self.texts.text("aggregation", aggregation.value),
                figures.bounds(claim, found, self.texts),
                (clock, aggregation) == (claim.clock, claim.aggregation),
            )
            for (clock, aggregation), found in claim.figures.items()
        ]

    def worst(self, claim: ClaimResult) -> Sequence[MeasuredObject]:
        return claim.objects[:_WORST]

    def left_out(self, claim: ClaimResult) -> int:
        return max(0, len(claim.objects) - _WORST)

    def outage_numbers(self, of: MeasuredObject, counted: CountedOutage) -> list[int]:
        return [
            number
            for number, one in self._outages[of.vcenter, of.object_id]
            if one.start < counted.end and one.end > counted.start
        ]

    def reach(self, of: MeasuredObject) -> str:
        """How long each probe did not reach a server that was up for the platform."""
        found = [one for one in self.report.probes or () if (one.vcenter, one.vm_id) == (of.vcenter, of.object_id)]
        if not found:
            return self.texts.text("words", "not_probed")
        return ", ".join(f"{one.probe} {self.length(one.unreachable_s)}" for one in found)

    def changed(self) -> list[tuple[ClaimResult, str]]:
        """Claims whose verdict was another one in the month before, and which."""
        months = [one.month for one in self.report.earlier]
        before = {one.claim: one.verdict for one in self.report.earlier if one.month == months[-1]}
        return [
            (one, before[one.claim.id].value)
            for one in self.report.result.claims
            if before.get(one.claim.id, one.verdict) is not one.verdict
        ]

    def last_day(self) -> str | None:
        days = [
            one.credit.last_day
            for one in self.report.result.claims
            if one.credit is not None and one.credit.state is CreditState.DUE and one.credit.last_day is not None
        ]
        return min(days).strftime(self.texts.text("time", "day")) if days else None

    # outages and events

    def cause(self, cause: Cause | None) -> str:
        return self.texts.text("cause", cause.value if cause else "unknown")

    def event_links(self, vcenter: str, evidence: Sequence[Evidence]) -> list[tuple[int, int | None]]:
        """Key, and number of the row in the list of events."""
        keys = dict.fromkeys(one.event_key for one in evidence if one.event_key is not None)
        return [(key, self._events.get((vcenter, key))) for key in keys]

    def event_number(self, vcenter: str | None, key: int | None) -> int | None:
        return self._events.get((vcenter or "", key or 0))

    def names(self, names: Sequence[str], most: int = 8) -> str:
        shown = ", ".join(dict.fromkeys(names[:most]))
        return shown if len(names) <= most else f"{shown}, {self.texts.text('words', 'more', count=len(names) - most)}"

    def server_count(self, count: int) -> str:
        return figures.servers(count, self.texts)

    # findings, incidents, bill

    def finding_title(self, one: Finding) -> str:
        if one.claim is not None:
            return f"{one.claim.claim.clause or ''} {one.claim.claim.says or one.claim.claim.id}".strip()
        if one.line is not None:
            return one.line.name
        if one.incident is not None:
            ours = one.incident.ours
            return f"{self.moment(one.incident.start)}, {self.names(ours.servers, 3) if ours else ''}"
        return ""

    def finding_text(self, one: Finding) -> str:
        if one.claim is not None:
            return sentence(one.claim, self.code)
        if one.line is not None:
            return figures.bill_sentence(one.line, self.texts)
        return figures.incident_sentence(one.incident, self.texts) if one.incident else ""

    def incident_text(self, number: int) -> str:
        return figures.incident_sentence(self.report.incidents[number], self.texts)

    def incident_anchor(self, number: int) -> str:
        return incident_anchor(number)

    def outage_number(self, outage: ServerOutage) -> int:
        return self._numbers[id(outage)]

    @property
    def matches(self) -> Mapping[str, int]:
        return {one.value: sum(each.match is one for each in self.report.incidents) for one in Match}

    @property
    def verdicts(self) -> Sequence[str]:
        return [one.value for one in (Verdict.BREACHED, Verdict.UNDECIDED, Verdict.NO_VERDICT, Verdict.MET)]


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("exporters.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")
