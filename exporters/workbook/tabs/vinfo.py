"""vInfo: every VM, with what there is to know of it as a whole."""

from collections.abc import Callable

from agent.model.cluster import ClusterComputeResource, VmHaOverride
from exporters.workbook.rows import VM_HEAD, VM_OS, VM_PLACE, VM_SDK, VmRow, vm_labels, vm_rows
from exporters.workbook.sheet import Cell, Columns, Tab, listed, mib

NETWORKS = 8


def _capacity_mib(row: VmRow) -> int | None:
    if row.vm.disks is None or any(disk.capacity_bytes is None for disk in row.vm.disks):
        return None
    return mib(sum(disk.capacity_bytes or 0 for disk in row.vm.disks))


def _provisioned_mib(row: VmRow) -> int | None:
    committed, uncommitted = row.vm.storage_committed_bytes, row.vm.storage_uncommitted_bytes
    return None if committed is None or uncommitted is None else mib(committed + uncommitted)


def _network(number: int) -> Callable[[VmRow], Cell]:
    def name(row: VmRow) -> Cell:
        networks = row.vm.networks or ()
        return row.source.inventory.named(networks[number]) if number < len(networks) else None

    return name


def _ha(
    own: Callable[[VmHaOverride], str | None], default: Callable[[ClusterComputeResource], str | None]
) -> Callable[[VmRow], Cell]:
    """What the VM has of its own, else what its cluster gives it; nothing where HA is off or not known."""

    def value(row: VmRow) -> Cell:
        found = row.source.ha_overrides.get(row.vm.moid)
        if found is None:
            return None
        cluster, override = found
        return (own(override) if override is not None else None) or default(cluster)

    return value


def _video(field: str) -> Callable[[VmRow], Cell]:
    def value(row: VmRow) -> Cell:
        cards = row.vm.video_cards
        found: int | None = getattr(cards[0], field) if cards else None
        return found

    return value


_COLUMNS: Columns[VmRow] = (
    *VM_HEAD,
    ("Config status", lambda row: row.vm.config_status),
    ("DNS Name", lambda row: row.vm.host_name),
    ("Connection state", lambda row: row.vm.connection_state),
    ("Guest state", lambda row: row.vm.guest_state),
    ("Heartbeat", lambda row: row.vm.heartbeat),
    ("Consolidation Needed", lambda row: row.vm.consolidation_needed),
    ("PowerOn", lambda row: row.vm.boot_time),
    ("Suspended To Memory", lambda row: row.vm.suspended_to_memory),
    ("Suspend time", lambda row: row.vm.suspend_time),
    ("Suspend Interval", lambda row: row.vm.suspend_interval_ms),
    ("Creation date", lambda row: row.vm.created),
    ("Change Version", lambda row: row.vm.change_version),
    ("CPUs", lambda row: row.vm.cpus),
    ("Overall Cpu Readiness", lambda row: row.vm.cpu_readiness_percent),
    ("Memory", lambda row: row.vm.memory_mib),
    ("Active Memory", lambda row: row.vm.memory_active_mib),
    ("NICs", lambda row: row.vm.nic_count),
    ("Disks", lambda row: row.vm.disk_count),
    ("Total disk capacity MiB", _capacity_mib),
    ("Fixed Passthru HotPlug", lambda row: row.vm.passthrough_hot_plug),
    ("min Required EVC Mode Key", lambda row: row.vm.min_evc_mode),
    ("Latency Sensitivity", lambda row: row.vm.latency_sensitivity),
    ("Op Notification Timeout", lambda row: row.vm.op_notification_timeout_s),
    ("EnableUUID", lambda row: row.vm.disk_uuid_enabled),
    ("CBT", lambda row: row.vm.change_tracking),
    ("Primary IP Address", lambda row: row.vm.ip_address),
    *((f"Network #{number + 1}", _network(number)) for number in range(NETWORKS)),
    ("Num Monitors", _video("displays")),
    ("Video Ram KiB", _video("video_ram_kib")),
    ("Resource pool", lambda row: row.source.pool_path(row.vm.resource_pool)),
    ("Folder ID", lambda row: row.vm.parent),
    ("Folder", lambda row: row.folder),
    ("vApp", lambda row: row.source.inventory.named(row.vm.parent_vapp)),
    ("DAS protection", lambda row: row.vm.ha_protected),
    ("FT State", lambda row: row.vm.fault_tolerance_state),
    ("FT Role", lambda row: row.vm.fault_tolerance_role),
    ("FT Latency", lambda row: row.vm.ft_latency_status),
    ("FT Bandwidth", lambda row: row.vm.ft_log_bandwidth),
    ("FT Sec. Latency", lambda row: row.vm.ft_secondary_latency_ms),
    ("Vm Failover In Progress", lambda row: row.vm.failover_in_progress),
    ("Provisioned MiB", _provisioned_mib),
    ("In Use MiB", lambda row: mib(row.vm.storage_committed_bytes)),
    ("Unshared MiB", lambda row: mib(row.vm.storage_unshared_bytes)),
    ("HA Restart Priority", _ha(lambda own: own.restart_priority, lambda cluster: cluster.restart_priority)),
    ("HA Isolation Response", _ha(lambda own: own.isolation_response, lambda cluster: cluster.isolation_response)),
    ("HA VM Monitoring", _ha(lambda own: own.monitoring, lambda cluster: cluster.vm_monitoring)),
    ("Cluster rule(s)", lambda row: listed(rule.kind for rule in row.source.rules.get(row.vm.moid, ()))),
    ("Cluster rule name(s)", lambda row: listed(rule.name for rule in row.source.rules.get(row.vm.moid, ()))),
    ("Boot delay", lambda row: row.vm.boot_delay_ms),
    ("Boot retry delay", lambda row: row.vm.boot_retry_delay_ms),
    ("Boot retry enabled", lambda row: row.vm.boot_retry_enabled),
    ("Boot BIOS setup", lambda row: row.vm.enter_bios_setup),
    ("Reboot PowerOff", lambda row: row.vm.reboot_powers_off),
    ("EFI Secure boot", lambda row: row.vm.secure_boot),
    ("Firmware", lambda row: row.vm.firmware),
    ("HW version", lambda row: row.vm.hardware_version),
    ("HW upgrade status", lambda row: row.vm.hardware_upgrade_status),
    ("HW upgrade policy", lambda row: row.vm.hardware_upgrade_policy),
    ("HW target", lambda row: row.vm.hardware_upgrade_target),
    ("Path", lambda row: row.vm.vmx_path),
    ("Log directory", lambda row: row.vm.log_directory),
    ("Snapshot directory", lambda row: row.vm.snapshot_directory),
    ("Suspend directory", lambda row: row.vm.suspend_directory),
    ("Annotation", lambda row: row.vm.annotation),
    *VM_PLACE,
    *VM_OS,
    ("Customization Info", lambda row: row.vm.customization_status),
    ("Guest Detailed Data", lambda row: row.vm.guest_details),
    ("VM ID", lambda row: row.vm.moid),
    ("SMBIOS UUID", lambda row: row.vm.bios_uuid),
    ("VM UUID", lambda row: row.vm.instance_uuid),
    ("VI SDK Server type", lambda row: row.source.inventory.about.full_name),
    ("VI SDK API Version", lambda row: row.source.inventory.about.api_version),
    *VM_SDK,
)

TAB = Tab(
    name="vInfo",
    rows=vm_rows,
    columns=_COLUMNS,
    labels=vm_labels,
    labels_before="Datacenter",
    absent={"Boot Required": "no property of the API says it"},
)
