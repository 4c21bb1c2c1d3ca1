"""The table of datastores, fullest first."""

from agent.dataclass import dataclass
from agent.model.datastore import Datastore
from exporters.status_page.columns import Load, Words, count, flag, load, loads, size, text, words
from exporters.status_page.seen import Seen, name_or_moid
from exporters.status_page.table import Layout, Level
from exporters.status_page.wording import size_text

MAINTENANCE_WORDS: Words = {
    "normal": ("no", None),
    "enteringMaintenance": ("entering", Level.WARNING),
    "inMaintenance": ("yes", Level.WARNING),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatastoreRow:
    """A datastore as one vCenter sees it."""

    source: Seen
    datastore: Datastore


def datastore_rows(sources: tuple[Seen, ...]) -> list[DatastoreRow]:
    """Every datastore that is seen."""
    return [
        DatastoreRow(source=source, datastore=datastore)
        for source in sources
        for datastore in source.inventory.datastores.values()
    ]


def datastore_layout() -> Layout[DatastoreRow]:
    """How full each is, and whether it can be reached."""
    return Layout(
        key="datastore",
        title="Datastores",
        columns=(
            text("name", "Datastore", lambda row: name_or_moid(row.datastore.name, row.datastore.moid)),
            flag("accessible", "Accessible", lambda row: row.datastore.accessible, alerting=False),
            loads("used", "Used", lambda row: space_used(row.datastore)),
            size("free", "Free", lambda row: free_bytes(row.datastore)),
            size("capacity", "Capacity", lambda row: row.datastore.capacity_bytes),
            count("vms", "VMs", lambda row: None if row.datastore.vms is None else len(row.datastore.vms)),
            text("type", "Type", lambda row: row.datastore.kind),
            words("maintenance", "Maintenance", lambda row: row.datastore.maintenance_mode, MAINTENANCE_WORDS),
            text("vcenter", "vCenter", lambda row: row.source.target.name),
        ),
        order="-used",
        empty="No datastore is visible to the account.",
        stale=lambda row: row.source.stale,
    )


def free_bytes(datastore: Datastore) -> int | None:
    """Unknown for an inaccessible datastore: vCenter then repeats its last figure, or says 0."""
    return None if datastore.accessible is False else datastore.free_bytes


def space_used(datastore: Datastore) -> Load | None:
    """What is not free."""
    capacity, free = datastore.capacity_bytes, free_bytes(datastore)
    return load(capacity - free, capacity, size_text) if capacity is not None and free is not None else None
