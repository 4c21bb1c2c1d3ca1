"""vDatastore: every datastore, with its datastore cluster; MiB."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from agent.model.datastore import Datastore, StoragePod
from exporters.workbook.sheet import Cell, Columns, Tab, listed, mib, percent
from exporters.workbook.source import Source


class _Row(NamedTuple):
    source: Source
    store: Datastore

    @property
    def pod(self) -> StoragePod | None:
        return self.source.inventory.storage_pods.get(self.store.parent or "")


def _rows(source: Source) -> Iterable[_Row]:
    stores = source.inventory.datastores.values()
    return (_Row(source, store) for store in sorted(stores, key=lambda one: (one.name or "", one.moid)))


def _labels(row: _Row) -> Mapping[str, str]:
    return row.source.labels(row.store.moid, row.store.custom_values)


def _sizes(row: _Row) -> tuple[int | None, int | None, int | None]:
    """Capacity, free and uncommitted bytes; vCenter goes on telling those of a datastore that it has lost."""
    if row.store.accessible is False:
        return None, None, None
    return row.store.capacity_bytes, row.store.free_bytes, row.store.uncommitted_bytes


def _capacity(row: _Row) -> Cell:
    return mib(_sizes(row)[0])


def _free(row: _Row) -> Cell:
    return mib(_sizes(row)[1])


def _used(row: _Row) -> Cell:
    capacity, free, _ = _sizes(row)
    return None if capacity is None or free is None else mib(capacity - free)


def _provisioned(row: _Row) -> Cell:
    capacity, free, uncommitted = _sizes(row)
    return None if capacity is None or free is None or uncommitted is None else mib(capacity - free + uncommitted)


def _free_percent(row: _Row) -> Cell:
    capacity, free, _ = _sizes(row)
    return percent(free, capacity)


def _host_names(row: _Row) -> Cell:
    if row.store.hosts is None:
        return None
    return listed(sorted(row.source.inventory.named(mount.host) or mount.host or "" for mount in row.store.hosts))


_COLUMNS: Columns[_Row] = (
    ("Name", lambda row: row.store.name),
    ("Config status", lambda row: row.store.config_status),
    ("Address", lambda row: row.store.nfs_host),
    ("Accessible", lambda row: row.store.accessible),
    ("Type", lambda row: row.store.kind),
    ("# VMs total", lambda row: None if row.store.vms is None else len(row.store.vms)),
    ("# VMs", lambda row: None if row.store.vms is None else len(row.source.running(row.store.vms))),
    ("Capacity MiB", _capacity),
    ("Provisioned MiB", _provisioned),
    ("In Use MiB", _used),
    ("Free MiB", _free),
    ("Free %", _free_percent),
    ("SIOC enabled", lambda row: row.store.io_control_enabled),
    ("SIOC Threshold", lambda row: row.store.io_control_threshold_ms),
    ("# Hosts", lambda row: None if row.store.hosts is None else len(row.store.hosts)),
    ("Hosts", _host_names),
    ("Cluster name", lambda row: row.pod.name if row.pod is not None else None),
    ("Cluster capacity MiB", lambda row: mib(row.pod.capacity_bytes) if row.pod is not None else None),
    ("Cluster free space MiB", lambda row: mib(row.pod.free_bytes) if row.pod is not None else None),
    ("Block size", lambda row: row.store.block_size_mib),
    ("Max Blocks", lambda row: row.store.max_blocks),
    ("# Extents", lambda row: None if row.store.extents is None else len(row.store.extents)),
    ("Major Version", lambda row: row.store.vmfs_major_version),
    ("Version", lambda row: row.store.vmfs_version),
    ("VMFS Upgradeable", lambda row: row.store.vmfs_upgradable),
    ("MHA", lambda row: row.store.multiple_host_access),
    ("URL", lambda row: row.store.url),
    ("Object ID", lambda row: row.store.moid),
    ("VI SDK Server", lambda row: row.source.server),
    ("VI SDK UUID", lambda row: row.source.uuid),
)

TAB = Tab(name="vDatastore", rows=_rows, columns=_COLUMNS, labels=_labels, labels_before="Object ID")
