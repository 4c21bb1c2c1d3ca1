"""Faults to order: for each health check, how the municipality's estate must be altered so that the check finds it.

One file for each kind of object. What the municipality has wrong from the start is not repeated here.
"""

from agent.simulator.planted import (
    cluster_settings,
    clusters,
    datastores,
    happenings,
    host_counters,
    host_events,
    host_settings,
    hosts,
    networks,
    vms,
)
from agent.simulator.planted.table import Plant, plants_in

_MODULES = (hosts, host_settings, host_events, host_counters, clusters, cluster_settings, networks, datastores)
PLANTS: tuple[Plant, ...] = (
    *(plant for module in _MODULES for plant in plants_in(module)),
    *vms.PLANTS,
    *happenings.PLANTS,
)

__all__ = ["PLANTS", "Plant"]
