"""Faults of networks, distributed switches and portgroups."""

from collections.abc import Iterator
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.estate.plan import BACKUP_NETWORK, SWITCH
from agent.simulator.objects import Estate
from agent.simulator.planted.hosts import FIRST, SECOND, THIRD
from agent.simulator.planted.table import alter_item, plant, set_in

FIRST_GROUP, SECOND_GROUP = "dvportgroup-711", "dvportgroup-712"


def _set_port(estate: Estate, group: str, **changes: Any) -> None:
    config = estate.get(group, "config")
    estate.set(group, "config", vary(config, defaultPortConfig=vary(config.defaultPortConfig, **changes)))


@plant("network_inaccessible")
def inaccessible(estate: Estate) -> Iterator[str]:
    """No host has the network any more."""
    set_in(estate, BACKUP_NETWORK, "summary", accessible=False)
    yield BACKUP_NETWORK


@plant("switch_host_out_of_step")
def out_of_sync(estate: Estate) -> Iterator[str]:
    """A host has not taken the last change of the switch."""
    members = "runtime.hostMemberRuntime"
    alter_item(estate, SWITCH, members, lambda one: one.host == vim.HostSystem(SECOND), status="outOfSync")
    yield SWITCH


@plant("switch_ports_short")
def few_ports(estate: Estate) -> Iterator[str]:
    """The switch may have hardly more ports than it has."""
    set_in(estate, SWITCH, "config", maxPorts=estate.get(SWITCH, "summary.numPorts") + 10)
    yield SWITCH


@plant("portgroup_uplink_single")
def one_uplink(estate: Estate) -> Iterator[str]:
    """A portgroup uses one uplink only."""
    teaming = estate.get(FIRST_GROUP, "config").defaultPortConfig.uplinkTeamingPolicy
    order = vary(teaming.uplinkPortOrder, activeUplinkPort=["Uplink 1"], standbyUplinkPort=[])
    _set_port(estate, FIRST_GROUP, uplinkTeamingPolicy=vary(teaming, uplinkPortOrder=order))
    yield FIRST_GROUP


@plant("portgroup_blocked")
def blocked(estate: Estate) -> Iterator[str]:
    """All ports of a portgroup are blocked."""
    _set_port(estate, SECOND_GROUP, blocked=vim.BoolPolicy(inherited=False, value=True))
    yield SECOND_GROUP


@plant("portgroup_ports_short")
def no_growth(estate: Estate) -> Iterator[str]:
    """A portgroup is full and does not grow."""
    set_in(estate, FIRST_GROUP, "config", numPorts=len(estate.get(FIRST_GROUP, "vm")) + 1, autoExpand=False)
    yield FIRST_GROUP


@plant("cluster_networks_differ")
def network_missing(estate: Estate) -> Iterator[str]:
    """A host of production lacks a network."""
    estate.set(THIRD, "network", estate.get(THIRD, "network")[1:])
    yield THIRD


@plant("cluster_vlans_differ")
def other_vlan(estate: Estate) -> Iterator[str]:
    """A portgroup is another VLAN on one host."""
    groups = estate.get(FIRST, "config.network.portgroup")
    changed = [vary(one, spec=vary(one.spec, vlanId=17)) if one.spec.name == "Backup-170" else one for one in groups]
    estate.set(FIRST, "config.network.portgroup", changed)
    yield "domain-c101"


@plant("cluster_mtu_differs")
def other_mtu(estate: Estate) -> Iterator[str]:
    """The vMotion adapter of one host sends small packets."""
    nics = estate.get(SECOND, "config.network.vnic")
    estate.set(
        SECOND,
        "config.network.vnic",
        [vary(one, spec=vary(one.spec, mtu=1500)) if one.device == "vmk1" else one for one in nics],
    )
    yield "domain-c101"
