"""Datastore clusters, which the API calls storage pods."""

from collections.abc import Iterable

from agent.model.datastore import StoragePod
from exporters.prometheus.family import Family, gauge, origins
from exporters.prometheus.section import Section, Sight, Subject

LABELS = ("vcenter", "storage_pod_id", "storage_pod_name")

FAMILIES: tuple[Family[StoragePod], ...] = (
    gauge(
        StoragePod,
        "vsphere_storage_pod_capacity_bytes",
        "Size of all datastores in the cluster.",
        "capacity_bytes",
    ),
    gauge(
        StoragePod,
        "vsphere_storage_pod_free_bytes",
        "Free space of all datastores in the cluster.",
        "free_bytes",
    ),
    Family(
        name="vsphere_storage_pod_datastores",
        help="Datastores in the cluster.",
        source=origins(StoragePod, "datastores"),
        samples=lambda pod: (((), None if pod.datastores is None else len(pod.datastores)),),
    ),
    gauge(
        StoragePod,
        "vsphere_storage_pod_drs_enabled",
        "Whether Storage DRS is on.",
        "drs_enabled",
    ),
)


def _subjects(sight: Sight) -> Iterable[Subject[StoragePod]]:
    for moid, pod in sight.inventory.storage_pods.items():
        yield Subject(moid, sight.labels(moid, pod.name), pod)


SECTION = Section(title="Datastore clusters", labels=LABELS, families=FAMILIES, subjects=_subjects)
