"""A host's links: physical network cards and storage paths."""

from collections import Counter
from collections.abc import Iterable

from agent.model.host import HostSystem
from exporters.prometheus.family import MBIT_PER_S, Family, Sample, origins
from exporters.prometheus.metrics.host import LABELS, host_subjects
from exporters.prometheus.section import Section

PATH_STATES = ("active", "standby", "disabled", "dead", "unknown")


def _speed(host: HostSystem) -> Iterable[Sample]:
    for nic in host.physical_nics or ():
        yield (nic.device,), None if nic.speed_mbit is None else nic.speed_mbit * MBIT_PER_S


def _paths(host: HostSystem) -> Iterable[Sample]:
    if host.multipath is None:
        return
    seen = Counter(path.state for lun in host.multipath for path in lun.paths or () if path.state)
    for state in dict.fromkeys((*PATH_STATES, *sorted(seen))):
        yield (state,), seen[state]


FAMILIES: tuple[Family[HostSystem], ...] = (
    Family(
        name="vsphere_host_network_interface_up",
        help="Whether a physical network card has a link: vCenter tells a speed only then.",
        source=origins(HostSystem, "physical_nics.speed_mbit"),
        labels=("interface",),
        samples=lambda host: (((nic.device,), nic.speed_mbit is not None) for nic in host.physical_nics or ()),
    ),
    Family(
        name="vsphere_host_network_interface_speed_bytes",
        help="Speed of the link in bytes per second; absent while there is none.",
        source=origins(HostSystem, "physical_nics.speed_mbit"),
        labels=("interface",),
        samples=_speed,
    ),
    Family(
        name="vsphere_host_storage_paths",
        help="Paths to all LUNs of the host, by their state.",
        source=origins(HostSystem, "multipath.paths.state"),
        labels=("state",),
        states=PATH_STATES,
        samples=_paths,
    ),
)

SECTION = Section(title="Links of hosts", labels=LABELS, families=FAMILIES, subjects=host_subjects)
