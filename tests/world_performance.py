"""Counters of every object of the hand-built world."""

from agent.model.counter_uses import DEFAULT_COUNTERS, is_total
from agent.model.identity import vm_ids
from agent.model.inventory import Inventory
from agent.model.performance import CounterDefinition, EntityPerformance, GaugeReading, Performance

SAMPLED_AT_S = 1_795_510_800


def performance_of(inventory: Inventory) -> Performance:
    """Each counter of each object has a value of its own."""
    uses = {use.name: use for uses in DEFAULT_COUNTERS.values() for use in uses}
    known = {
        name: CounterDefinition(id=number, name=name, unit=use.unit, stats_type=use.stats_type)
        for number, (name, use) in enumerate(uses.items())
    }
    entities = {
        "vm": tuple(vm_ids(inventory.vms).values()),
        "host": tuple(inventory.hosts),
        "resource_pool": tuple(inventory.resource_pools),
        "cluster": tuple(inventory.clusters),
        "datastore": tuple(inventory.datastores),
    }
    return Performance(
        definitions=known,
        uses=DEFAULT_COUNTERS,
        entities={
            kind: {entity: _values(kind, known, place) for place, entity in enumerate(ids)}
            for kind, ids in entities.items()
        },
        newest_sample_s=dict.fromkeys(entities, SAMPLED_AT_S),
    )


def _values(kind: str, known: dict[str, CounterDefinition], place: int) -> EntityPerformance:
    totals, gauges, peaks = {}, {}, {}
    for number, use in enumerate(DEFAULT_COUNTERS[kind]):
        value = 100 * place + number
        if is_total(known[use.name]):
            totals[use.name, ""] = value
            if use.peak:
                peaks[use.name, ""] = value + 1
        else:
            gauges[use.name, ""] = GaugeReading(latest=value, peak=value + 1, at_s=SAMPLED_AT_S)
    return EntityPerformance(totals=totals, gauges=gauges, peaks=peaks, lost_s=20 * place)
