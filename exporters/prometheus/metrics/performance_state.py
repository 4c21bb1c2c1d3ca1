"""How complete the performance counters are."""

from collections.abc import Iterable

from agent.model.world import Target
from exporters.prometheus.family import AGENT, Family, Kind, Sample
from exporters.prometheus.section import Section, Subject


def _lost(target: Target) -> Iterable[Sample]:
    for kind, entities in (target.performance.entities if target.performance else {}).items():
        yield (kind,), sum(item.lost_s for item in entities.values())


def _newest(target: Target) -> Iterable[Sample]:
    for kind, at_s in (target.performance.newest_sample_s if target.performance else {}).items():
        yield (kind,), at_s


def _objects(target: Target) -> Iterable[Sample]:
    for kind, entities in (target.performance.entities if target.performance else {}).items():
        yield (kind,), len(entities)


FAMILIES: tuple[Family[Target], ...] = (
    Family(
        name="checkmeter_performance_lost_seconds_total",
        help="Seconds of samples, added up over the objects, that vCenter no longer had when they could be asked for. "
        "At least so many: of an object that was off and on in between, only the time since it is on counts.",
        source=AGENT,
        kind=Kind.COUNTER,
        labels=("object",),
        samples=_lost,
    ),
    Family(
        name="checkmeter_performance_newest_sample_timestamp_seconds",
        help="Time of the newest sample that was counted, on vCenter's clock.",
        source=AGENT,
        labels=("object",),
        samples=_newest,
    ),
    Family(
        name="checkmeter_performance_objects",
        help="Objects whose samples are counted.",
        source=AGENT,
        labels=("object",),
        samples=_objects,
    ),
)

SECTION: Section[Target, Target] = Section(
    title="Completeness of performance counters",
    labels=("vcenter",),
    families=FAMILIES,
    subjects=lambda target: (Subject(target.name, (target.name,), target),),
)
