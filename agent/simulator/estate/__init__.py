"""Simulated estates: believable contents for a simulated vCenter or ESXi host."""

from agent.simulator.estate.fields import custom_fields
from agent.simulator.estate.licences import licences
from agent.simulator.estate.municipality import municipality
from agent.simulator.estate.standalone import standalone_esxi

__all__ = ["custom_fields", "licences", "municipality", "standalone_esxi"]
