"""What the health checks say: counts by check, and one series an object that something was found of, bounded."""

from collections.abc import Iterable, Mapping

from agent.dataclass import dataclass
from agent.model.health import Finding, HealthReport, State
from agent.model.world import Target
from exporters.prometheus.family import AGENT, Family, Origin, Sample
from exporters.prometheus.section import Section, Sight, Subject

HEALTH = (Origin("health checks", None),)
"""docs/checks.md says of each check which property it is made from."""
MOST_FINDINGS = 1000
"""Series of single objects a vCenter; the worst are kept."""
SEVERITIES = (State.INFO, State.WARNING, State.CRITICAL)
_STATES = (*SEVERITIES, State.UNKNOWN, State.OK)


@dataclass(frozen=True, slots=True)
class CheckCount:
    """One check: how many objects it said what of, and how many findings are acknowledged."""

    counts: Mapping[State, int]
    acknowledged: int


@dataclass(frozen=True, slots=True)
class FoundObject:
    """The worst that one check says of one object."""

    finding: Finding


def _counts(item: CheckCount) -> Iterable[Sample]:
    return (((state.value,), item.counts.get(state, 0)) for state in _STATES)


CHECK_FAMILIES: tuple[Family[CheckCount], ...] = (
    Family(
        name="vsphere_health_findings",
        help="What a check says: findings by severity, acknowledged ones left out, and objects that are unknown or ok.",
        source=HEALTH,
        labels=("severity",),
        samples=_counts,
    ),
    Family(
        name="vsphere_health_acknowledged_findings",
        help="Findings of a check that somebody acknowledged.",
        source=HEALTH,
        samples=lambda item: (((), item.acknowledged),),
    ),
)
FINDING_FAMILIES: tuple[Family[FoundObject], ...] = (
    Family(
        name="vsphere_health_finding",
        help=f"An object of which a check found something that nobody acknowledged; the {MOST_FINDINGS} worst of a vCenter.",
        source=HEALTH,
        samples=lambda _: (((), 1),),
    ),
    Family(
        name="vsphere_health_finding_since_timestamp_seconds",
        help="When it was found first.",
        source=HEALTH,
        samples=lambda item: (((), item.finding.since.timestamp() if item.finding.since else None),),
    ),
)
REPORT_FAMILIES: tuple[Family[HealthReport], ...] = (
    Family(
        name="checkmeter_health_evaluated_timestamp_seconds",
        help="When all health checks were made last.",
        source=AGENT,
        samples=lambda report: (((), report.evaluated_at.timestamp()),),
    ),
    Family(
        name="checkmeter_health_omitted_findings",
        help=f"Objects with findings beyond the {MOST_FINDINGS} that have a series.",
        source=AGENT,
        samples=lambda report: (((), max(0, len(_found_objects(report)) - MOST_FINDINGS)),),
    ),
)


def _found_objects(report: HealthReport) -> list[Finding]:
    """The first, which is the worst, finding of each check and object; worst first."""
    first: dict[tuple[str, str], Finding] = {}
    for finding in report.findings:
        if finding.acknowledged is None:
            first.setdefault((finding.check, finding.object_id), finding)
    return list(first.values())


def _checks(sight: Sight) -> Iterable[Subject[CheckCount]]:
    report = sight.health
    if report is None:
        return
    acknowledged: dict[str, dict[State, int]] = {}
    for finding in report.findings:
        if finding.acknowledged is not None:
            known = acknowledged.setdefault(finding.check, {})
            known[finding.state] = known.get(finding.state, 0) + 1
    for check, tally in report.tally.items():
        known = acknowledged.get(check, {})
        counts = {state: count - known.get(state, 0) for state, count in tally.items()}
        yield Subject(check, (sight.vcenter, check), CheckCount(counts, sum(known.values())))


def _findings(sight: Sight) -> Iterable[Subject[FoundObject]]:
    if sight.health is None:
        return
    for one in _found_objects(sight.health)[:MOST_FINDINGS]:
        labels = (sight.vcenter, one.check, one.state.value, one.kind, one.object_id, one.object_name)
        yield Subject(f"{one.check}/{one.object_id}", labels, FoundObject(one))


def _reports(target: Target) -> Iterable[Subject[HealthReport]]:
    if target.health is not None:
        yield Subject(target.name, (target.name,), target.health)


def _report(sight: Sight) -> object:
    return sight.health


CHECK_SECTION = Section(
    title="Health checks",
    labels=("vcenter", "check"),
    families=CHECK_FAMILIES,
    subjects=_checks,
    made_from=_report,
)
FINDING_SECTION = Section(
    title="Health findings",
    labels=("vcenter", "check", "severity", "entity_type", "entity_id", "entity_name"),
    families=FINDING_FAMILIES,
    subjects=_findings,
    made_from=_report,
)
REPORT_SECTION = Section(title="Health reports", labels=("vcenter",), families=REPORT_FAMILIES, subjects=_reports)
