"""The hosts of a cluster, and how they differ from each other."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from agent.health.look import Look, Unseen, known
from agent.model.cluster import ClusterComputeResource
from agent.model.host import HostSystem
from agent.model.virtual_machine import VirtualMachine

_NAMED = 4


def members(cluster: ClusterComputeResource, look: Look, *fields: str) -> Iterator[HostSystem]:
    """The hosts that vCenter is connected to, of those all `fields` are known.

    Raises:
        Unseen: when all are told, if there is a host that the account does not see, or of which a field is not known.
    """
    missing: Unseen | None = None
    for moid in cluster.hosts or ():
        try:
            host: HostSystem = look.seen("hosts", moid)
            if known(host, "connection_state") != "connected":
                continue
            for field in fields:
                known(host, field)
        except Unseen as unseen:
            missing = missing or unseen
        else:
            yield host
    if missing is not None:
        raise missing


def working(cluster: ClusterComputeResource, look: Look, *fields: str) -> Iterator[HostSystem]:
    """Those of `members` that are not in maintenance: the ones that run VMs. Raises Unseen likewise."""
    for host in members(cluster, look, "in_maintenance_mode", *fields):
        if not host.in_maintenance_mode:
            yield host


def running_vms(cluster: ClusterComputeResource, look: Look) -> Iterator[VirtualMachine]:
    """The VMs that are on and registered on a host of the cluster; those that the account does not see are not there."""
    for moid in cluster.hosts or ():
        for vm in look.vms_by_host.get(moid, ()):
            if vm.power_state == "poweredOn" and not vm.template:
                yield vm


def difference(values: Mapping[str, str]) -> str | None:
    """How the hosts differ, the most usual value first: `8.0.3 on esx01, esx02; 8.0.2 on esx04`; None if they do not.

    Args:
        values: By the name of the host.
    """
    hosts = defaultdict(list)
    for name, value in values.items():
        hosts[value].append(name)
    if len(hosts) < 2:
        return None
    usual_first = sorted(hosts.items(), key=lambda one: (-len(one[1]), one[0]))
    return "; ".join(f"{value or 'none'} on {_names(names)}" for value, names in usual_first)


def _names(names: list[str]) -> str:
    few = ", ".join(name.partition(".")[0] for name in sorted(names)[:_NAMED])
    return f"{few} and {len(names) - _NAMED} more" if len(names) > _NAMED else few
