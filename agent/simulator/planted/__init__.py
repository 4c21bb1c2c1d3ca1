"""Faults to order: for each health check, how the municipality's estate must be altered so that the check finds it.

One file for each kind of object. What the municipality has wrong from the start is not repeated here.
"""

from agent.simulator.planted import clusters, host_settings, hosts
from agent.simulator.planted.table import Plant, plants_in

PLANTS: tuple[Plant, ...] = (*plants_in(hosts), *plants_in(host_settings), *plants_in(clusters))

__all__ = ["PLANTS", "Plant"]
