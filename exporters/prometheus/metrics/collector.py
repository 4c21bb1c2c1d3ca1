"""How each collector of each vCenter is doing."""

from collections.abc import Iterable

from agent.model.world import CollectorStatus, Target
from exporters.prometheus.family import AGENT, Family, Kind
from exporters.prometheus.section import Section, Subject

FAMILIES: tuple[Family[CollectorStatus], ...] = (
    Family(
        name="checkmeter_collector_last_success_timestamp_seconds",
        help="When the collector last succeeded: how old vCenter's values on this page are, which scrapes do not renew.",
        source=AGENT,
        samples=lambda status: (((), status.last_success.timestamp() if status.last_success else None),),
    ),
    Family(
        name="checkmeter_collector_interval_seconds",
        help="How often the collector runs; its values leave the page after three intervals without success.",
        source=AGENT,
        samples=lambda status: (((), status.interval_s),),
    ),
    Family(
        name="checkmeter_collector_last_duration_seconds",
        help="How long the last run took.",
        source=AGENT,
        samples=lambda status: (((), status.last_duration_s),),
    ),
    Family(
        name="checkmeter_collector_runs_total",
        help="Runs, failed ones too.",
        source=AGENT,
        kind=Kind.COUNTER,
        samples=lambda status: (((), status.runs),),
    ),
    Family(
        name="checkmeter_collector_failures_total",
        help="Runs that failed because the outside world did.",
        source=AGENT,
        kind=Kind.COUNTER,
        samples=lambda status: (((), status.failures),),
    ),
    Family(
        name="checkmeter_collector_bugs_total",
        help="Runs that failed by a mistake in the agent; the log has the details.",
        source=AGENT,
        kind=Kind.COUNTER,
        samples=lambda status: (((), status.bugs),),
    ),
)


def _subjects(target: Target) -> Iterable[Subject[CollectorStatus]]:
    for name, status in target.collectors.items():
        yield Subject(name, (target.name, name), status)


SECTION = Section(title="Collectors", labels=("vcenter", "collector"), families=FAMILIES, subjects=_subjects)
