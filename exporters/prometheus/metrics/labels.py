"""Tags and custom attributes, one series a pair, of those that the configuration names. None without it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agent.model.cluster import ClusterComputeResource
from agent.model.datastore import Datastore
from agent.model.host import HostSystem
from agent.model.inventory import Inventory
from agent.model.labelling import Labels
from agent.model.property import Pace
from agent.model.virtual_machine import VirtualMachine
from exporters.prometheus.family import Family, Kind, Origin, Sample, origins
from exporters.prometheus.metrics import cluster, datastore, host, vm
from exporters.prometheus.section import Section, Sight, Subject

_REST = (Origin("REST cis/tagging/tag-association", Pace.SLOW),)


def _tags(labels: Labels) -> Iterable[Sample]:
    return (((pair.category, pair.tag), 1) for pair in labels.tags)


def _attributes(labels: Labels) -> Iterable[Sample]:
    return (((name, value), 1) for name, value in sorted(labels.attributes.items()))


def _families(kind: str, record: type) -> tuple[Family[Labels], ...]:
    return (
        Family(
            name=f"vsphere_{kind}_tag_info",
            help="A tag on the object, one sample each, of the categories in `labels.tags`; absent until they were read.",
            source=_REST,
            kind=Kind.INFO,
            labels=("category", "tag"),
            samples=_tags,
        ),
        Family(
            name=f"vsphere_{kind}_attribute_info",
            help="A custom attribute with a value, one sample each, of those in `labels.attributes`.",
            source=origins(record, "custom_values"),
            kind=Kind.INFO,
            labels=("attribute", "value"),
            samples=_attributes,
        ),
    )


def _section(
    title: str,
    kind: str,
    record: type,
    labels: tuple[str, ...],
    objects: Callable[[Inventory], Mapping[str, Any]],
) -> Section[Sight, Labels]:
    def subjects(sight: Sight) -> Iterable[Subject[Labels]]:
        if not sight.labelling.attributes and not sight.labelling.categories:
            return
        fields = sight.inventory.custom_fields
        for moid, item in objects(sight.inventory).items():
            found = Labels(
                attributes=sight.labelling.attributes_of(item.custom_values, fields), tags=sight.labelling.tags_of(moid)
            )
            if found.attributes or found.tags:
                identity = sight.vm_ids[moid] if kind == "vm" else moid
                yield Subject(moid, sight.labels(identity, item.name), found)

    return Section(title=title, labels=labels, families=_families(kind, record), subjects=subjects)


SECTIONS: tuple[Section[Sight, Any], ...] = (
    _section("Tags and attributes of VMs", "vm", VirtualMachine, vm.LABELS, lambda inventory: inventory.vms),
    _section("Tags and attributes of hosts", "host", HostSystem, host.LABELS, lambda inventory: inventory.hosts),
    _section(
        "Tags and attributes of clusters",
        "cluster",
        ClusterComputeResource,
        cluster.LABELS,
        lambda inventory: inventory.clusters,
    ),
    _section(
        "Tags and attributes of datastores",
        "datastore",
        Datastore,
        datastore.LABELS,
        lambda inventory: inventory.datastores,
    ),
)
