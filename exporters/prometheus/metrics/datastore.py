"""Datastores."""

from collections.abc import Iterable
from typing import NamedTuple

from agent.model.datastore import Datastore
from agent.model.placement import datacenter_of
from exporters.prometheus.family import Family, Kind, Sample, gauge, info, origins, state_set
from exporters.prometheus.metrics.host import STATUS
from exporters.prometheus.section import Section, Sight, Subject

LABELS = ("vcenter", "datastore_id", "datastore_name")


def _while_accessible(datastore: Datastore, value: int | None) -> Iterable[Sample]:
    # vCenter goes on telling the last sizes, or zeros, of a datastore that nobody can reach
    yield (), None if datastore.accessible is False else value


def _inaccessible_mounts(datastore: Datastore) -> Iterable[Sample]:
    if datastore.hosts is not None:
        yield (), sum(mount.accessible is False for mount in datastore.hosts)


FAMILIES: tuple[Family[Datastore], ...] = (
    info(
        Datastore,
        "vsphere_datastore_info",
        "What the datastore is; local storage cannot be reached by other hosts.",
        type="kind",
        vmfs_version="vmfs_version",
        local="vmfs_local",
        nfs_host="nfs_host",
        nfs_path="nfs_path",
    ),
    gauge(
        Datastore,
        "vsphere_datastore_accessible",
        "Whether at least one host reaches the datastore.",
        "accessible",
    ),
    Family(
        name="vsphere_datastore_capacity_bytes",
        help="Size; absent while the datastore is not accessible.",
        source=origins(Datastore, "capacity_bytes"),
        samples=lambda datastore: _while_accessible(datastore, datastore.capacity_bytes),
    ),
    Family(
        name="vsphere_datastore_free_bytes",
        help="Free space; absent while the datastore is not accessible.",
        source=origins(Datastore, "free_bytes"),
        samples=lambda datastore: _while_accessible(datastore, datastore.free_bytes),
    ),
    Family(
        name="vsphere_datastore_uncommitted_bytes",
        help="Space that thin disks may still grow by; absent while the datastore is not accessible.",
        source=origins(Datastore, "uncommitted_bytes"),
        samples=lambda datastore: _while_accessible(datastore, datastore.uncommitted_bytes),
    ),
    gauge(
        Datastore,
        "vsphere_datastore_read_timestamp_seconds",
        "When vCenter itself last measured capacity and free space.",
        "read_at",
    ),
    state_set(
        Datastore,
        "vsphere_datastore_maintenance_state",
        "Maintenance mode.",
        "maintenance_mode",
        states=("normal", "enteringMaintenance", "inMaintenance"),
    ),
    state_set(
        Datastore,
        "vsphere_datastore_overall_status",
        "The colour vCenter gives the datastore: its worst alarm.",
        "overall_status",
        states=STATUS,
    ),
    gauge(
        Datastore,
        "vsphere_datastore_multiple_host_access",
        "Whether more than one host has the datastore.",
        "multiple_host_access",
    ),
    Family(
        name="vsphere_datastore_mounts",
        help="Hosts that have the datastore configured.",
        source=origins(Datastore, "hosts"),
        samples=lambda datastore: (((), None if datastore.hosts is None else len(datastore.hosts)),),
    ),
    Family(
        name="vsphere_datastore_inaccessible_mounts",
        help="Hosts that have the datastore configured and do not reach it.",
        source=origins(Datastore, "hosts.accessible"),
        samples=_inaccessible_mounts,
    ),
    Family(
        name="vsphere_datastore_vms",
        help="Virtual machines with files on the datastore.",
        source=origins(Datastore, "vms"),
        samples=lambda datastore: (((), None if datastore.vms is None else len(datastore.vms)),),
    ),
)


def _subjects(sight: Sight) -> Iterable[Subject[Datastore]]:
    for moid, datastore in sight.inventory.datastores.items():
        yield Subject(moid, sight.labels(moid, datastore.name), datastore)


class PlacedDatastore(NamedTuple):
    """A datastore's place; no storage pod outside a datastore cluster."""

    storage_pod_id: str | None
    storage_pod_name: str | None
    datacenter_name: str | None


PLACEMENT: tuple[Family[PlacedDatastore], ...] = (
    Family(
        name="vsphere_datastore_placement_info",
        help="The datastore cluster (storage pod), if any, and the datacenter of the datastore.",
        source=origins(Datastore, "parent"),
        kind=Kind.INFO,
        labels=PlacedDatastore._fields,
        samples=lambda place: ((place, 1),),
    ),
)


def _placed(sight: Sight) -> Iterable[Subject[PlacedDatastore]]:
    for moid, datastore in sight.inventory.datastores.items():
        pod = sight.inventory.storage_pods.get(datastore.parent or "")
        place = PlacedDatastore(
            storage_pod_id=pod.moid if pod else None,
            storage_pod_name=pod.name if pod else None,
            datacenter_name=datacenter_of(sight.inventory, moid),
        )
        yield Subject(moid, sight.labels(moid, datastore.name), place)


SECTION = Section(title="Datastores", labels=LABELS, families=FAMILIES, subjects=_subjects)
PLACEMENT_SECTION = Section(title="Placement of datastores", labels=LABELS, families=PLACEMENT, subjects=_placed)
