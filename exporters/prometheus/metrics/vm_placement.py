"""Where a virtual machine is. It moves, so this is a metric of its own that measurements are joined with."""

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from agent.model.placement import Placement
from agent.model.virtual_machine import VirtualMachine
from exporters.prometheus.family import Family, Kind, Sample, origins
from exporters.prometheus.metrics.vm import LABELS
from exporters.prometheus.section import Section, Sight, Subject

_PLACE = attrgetter("moid", "name", "instance_uuid", "host", "parent", "resource_pool", "datastores")


class PlacedVm(NamedTuple):
    """A VM's place; `datastores` as id and name."""

    placement: Placement
    datastores: tuple[tuple[str, str | None], ...]


def _placement(vm: PlacedVm) -> Iterable[Sample]:
    place = vm.placement
    yield (
        (
            place.host_id,
            place.host_name,
            place.cluster_id,
            place.cluster_name,
            place.datacenter_name,
            place.folder,
            place.resource_pool,
        ),
        1,
    )


FAMILIES: tuple[Family[PlacedVm], ...] = (
    Family(
        name="vsphere_vm_placement_info",
        help="Where the VM is, one sample a VM: join with `* on (vcenter, vm_id) group_left (host_name, cluster_name)`.",
        source=origins(VirtualMachine, "host", "parent", "resource_pool"),
        kind=Kind.INFO,
        labels=(
            "host_id",
            "host_name",
            "cluster_id",
            "cluster_name",
            "datacenter_name",
            "folder",
            "resource_pool",
        ),
        samples=_placement,
    ),
    Family(
        name="vsphere_vm_datastore_info",
        help="The datastores that hold files of the VM, one sample each.",
        source=origins(VirtualMachine, "datastores"),
        kind=Kind.INFO,
        labels=("datastore_id", "datastore_name"),
        samples=lambda vm: ((datastore, 1) for datastore in vm.datastores),
    ),
)


def _subjects(sight: Sight) -> Iterable[Subject[PlacedVm]]:
    names = {moid: datastore.name for moid, datastore in sight.inventory.datastores.items()}
    for moid, vm in sight.inventory.vms.items():
        datastores = tuple((datastore, names.get(datastore)) for datastore in vm.datastores or ())
        placed = PlacedVm(sight.placements[moid], datastores)
        yield Subject(moid, sight.labels(sight.vm_ids[moid], vm.name), placed)


def _made_from(sight: Sight) -> object:
    inventory = sight.inventory
    # hosts, pools and datastores change at each reading, and only in what nobody looks at here
    above = (inventory.hosts, inventory.clusters, inventory.resource_pools, inventory.datastores)
    return (
        list(map(_PLACE, inventory.vms.values())),
        [[(one.moid, one.name, one.parent) for one in kind.values()] for kind in above],
        inventory.folders,
        inventory.datacenters,
    )


SECTION = Section(
    title="Placement of virtual machines",
    labels=LABELS,
    families=FAMILIES,
    subjects=_subjects,
    made_from=_made_from,
)
