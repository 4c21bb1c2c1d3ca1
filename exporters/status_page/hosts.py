"""The table of ESXi hosts."""

from datetime import datetime

from agent.dataclass import dataclass
from agent.model.host import HostSystem
from exporters.status_page.columns import Load, Words, count, flag, instant, load, loads, text, words
from exporters.status_page.seen import Seen, name_or_moid
from exporters.status_page.table import Layout, Level
from exporters.status_page.wording import MIB, frequency_text, size_text

CONNECTION_WORDS: Words = {
    "connected": ("connected", Level.OK),
    "notResponding": ("not responding", Level.BAD),
    "disconnected": ("disconnected", Level.BAD),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRow:
    """A host and the cluster it is in."""

    source: Seen
    host: HostSystem
    cluster_name: str | None


def host_rows(sources: tuple[Seen, ...]) -> list[HostRow]:
    """Every host that is seen."""
    rows = []
    for source in sources:
        for host in source.inventory.hosts.values():
            cluster = source.inventory.clusters.get(host.parent or "")
            rows.append(HostRow(source=source, host=host, cluster_name=cluster.name if cluster else None))
    return rows


def host_layout(now: datetime) -> Layout[HostRow]:
    """State first, then load, then what it is."""
    return Layout(
        key="host",
        title="Hosts",
        columns=(
            text("name", "Host", lambda row: name_or_moid(row.host.name, row.host.moid)),
            words("state", "State", lambda row: row.host.connection_state, CONNECTION_WORDS),
            flag("maintenance", "Maintenance", lambda row: row.host.in_maintenance_mode, alerting=True),
            loads("cpu", "CPU", _cpu),
            loads("memory", "Memory", _memory),
            count("vms", "VMs", lambda row: None if row.host.vms is None else len(row.host.vms)),
            text("cluster", "Cluster", lambda row: row.cluster_name),
            text("version", "Version", _version),
            instant("boot", "Booted", lambda row: row.host.boot_time, now),
            text("vcenter", "vCenter", lambda row: row.source.target.name),
        ),
        order="name",
        empty="No host is visible to the account.",
        stale=lambda row: row.source.stale,
    )


def _cpu(row: HostRow) -> Load | None:
    mhz, cores = row.host.cpu_mhz, row.host.cpu_cores
    capacity = None if mhz is None or cores is None else mhz * cores
    return load(row.host.cpu_usage_mhz, capacity, frequency_text)


def _memory(row: HostRow) -> Load | None:
    used_mib = row.host.memory_usage_mib
    return load(None if used_mib is None else used_mib * MIB, row.host.memory_bytes, size_text)


def _version(row: HostRow) -> str | None:
    version, build = row.host.version, row.host.build
    return f"{version} ({build})" if version is not None and build is not None else version
