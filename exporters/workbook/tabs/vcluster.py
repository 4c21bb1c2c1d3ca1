"""vCluster: every cluster: size, HA, DRS, DPM. Memory in the API's own units: total in bytes, effective in MiB."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from agent.model.cluster import ClusterComputeResource
from exporters.workbook.sheet import Columns, Tab
from exporters.workbook.source import Source


class _Row(NamedTuple):
    source: Source
    cluster: ClusterComputeResource


def _rows(source: Source) -> Iterable[_Row]:
    clusters = source.inventory.clusters.values()
    return (_Row(source, cluster) for cluster in sorted(clusters, key=lambda one: (one.name or "", one.moid)))


def _labels(row: _Row) -> Mapping[str, str]:
    return row.source.labels(row.cluster.moid, row.cluster.custom_values)


_COLUMNS: Columns[_Row] = (
    ("Name", lambda row: row.cluster.name),
    ("Config status", lambda row: row.cluster.config_status),
    ("OverallStatus", lambda row: row.cluster.overall_status),
    ("NumHosts", lambda row: row.cluster.host_count),
    ("numEffectiveHosts", lambda row: row.cluster.effective_host_count),
    ("TotalCpu", lambda row: row.cluster.total_cpu_mhz),
    ("NumCpuCores", lambda row: row.cluster.cpu_cores),
    ("NumCpuThreads", lambda row: row.cluster.cpu_threads),
    ("Effective Cpu", lambda row: row.cluster.effective_cpu_mhz),
    ("TotalMemory", lambda row: row.cluster.total_memory_bytes),
    ("Effective Memory", lambda row: row.cluster.effective_memory_mib),
    ("Num VMotions", lambda row: row.cluster.vmotions),
    ("HA enabled", lambda row: row.cluster.ha_enabled),
    ("Failover Level", lambda row: row.cluster.failover_level),
    ("AdmissionControlEnabled", lambda row: row.cluster.admission_control),
    ("Host monitoring", lambda row: row.cluster.host_monitoring),
    ("HB Datastore Candidate Policy", lambda row: row.cluster.heartbeat_datastore_policy),
    ("Isolation Response", lambda row: row.cluster.isolation_response),
    ("Restart Priority", lambda row: row.cluster.restart_priority),
    ("Cluster Settings", lambda row: row.cluster.monitoring_cluster_settings),
    ("Max Failures", lambda row: row.cluster.monitoring_max_failures),
    ("Max Failure Window", lambda row: row.cluster.monitoring_max_failure_window_s),
    ("Failure Interval", lambda row: row.cluster.monitoring_failure_interval_s),
    ("Min Up Time", lambda row: row.cluster.monitoring_min_uptime_s),
    ("VM Monitoring", lambda row: row.cluster.vm_monitoring),
    ("DRS enabled", lambda row: row.cluster.drs_enabled),
    ("DRS default VM behavior", lambda row: row.cluster.drs_behavior),
    ("DRS vmotion rate", lambda row: row.cluster.drs_vmotion_rate),
    ("DPM enabled", lambda row: row.cluster.dpm_enabled),
    ("DPM default behavior", lambda row: row.cluster.dpm_behavior),
    ("DPM Host Power Action Rate", lambda row: row.cluster.dpm_rate),
    ("Object ID", lambda row: row.cluster.moid),
    ("VI SDK Server", lambda row: row.source.server),
    ("VI SDK UUID", lambda row: row.source.uuid),
)

TAB = Tab(name="vCluster", rows=_rows, columns=_COLUMNS, labels=_labels, labels_before="Object ID")
