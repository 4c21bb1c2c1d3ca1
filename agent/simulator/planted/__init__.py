"""Faults to order: for each health check, how the municipality's estate must be altered so that the check finds it.

One file for each kind of object. What the municipality has wrong from the start is not repeated here.
"""

from agent.simulator.planted import cluster_settings, clusters, host_settings, hosts, networks
from agent.simulator.planted.table import Plant, plants_in

PLANTS: tuple[Plant, ...] = tuple(
    plant for module in (hosts, host_settings, clusters, cluster_settings, networks) for plant in plants_in(module)
)

__all__ = ["PLANTS", "Plant"]
