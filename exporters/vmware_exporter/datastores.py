"""vmware_exporter's families of datastores, in bytes. `uncommited` and `provisoned` are that program's spellings."""

from collections.abc import Iterable

from agent.model.datastore import Datastore
from exporters.prometheus.family import Family, Origin, Sample, origins
from exporters.vmware_exporter.families import alarm_families, one
from exporters.vmware_exporter.seen import SeenDatastore


def _size(seen: SeenDatastore, field: str) -> int | None:
    """What vCenter goes on telling of a datastore that it has lost is old, and left out."""
    size: int | None = getattr(seen.datastore, field)
    return None if seen.datastore.accessible is False else size


def _provisioned(seen: SeenDatastore) -> int | None:
    capacity, free, uncommitted = (_size(seen, f"{part}_bytes") for part in ("capacity", "free", "uncommitted"))
    if capacity is None or free is None or uncommitted is None:
        return None
    return capacity - free + uncommitted


def _count(items: tuple[object, ...] | None) -> int | None:
    return None if items is None else len(items)


def _word(value: str | None, otherwise: str) -> Iterable[Sample]:
    return (((value or otherwise,), 1),)


def _of(*fields: str) -> tuple[Origin, ...]:
    return origins(Datastore, *fields)


DATASTORES: tuple[Family[SeenDatastore], ...] = (
    one(
        "vmware_datastore_capacity_size",
        "Size in bytes.",
        _of("capacity_bytes"),
        lambda seen: _size(seen, "capacity_bytes"),
    ),
    one(
        "vmware_datastore_freespace_size",
        "Free bytes.",
        _of("free_bytes"),
        lambda seen: _size(seen, "free_bytes"),
    ),
    one(
        "vmware_datastore_uncommited_size",
        "Bytes that thin disks may still grow by.",
        _of("uncommitted_bytes"),
        lambda seen: _size(seen, "uncommitted_bytes"),
    ),
    one(
        "vmware_datastore_provisoned_size",
        "Used and promised bytes.",
        _of("capacity_bytes", "free_bytes", "uncommitted_bytes"),
        _provisioned,
    ),
    one("vmware_datastore_hosts", "Hosts that mount it.", _of("hosts"), lambda seen: _count(seen.datastore.hosts)),
    one("vmware_datastore_vms", "Virtual machines on it.", _of("vms"), lambda seen: _count(seen.datastore.vms)),
    Family(
        name="vmware_datastore_maintenance_mode",
        help="Constant 1; the mode is the label.",
        source=_of("maintenance_mode"),
        samples=lambda seen: _word(seen.datastore.maintenance_mode, "unknown"),
        labels=("mode",),
    ),
    Family(
        name="vmware_datastore_type",
        help="Constant 1; the type is the label.",
        source=_of("kind"),
        samples=lambda seen: _word(seen.datastore.kind, "unknown"),
        labels=("ds_type",),
    ),
    one(
        "vmware_datastore_accessible",
        "1 if vCenter can reach it.",
        _of("accessible"),
        lambda seen: seen.datastore.accessible,
    ),
)
DATASTORE_ALARMS = alarm_families("datastore", Datastore)
