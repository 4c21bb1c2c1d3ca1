"""vmware_exporter's families of hosts: CPU in MHz, memory in MiB."""

from collections.abc import Callable, Iterable

from agent.model.host import HostSystem
from agent.model.vmware_exporter_counters import VMWARE_EXPORTER_COUNTERS
from exporters.prometheus.family import MIB, Family, Origin, Sample, origins
from exporters.vmware_exporter.families import alarm_families, counter_families, one
from exporters.vmware_exporter.seen import SeenHost


def _of(*fields: str) -> tuple[Origin, ...]:
    return origins(HostSystem, *fields)


def _while_on(value: Callable[[HostSystem], float | None]) -> Callable[[SeenHost], float | None]:
    """Sizes and usage are told of a host that is on; not of one that is off, or of which vCenter knows nothing now."""
    return lambda seen: value(seen.host) if seen.host.power_state == "poweredOn" else None


def _cpu_max(host: HostSystem) -> float | None:
    return None if host.cpu_cores is None or host.cpu_mhz is None else host.cpu_cores * host.cpu_mhz


def _memory_max(host: HostSystem) -> float | None:
    return None if host.memory_bytes is None else host.memory_bytes / MIB


def _words(seen: SeenHost, *values: str | None) -> Iterable[Sample]:
    if seen.host.power_state != "poweredOn":
        return ()
    return ((tuple(value or "unknown" for value in values), 1),)


HOSTS: tuple[Family[SeenHost], ...] = (
    one(
        "vmware_host_power_state",
        "1 if powered on.",
        _of("power_state"),
        lambda seen: None if seen.host.power_state is None else seen.host.power_state == "poweredOn",
    ),
    Family(
        name="vmware_host_standby_mode",
        help="1 if in standby; the mode is the label.",
        source=_of("standby_mode"),
        samples=lambda seen: (((seen.host.standby_mode or "unknown",), seen.host.standby_mode == "in"),),
        labels=("standby_mode_state",),
    ),
    Family(
        name="vmware_host_connection_state",
        help="Constant 1; the connection's state is the label.",
        source=_of("connection_state"),
        samples=lambda seen: (((seen.host.connection_state or "unknown",), 1),),
        labels=("state",),
    ),
    one(
        "vmware_host_maintenance_mode",
        "1 if in maintenance.",
        _of("in_maintenance_mode"),
        lambda seen: seen.host.in_maintenance_mode,
    ),
    one(
        "vmware_host_boot_timestamp_seconds",
        "When it booted.",
        _of("boot_time"),
        _while_on(lambda host: host.boot_time.timestamp() if host.boot_time else None),
    ),
    one("vmware_host_cpu_usage", "CPU in use, MHz.", _of("cpu_usage_mhz"), _while_on(lambda host: host.cpu_usage_mhz)),
    one("vmware_host_cpu_max", "CPU there is, MHz.", _of("cpu_cores", "cpu_mhz"), _while_on(_cpu_max)),
    one("vmware_host_num_cpu", "CPU cores.", _of("cpu_cores"), _while_on(lambda host: host.cpu_cores)),
    one(
        "vmware_host_memory_usage",
        "Memory in use, MiB.",
        _of("memory_usage_mib"),
        _while_on(lambda host: host.memory_usage_mib),
    ),
    one("vmware_host_memory_max", "Memory there is, MiB.", _of("memory_bytes"), _while_on(_memory_max)),
    Family(
        name="vmware_host_product_info",
        help="Constant 1; version and build of ESXi are labels.",
        source=_of("version", "build"),
        samples=lambda seen: _words(seen, seen.host.version, seen.host.build),
        labels=("version", "build"),
    ),
    Family(
        name="vmware_host_hardware_info",
        help="Constant 1; the models of machine and CPU are labels.",
        source=_of("model", "cpu_model"),
        samples=lambda seen: _words(seen, seen.host.model, seen.host.cpu_model),
        labels=("hardware_model", "hardware_cpu_model"),
    ),
)
HOST_ALARMS = alarm_families("host", HostSystem)
HOST_COUNTERS: tuple[Family[SeenHost], ...] = counter_families("host", VMWARE_EXPORTER_COUNTERS["host"])
