"""Performance counters: totals that only grow, and the newest of what does not add up."""

from collections.abc import Iterable, Mapping
from functools import cache, partial

from agent.model.counter_uses import DEFAULT_COUNTERS, GRIDS, is_total
from agent.model.performance import CounterDefinition, EntityPerformance
from exporters.prometheus.family import Family, Kind, Origin, Sample
from exporters.prometheus.metrics.counter_names import MetricName, metric_name
from exporters.prometheus.section import Section, Sight, Subject

_NAMES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "vm": ("VM performance counters", ("vcenter", "vm_id", "vm_name")),
    "host": ("Host performance counters", ("vcenter", "host_id", "host_name")),
    "resource_pool": ("Resource pool performance counters", ("vcenter", "resource_pool_id", "resource_pool_name")),
    "cluster": ("Cluster performance counters", ("vcenter", "cluster_id", "cluster_name")),
    "datastore": ("Datastore performance counters", ("vcenter", "datastore_id", "datastore_name")),
}
_TOTALS, _GAUGES, _PEAKS = frozenset({"totals"}), frozenset({"gauges"}), frozenset({"peaks"})
Counters = tuple[tuple[CounterDefinition, bool, bool], ...]
"""Definition, whether its peak is shown, whether its instances are."""


def default_sections() -> tuple[Section[Sight, EntityPerformance], ...]:
    """What the default configuration shows, as vSphere defines the counters."""
    return tuple(
        performance_section(
            kind,
            tuple(
                (CounterDefinition(id=0, name=use.name, unit=use.unit, stats_type=use.stats_type), use.peak, False)
                for use in uses
            ),
        )
        for kind, uses in DEFAULT_COUNTERS.items()
    )


def sections_for(sights: Iterable[Sight]) -> tuple[Section[Sight, EntityPerformance], ...]:
    """The sections for what these vCenters were asked for."""
    seen = tuple(sight.performance for sight in sights if sight.performance is not None)
    found = []
    for kind in GRIDS:
        counters: dict[str, tuple[CounterDefinition, bool, bool]] = {}
        for performance in seen:
            for use in performance.uses.get(kind, ()):
                definition = performance.definitions.get(use.name)
                if definition is not None and use.counted:
                    by_instance = use.name.split(".")[0] in performance.instances.get(kind, frozenset())
                    plain = CounterDefinition(
                        id=0, name=use.name, unit=definition.unit, stats_type=definition.stats_type
                    )
                    counters[use.name] = (plain, use.peak, by_instance)
        found.append(performance_section(kind, tuple(counters.values())))
    return tuple(found)


@cache
def performance_section(kind: str, counters: Counters) -> Section[Sight, EntityPerformance]:
    """The families of one kind of object."""
    title, labels = _NAMES[kind]
    prefix = f"vsphere_{kind}"
    families = []
    for definition, peak, by_instance in counters:
        families += _families(definition, metric_name(prefix, definition), kind, peak=peak)
        if by_instance:
            families.append(_device_family(definition, metric_name(prefix, definition, device=True), kind))
    return Section(
        title=title,
        labels=labels,
        families=tuple(families),
        subjects=partial(_subjects, kind),
        made_from=partial(_made_from, kind),
    )


def _families(
    definition: CounterDefinition, metric: MetricName, kind: str, *, peak: bool
) -> list[Family[EntityPerformance]]:
    key, total = (definition.name, ""), is_total(definition)

    def totals(item: EntityPerformance) -> Iterable[Sample]:
        value = item.totals.get(key)
        return () if value is None else (((), metric.unit.of(value)),)

    def newest(item: EntityPerformance) -> Iterable[Sample]:
        reading = item.gauges.get(key)
        return () if reading is None else (((), metric.unit.of(reading.latest)),)

    def peaks(item: EntityPerformance) -> Iterable[Sample]:
        reading = item.gauges.get(key)
        value = item.peaks.get(key) if total else reading.peak if reading else None
        return () if value is None else (((), metric.peak_unit.of(value)),)

    every = f"{GRIDS[kind].interval_s} s"
    figure: Family[EntityPerformance] = Family(
        name=metric.name,
        help=f"{metric.help}; {f'every sample of {every} counted once' if total else f'newest sample of {every}'}.",
        source=_source(definition),
        samples=totals if total else newest,
        kind=Kind.COUNTER if total else Kind.GAUGE,
        reads=_TOTALS if total else _GAUGES,
    )
    if not peak:
        return [figure]
    highest: Family[EntityPerformance] = Family(
        name=metric.peak,
        help=f"{metric.help}; highest sample of the last minute.",
        source=_source(definition),
        samples=peaks,
        reads=_PEAKS if total else _GAUGES,
    )
    return [figure, highest]


def _device_family(definition: CounterDefinition, metric: MetricName, kind: str) -> Family[EntityPerformance]:
    name, total = definition.name, is_total(definition)

    def samples(item: EntityPerformance) -> Iterable[Sample]:
        for (counter, instance), value in (item.totals if total else item.gauges).items():
            if counter == name and instance:
                figure = value if isinstance(value, int) else value.latest
                yield (instance,), metric.unit.of(figure)

    return Family(
        name=metric.name,
        help=f"{metric.help}; for each device, every {GRIDS[kind].interval_s} s.",
        source=_source(definition),
        samples=samples,
        kind=Kind.COUNTER if total else Kind.GAUGE,
        labels=("device",),
        reads=_TOTALS if total else _GAUGES,
    )


def _source(definition: CounterDefinition) -> tuple[Origin, ...]:
    return (Origin(f"QueryPerf {definition.name}", None),)


def _subjects(kind: str, sight: Sight) -> Iterable[Subject[EntityPerformance]]:
    entities = sight.performance.entities.get(kind, {}) if sight.performance is not None else {}
    for entity, name in named_objects(kind, sight):
        item = entities.get(entity)
        if item is not None:
            yield Subject(entity, sight.labels(entity, name), item)


def _made_from(kind: str, sight: Sight) -> object:
    return sight.performance and sight.performance.entities.get(kind), list(named_objects(kind, sight))


def named_objects(kind: str, sight: Sight) -> Iterable[tuple[str, str | None]]:
    """Stable id and name of every object of a kind."""
    inventory = sight.inventory
    match kind:
        case "vm":
            return ((sight.vm_ids[moid], vm.name) for moid, vm in inventory.vms.items())
        case "host":
            return ((moid, host.name) for moid, host in inventory.hosts.items())
        case "resource_pool":
            return ((moid, pool.name) for moid, pool in inventory.resource_pools.items())
        case "cluster":
            return ((moid, cluster.name) for moid, cluster in inventory.clusters.items())
        case _:
            return ((moid, datastore.name) for moid, datastore in inventory.datastores.items())
