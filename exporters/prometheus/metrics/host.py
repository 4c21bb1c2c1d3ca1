"""ESXi hosts: state, size, usage."""

from collections.abc import Iterable

from agent.model.host import HostSystem
from exporters.prometheus.family import MHZ, MIB, Family, Sample, gauge, info, origins, state_set
from exporters.prometheus.section import Section, Sight, Subject

LABELS = ("vcenter", "host_id", "host_name")
STATUS = ("gray", "green", "yellow", "red")


def _cpu_capacity(host: HostSystem) -> Iterable[Sample]:
    if host.cpu_cores is not None and host.cpu_mhz is not None:
        yield (), host.cpu_cores * host.cpu_mhz * MHZ


FAMILIES: tuple[Family[HostSystem], ...] = (
    info(
        HostSystem,
        "vsphere_host_info",
        "What the host is: hypervisor version and hardware.",
        version="version",
        build="build",
        patch_level="patch_level",
        vendor="vendor",
        model="model",
        cpu_model="cpu_model",
        bios_version="bios_version",
        evc_mode="evc_mode",
    ),
    state_set(
        HostSystem,
        "vsphere_host_connection_state",
        "Whether vCenter and the host talk: notResponding is a host that ought to answer, disconnected is by choice.",
        "connection_state",
        states=("connected", "notResponding", "disconnected"),
    ),
    state_set(
        HostSystem,
        "vsphere_host_power_state",
        "Power state; unknown while the host does not respond.",
        "power_state",
        states=("poweredOn", "poweredOff", "standBy", "unknown"),
    ),
    state_set(
        HostSystem,
        "vsphere_host_ha_state",
        "What vSphere HA thinks of the host; absent outside a cluster with HA.",
        "ha_state",
        states=(
            "uninitialized",
            "election",
            "master",
            "connectedToMaster",
            "networkPartitionedFromMaster",
            "networkIsolated",
            "hostDown",
            "initializationError",
            "uninitializationError",
            "fdmUnreachable",
            "retry",
        ),
    ),
    state_set(
        HostSystem,
        "vsphere_host_overall_status",
        "The colour vCenter gives the host: its worst alarm.",
        "overall_status",
        states=STATUS,
    ),
    gauge(
        HostSystem,
        "vsphere_host_maintenance_mode",
        "Whether the host is in maintenance mode.",
        "in_maintenance_mode",
    ),
    gauge(
        HostSystem,
        "vsphere_host_quarantine_mode",
        "Whether the host is in quarantine: healthy enough to run VMs, no new ones wanted.",
        "in_quarantine_mode",
    ),
    gauge(
        HostSystem,
        "vsphere_host_reboot_required",
        "Whether a change of the configuration waits for a reboot.",
        "reboot_required",
    ),
    gauge(
        HostSystem,
        "vsphere_host_boot_timestamp_seconds",
        "When the host was booted.",
        "boot_time",
    ),
    gauge(
        HostSystem,
        "vsphere_host_uptime_seconds",
        "How long the host has been up.",
        "uptime_s",
    ),
    gauge(
        HostSystem,
        "vsphere_host_cpu_packages",
        "Physical processors: what socket licences count.",
        "cpu_packages",
    ),
    gauge(
        HostSystem,
        "vsphere_host_cpu_cores",
        "Physical CPU cores: what core licences count.",
        "cpu_cores",
    ),
    gauge(
        HostSystem,
        "vsphere_host_cpu_threads",
        "Hardware threads.",
        "cpu_threads",
    ),
    Family(
        name="vsphere_host_cpu_capacity_hertz",
        help="All cores at their nominal frequency.",
        source=origins(HostSystem, "cpu_cores", "cpu_mhz"),
        samples=_cpu_capacity,
    ),
    gauge(
        HostSystem,
        "vsphere_host_cpu_usage_hertz",
        "CPU used, mean of the last interval that vCenter measured.",
        "cpu_usage_mhz",
        times=MHZ,
    ),
    gauge(
        HostSystem,
        "vsphere_host_memory_size_bytes",
        "Physical memory.",
        "memory_bytes",
    ),
    gauge(
        HostSystem,
        "vsphere_host_memory_usage_bytes",
        "Physical memory in use.",
        "memory_usage_mib",
        times=MIB,
    ),
    Family(
        name="vsphere_host_vms",
        help="Virtual machines registered on the host, templates and powered-off ones too.",
        source=origins(HostSystem, "vms"),
        samples=lambda host: (((), None if host.vms is None else len(host.vms)),),
    ),
    gauge(
        HostSystem,
        "vsphere_host_time_in_sync",
        "Whether the host's time service is in step with its source.",
        "time_in_sync",
    ),
)


def host_subjects(sight: Sight) -> Iterable[Subject[HostSystem]]:
    """Every host the account sees."""
    for moid, host in sight.inventory.hosts.items():
        yield Subject(moid, sight.labels(moid, host.name), host)


SECTION = Section(title="Hosts", labels=LABELS, families=FAMILIES, subjects=host_subjects)
