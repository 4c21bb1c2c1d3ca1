"""Networks and distributed portgroups."""

from collections.abc import Iterable

from agent.model.network import DistributedVirtualPortgroup, Network
from exporters.prometheus.family import Family, gauge, origins
from exporters.prometheus.section import Section, Sight, Subject

NETWORK: tuple[Family[Network], ...] = (
    gauge(
        Network,
        "vsphere_network_accessible",
        "Whether at least one host provides the network.",
        "accessible",
    ),
    Family(
        name="vsphere_network_hosts",
        help="Hosts that provide the network.",
        source=origins(Network, "hosts"),
        samples=lambda network: (((), None if network.hosts is None else len(network.hosts)),),
    ),
    Family(
        name="vsphere_network_vms",
        help="Virtual machines on the network.",
        source=origins(Network, "vms"),
        samples=lambda network: (((), None if network.vms is None else len(network.vms)),),
    ),
)

PORTGROUP: tuple[Family[DistributedVirtualPortgroup], ...] = (
    Family(
        name="vsphere_portgroup_hosts",
        help="Hosts that provide the distributed portgroup.",
        source=origins(DistributedVirtualPortgroup, "hosts"),
        samples=lambda portgroup: (((), None if portgroup.hosts is None else len(portgroup.hosts)),),
    ),
    Family(
        name="vsphere_portgroup_vms",
        help="Virtual machines on the distributed portgroup.",
        source=origins(DistributedVirtualPortgroup, "vms"),
        samples=lambda portgroup: (((), None if portgroup.vms is None else len(portgroup.vms)),),
    ),
    gauge(
        DistributedVirtualPortgroup,
        "vsphere_portgroup_ports",
        "Ports of the distributed portgroup.",
        "ports",
    ),
)


def _networks(sight: Sight) -> Iterable[Subject[Network]]:
    for moid, network in sight.inventory.networks.items():
        yield Subject(moid, sight.labels(moid, network.name), network)


def _portgroups(sight: Sight) -> Iterable[Subject[DistributedVirtualPortgroup]]:
    for moid, portgroup in sight.inventory.portgroups.items():
        yield Subject(moid, sight.labels(moid, portgroup.name), portgroup)


SECTION = Section(
    title="Networks", labels=("vcenter", "network_id", "network_name"), families=NETWORK, subjects=_networks
)
PORTGROUP_SECTION = Section(
    title="Distributed portgroups",
    labels=("vcenter", "portgroup_id", "portgroup_name"),
    families=PORTGROUP,
    subjects=_portgroups,
)
