"""vHost: every ESXi host: hardware, load, software, time, certificate."""

from collections.abc import Callable
from datetime import timedelta

from exporters.workbook.certificate import Certificate, read_certificate
from exporters.workbook.rows import HOST_HEAD, HOST_TAIL, HostRow, host_labels, host_rows
from exporters.workbook.sheet import Cell, Columns, Tab, listed, mib, percent, ratio

EXPIRES_SOON = timedelta(days=30)


def _cores_per_cpu(row: HostRow) -> Cell:
    cores, packages = row.host.cpu_cores, row.host.cpu_packages
    return None if cores is None or not packages else cores // packages


def _cpu_percent(row: HostRow) -> Cell:
    cores, mhz = row.host.cpu_cores, row.host.cpu_mhz
    return percent(row.host.cpu_usage_mhz, cores * mhz if cores is not None and mhz is not None else None)


def _memory_percent(row: HostRow) -> Cell:
    return percent(row.host.memory_usage_mib, mib(row.host.memory_bytes))


def _running(row: HostRow) -> int | None:
    return None if row.host.vms is None else len(row.source.running(row.host.vms))


def _sum(field: str) -> Callable[[HostRow], int | None]:
    """Over the host's VMs that are powered on; unknown if one of them is."""

    def value(row: HostRow) -> int | None:
        found = [getattr(vm, field) for vm in row.source.running(row.host.vms)]
        return None if row.host.vms is None or None in found else sum(found)

    return value


def _identifying(kind: str) -> Callable[[HostRow], Cell]:
    def value(row: HostRow) -> Cell:
        found = [info.value for info in row.host.identifying_info or () if info.kind == kind]
        return listed(found) or None

    return value


def _option(key: str) -> Callable[[HostRow], Cell]:
    def value(row: HostRow) -> Cell:
        return next((option.value for option in row.host.options or () if option.key == key), None)

    return value


def _licences(row: HostRow) -> Cell:
    """Unknown unless vCenter tells of every licence what it is assigned to."""
    licences = row.source.inventory.licences
    if licences is None or any(one.assigned_to is None for one in licences):
        return None
    return listed(one.name for one in licences if row.host.moid in (one.assigned_to or ()))


def _ntpd(row: HostRow) -> Cell:
    running = [service.running for service in row.host.services or () if service.key == "ntpd"]
    return running[0] if running else None


def _certificate(value: Callable[[Certificate], Cell]) -> Callable[[HostRow], Cell]:
    def cell(row: HostRow) -> Cell:
        found = read_certificate(row.host.certificate_pem)
        return value(found) if found is not None else None

    return cell


def _certificate_status(row: HostRow) -> Cell:
    found = read_certificate(row.host.certificate_pem)
    if found is None:
        return None
    if row.source.now >= found.expires:
        return "expired"
    return "expiring" if row.source.now + EXPIRES_SOON >= found.expires else "good"


_COLUMNS: Columns[HostRow] = (
    *HOST_HEAD,
    ("Config status", lambda row: row.host.config_status),
    ("Compliance Check State", lambda row: row.host.compliance),
    ("in Maintenance Mode", lambda row: row.host.in_maintenance_mode),
    ("in Quarantine Mode", lambda row: row.host.in_quarantine_mode),
    ("vSAN Fault Domain Name", lambda row: row.host.fault_domain),
    ("CPU Model", lambda row: row.host.cpu_model),
    ("Speed", lambda row: row.host.cpu_mhz),
    ("HT Available", lambda row: row.host.hyperthreading_available),
    ("HT Active", lambda row: row.host.hyperthreading_active),
    ("# CPU", lambda row: row.host.cpu_packages),
    ("Cores per CPU", _cores_per_cpu),
    ("# Cores", lambda row: row.host.cpu_cores),
    ("CPU usage %", _cpu_percent),
    ("# Memory", lambda row: mib(row.host.memory_bytes)),
    ("Memory Tiering Type", lambda row: row.host.memory_tiering),
    ("Memory usage %", _memory_percent),
    ("Console", lambda row: mib(row.host.console_memory_bytes)),
    ("# NICs", lambda row: row.host.nic_count),
    ("# HBAs", lambda row: row.host.hba_count),
    ("# VMs total", lambda row: None if row.host.vms is None else len(row.host.vms)),
    ("# VMs", _running),
    ("VMs per Core", lambda row: ratio(_running(row), row.host.cpu_cores)),
    ("# vCPUs", _sum("cpus")),
    ("vCPUs per Core", lambda row: ratio(_sum("cpus")(row), row.host.cpu_cores)),
    ("vRAM", _sum("memory_mib")),
    ("VM Used memory", _sum("memory_consumed_mib")),
    ("VM Memory Swapped", _sum("memory_swapped_mib")),
    ("VM Memory Ballooned", _sum("memory_ballooned_mib")),
    ("VMotion support", lambda row: row.host.vmotion_enabled),
    ("Storage VMotion support", lambda row: row.host.storage_vmotion_supported),
    ("Current EVC", lambda row: row.host.evc_mode),
    ("Max EVC", lambda row: row.host.max_evc_mode),
    ("Assigned License(s)", _licences),
    ("ATS Heartbeat", _option("VMFS3.UseATSForHBOnVMFS5")),
    ("ATS Locking", _option("VMFS3.HardwareAcceleratedLocking")),
    ("Current CPU power man. policy", lambda row: row.host.cpu_power_policy),
    ("Supported CPU power man.", lambda row: row.host.cpu_power_support),
    ("Host Power Policy", lambda row: row.host.power_policy),
    ("ESX Version", lambda row: row.host.full_name),
    ("Boot time", lambda row: row.host.boot_time),
    ("DNS Servers", lambda row: listed(row.host.dns_servers)),
    ("DHCP", lambda row: row.host.dns_by_dhcp),
    ("Domain", lambda row: row.host.dns_domain),
    ("Domain List", lambda row: listed(row.host.dns_search)),
    ("DNS Search Order", lambda row: listed(row.host.dns_search)),
    ("NTP Server(s)", lambda row: listed(row.host.ntp_servers)),
    ("NTPD running", _ntpd),
    ("Time Zone", lambda row: row.host.time_zone),
    ("Time Zone Name", lambda row: row.host.time_zone_name),
    ("GMT Offset", lambda row: row.host.gmt_offset_s),
    ("Vendor", lambda row: row.host.vendor),
    ("Model", lambda row: row.host.model),
    ("Serial number", lambda row: row.host.serial_number),
    ("Service tag", _identifying("ServiceTag")),
    ("OEM specific string", _identifying("OemSpecificString")),
    ("BIOS Vendor", lambda row: row.host.bios_vendor),
    ("BIOS Version", lambda row: row.host.bios_version),
    ("BIOS Date", lambda row: row.host.bios_date),
    ("Certificate Issuer", _certificate(lambda found: found.issuer)),
    ("Certificate Start Date", _certificate(lambda found: found.begins)),
    ("Certificate Expiry Date", _certificate(lambda found: found.expires)),
    ("Certificate Status", _certificate_status),
    ("Certificate Subject", _certificate(lambda found: found.subject)),
    ("Object ID", lambda row: row.host.moid),
    ("UUID", lambda row: row.host.uuid),
    *HOST_TAIL,
)

TAB = Tab(
    name="vHost",
    rows=host_rows,
    columns=_COLUMNS,
    labels=host_labels,
    labels_before="Object ID",
)
