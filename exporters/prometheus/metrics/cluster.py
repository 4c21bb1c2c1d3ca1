"""Clusters: capacity, HA and DRS."""

from collections.abc import Iterable
from typing import NamedTuple

from agent.model.cluster import ClusterComputeResource
from agent.model.placement import datacenter_of
from exporters.prometheus.family import MHZ, MIB, Family, Kind, Sample, counter, gauge, info, origins, state_set
from exporters.prometheus.metrics.host import STATUS
from exporters.prometheus.section import Section, Sight, Subject

LABELS = ("vcenter", "cluster_id", "cluster_name")


def _drs_score(cluster: ClusterComputeResource) -> Iterable[Sample]:
    if cluster.drs_score is not None:
        yield (), cluster.drs_score / 100


FAMILIES: tuple[Family[ClusterComputeResource], ...] = (
    info(
        ClusterComputeResource,
        "vsphere_cluster_info",
        "How the cluster is set up.",
        evc_mode="evc_mode",
        drs_behavior="drs_behavior",
        ha_admission_policy="admission_policy.kind",
        ha_host_monitoring="host_monitoring",
        ha_vm_monitoring="vm_monitoring",
    ),
    state_set(
        ClusterComputeResource,
        "vsphere_cluster_overall_status",
        "The colour vCenter gives the cluster: its worst alarm.",
        "overall_status",
        states=STATUS,
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_hosts",
        "Hosts in the cluster.",
        "host_count",
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_effective_hosts",
        "Hosts that can run VMs: connected, not in maintenance or standby.",
        "effective_host_count",
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_cpu_cores",
        "Physical CPU cores of all hosts.",
        "cpu_cores",
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_cpu_threads",
        "Hardware threads of all hosts.",
        "cpu_threads",
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_cpu_capacity_hertz",
        "CPU of all hosts.",
        "total_cpu_mhz",
        times=MHZ,
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_cpu_effective_hertz",
        "CPU that VMs can have: effective hosts less the hypervisor's own use.",
        "effective_cpu_mhz",
        times=MHZ,
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_cpu_demand_hertz",
        "CPU that the VMs ask for, as DRS sees it.",
        "usage.cpu_demand_mhz",
        times=MHZ,
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_cpu_reservation_hertz",
        "CPU guaranteed to VMs, as DRS sees it.",
        "usage.cpu_reservation_mhz",
        times=MHZ,
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_memory_capacity_bytes",
        "Memory of all hosts.",
        "total_memory_bytes",
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_memory_effective_bytes",
        "Memory that VMs can have: effective hosts less the hypervisor's own use.",
        "effective_memory_mib",
        times=MIB,
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_memory_demand_bytes",
        "Memory that the VMs ask for, as DRS sees it.",
        "usage.memory_demand_mib",
        times=MIB,
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_memory_reservation_bytes",
        "Memory guaranteed to VMs, as DRS sees it.",
        "usage.memory_reservation_mib",
        times=MIB,
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_ha_enabled",
        "Whether vSphere HA is on.",
        "ha_enabled",
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_ha_admission_control_enabled",
        "Whether HA refuses to power on VMs that it could not restart after a failure.",
        "admission_control",
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_ha_failover_level",
        "Host failures that HA can tolerate now.",
        "current_failover_level",
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_ha_configured_failover_level",
        "Host failures that HA is configured to tolerate.",
        "failover_level",
    ),
    gauge(
        ClusterComputeResource,
        "vsphere_cluster_drs_enabled",
        "Whether DRS is on.",
        "drs_enabled",
    ),
    Family(
        name="vsphere_cluster_drs_score_ratio",
        help="DRS score: how well VMs get what they ask for, 1 is best.",
        source=origins(ClusterComputeResource, "drs_score"),
        samples=_drs_score,
    ),
    counter(
        ClusterComputeResource,
        "vsphere_cluster_vmotions_total",
        "Migrations with vMotion within the cluster.",
        "vmotions",
    ),
)


def _subjects(sight: Sight) -> Iterable[Subject[ClusterComputeResource]]:
    for moid, cluster in sight.inventory.clusters.items():
        yield Subject(moid, sight.labels(moid, cluster.name), cluster)


class PlacedCluster(NamedTuple):
    """A cluster's place."""

    datacenter_name: str | None


PLACEMENT: tuple[Family[PlacedCluster], ...] = (
    Family(
        name="vsphere_cluster_placement_info",
        help="The datacenter of the cluster.",
        source=origins(ClusterComputeResource, "parent"),
        kind=Kind.INFO,
        labels=PlacedCluster._fields,
        samples=lambda place: ((place, 1),),
    ),
)


def _placed(sight: Sight) -> Iterable[Subject[PlacedCluster]]:
    for moid, cluster in sight.inventory.clusters.items():
        yield Subject(moid, sight.labels(moid, cluster.name), PlacedCluster(datacenter_of(sight.inventory, moid)))


SECTION = Section(title="Clusters", labels=LABELS, families=FAMILIES, subjects=_subjects)
PLACEMENT_SECTION = Section(title="Placement of clusters", labels=LABELS, families=PLACEMENT, subjects=_placed)
