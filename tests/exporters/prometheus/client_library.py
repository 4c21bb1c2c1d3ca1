"""The same metrics handed to the Prometheus client library: the independent truth about formats."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics
from prometheus_client.registry import Collector

from agent.model.world import World
from exporters.prometheus.catalogue import AGENT, CONNECTIONS, HEALTH, INVENTORY, OF_THE_WORLD, PERFORMANCE
from exporters.prometheus.metrics.agent import AgentView
from exporters.prometheus.section import Sight
from tests.worlds import NOW


class Known(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> list[Metric]:
        return self._metrics


def metrics_of(world: World, series: int) -> Iterable[Metric]:
    """Every family that has a sample, from the families themselves and not by the code that writes lines."""
    sights = [
        Sight(
            vcenter=target.name,
            inventory=target.inventory,
            performance=target.performance,
            health=target.health,
            labelling=target.labelling,
        )
        for target in world.targets.values()
        if target.visible_inventory(NOW)
    ]
    sources = [
        *((section, sights) for section in (*INVENTORY, *PERFORMANCE, *HEALTH)),
        *((section, list(world.targets.values())) for section in CONNECTIONS),
        *((section, [world]) for section in OF_THE_WORLD),
        (AGENT, [AgentView(world, series)]),
    ]
    for section, seen in sources:
        subjects = [subject for source in seen for subject in section.subjects(source)]
        for family in section.families:
            metric = Metric(family.openmetrics_name, family.documentation, family.kind.value)
            for subject in subjects:
                identity = dict(zip(section.labels, subject.labels, strict=True))
                for own, value in family.samples(subject.record):
                    labels = {name: text for name, text in zip(family.labels, own, strict=True) if text is not None}
                    if value is not None:
                        metric.add_sample(family.name, {**identity, **labels}, value)
            if metric.samples:
                yield metric


def as_text(metrics: Iterable[Metric]) -> bytes:
    return generate_latest(registry_of(metrics))


def as_openmetrics(metrics: Iterable[Metric]) -> bytes:
    return generate_openmetrics(registry_of(metrics))


def registry_of(metrics: Iterable[Metric]) -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Known(metrics))
    return registry
