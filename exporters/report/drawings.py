"""The charts of a report: what is drawn of its figures. Pure."""

from collections import defaultdict
from zoneinfo import ZoneInfo

from markupsafe import Markup

from agent.model.contract_claims import Measure, Unit
from agent.model.incident_match import ServerOutage
from agent.model.month_report import MonthReport, PastVerdict
from agent.model.verdict import ClaimResult
from exporters.report import figures
from exporters.report.charts import MonthBar, Strip, Whisker, strip, trend, whiskers
from exporters.report.language import Language


class Drawings:
    """Of one report and language."""

    def __init__(self, report: MonthReport, texts: Language) -> None:
        self._report, self._texts = report, texts
        self._zone = ZoneInfo(report.contract.spec.time_zone)
        self._outages: dict[tuple[str, str], list[ServerOutage]] = defaultdict(list)
        for outage in report.outages:
            self._outages[outage.vcenter, outage.vm_id].append(outage)

    def chart(self) -> Markup:
        """Every availability against its target and the vendor's figure."""
        rows = [
            Whisker(
                label=f"{one.claim.clause or ''} {one.claim.id}".strip(),
                lower=float(one.bounds.lower),
                upper=float(one.bounds.upper),
                target=float(one.claim.target.value),
                reported=None if one.reported is None else float(one.reported),
                verdict=one.verdict.value,
                told=figures.bounds(one, one.bounds, self._texts),
            )
            for one in self._report.result.claims
            if one.bounds is not None and is_availability(one) and one.claim.target.unit is Unit.PERCENT
        ]
        return whiskers(rows)

    def trend(self, claim: ClaimResult) -> Markup | None:
        """The months before and this one; None where there are none before."""
        past = [one for one in self._report.earlier if one.claim == claim.claim.id]
        if not past or claim.bounds is None or not is_availability(claim):
            return None
        this = PastVerdict(
            month=self._report.result.month, claim=claim.claim.id, bounds=claim.bounds, verdict=claim.verdict
        )
        bars = [
            MonthBar(
                label=one.month,
                lower=float(one.bounds.lower),
                upper=float(one.bounds.upper),
                verdict=one.verdict.value,
                told=figures.bounds(claim, one.bounds, self._texts),
            )
            for one in (*past, this)
        ]
        return trend(bars, float(claim.claim.target.value))

    def strips(self) -> list[tuple[str, Markup]]:
        """A calendar for each availability claim."""
        found = []
        for one in self._report.result.claims:
            if not is_availability(one):
                continue
            members = sorted({(each.vcenter, each.object_id) for each in one.objects})
            down = [
                (outage.start, outage.end)
                for key in members
                for outage in self._outages.get(key, [])
                if not outage.excused
            ]
            names = {each.name for each in one.objects}
            unknown = [(gap.start, gap.end) for gap in self._report.unknown if names.intersection(gap.servers)]
            label = one.claim.says or one.claim.id
            found.append(
                (
                    label,
                    strip(
                        Strip(label=label, down=down, unknown=unknown),
                        self._report.result.start,
                        self._report.result.end,
                        self._zone,
                    ),
                )
            )
        return found


def is_availability(claim: ClaimResult) -> bool:
    """Whether the claim is about time that servers were up."""
    return claim.claim.measure == Measure.AVAILABILITY
