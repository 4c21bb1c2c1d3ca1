"""Where a host is: cluster and datacenter."""

from collections.abc import Iterable
from typing import NamedTuple

from agent.model.host import HostSystem
from agent.model.placement import datacenter_of
from exporters.prometheus.family import Family, Kind, origins
from exporters.prometheus.metrics.host import LABELS
from exporters.prometheus.section import Section, Sight, Subject


class PlacedHost(NamedTuple):
    """A host's place; no cluster for a standalone host."""

    cluster_id: str | None
    cluster_name: str | None
    datacenter_name: str | None


FAMILIES: tuple[Family[PlacedHost], ...] = (
    Family(
        name="vsphere_host_placement_info",
        help="Where the host is, one sample a host; a standalone host has no cluster.",
        source=origins(HostSystem, "parent"),
        kind=Kind.INFO,
        labels=PlacedHost._fields,
        samples=lambda place: ((place, 1),),
    ),
)


def _subjects(sight: Sight) -> Iterable[Subject[PlacedHost]]:
    for moid, host in sight.inventory.hosts.items():
        cluster = sight.inventory.clusters.get(host.parent or "")
        place = PlacedHost(
            cluster_id=cluster.moid if cluster else None,
            cluster_name=cluster.name if cluster else None,
            datacenter_name=datacenter_of(sight.inventory, moid),
        )
        yield Subject(moid, sight.labels(moid, host.name), place)


SECTION = Section(title="Placement of hosts", labels=LABELS, families=FAMILIES, subjects=_subjects)
