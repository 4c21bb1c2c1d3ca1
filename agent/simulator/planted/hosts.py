"""Faults of hosts."""

from collections.abc import Iterator
from datetime import timedelta

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.objects import Estate
from agent.simulator.planted.table import alter_item, plant, set_service
from agent.simulator.scenario_state import set_runtime

FIRST, SECOND, THIRD, FOURTH, FIFTH, ALONE = "host-301", "host-302", "host-303", "host-304", "host-305", "host-299"
"""The hosts of the municipality: three in production, two for test, one outside the clusters."""


@plant("host_not_connected", round_=1, hides=True)
def not_responding(estate: Estate) -> Iterator[str]:
    """The host outside the clusters does not answer."""
    set_runtime(estate, ALONE, connectionState="notResponding")
    yield ALONE


@plant("host_in_maintenance")
def in_maintenance(estate: Estate) -> Iterator[str]:
    """A host is in maintenance, and nobody moved its VMs away."""
    set_runtime(estate, ALONE, inMaintenanceMode=True)
    yield ALONE


@plant("host_quarantined")
def quarantined(estate: Estate) -> Iterator[str]:
    """Proactive HA avoids one host, another is being patched while it runs."""
    set_runtime(estate, FIRST, inQuarantineMode=True)
    yield FIRST
    partial = vim.host.PartialMaintenanceModeRuntimeInfo(key="quickPatchPartialMM", hostStatus="inPartialMM")
    set_runtime(estate, SECOND, partialMaintenanceMode=[partial])
    yield SECOND


@plant("host_rebooted", silences=("host_running_long",))
def rebooted(estate: Estate) -> Iterator[str]:
    """A host was started five hours ago."""
    set_runtime(estate, ALONE, bootTime=estate.now() - timedelta(hours=5))
    yield ALONE


@plant("host_hardware_bad")
def broken_memory(estate: Estate) -> Iterator[str]:
    """A memory module is broken."""
    red = vim.ElementDescription(key="red", label="Red", summary="Memory is in a critical condition")
    path = "runtime.healthSystemRuntime.hardwareStatusInfo.memoryStatusInfo"
    alter_item(estate, FIRST, path, lambda one: one.name == "DIMM 3", status=red)
    yield FIRST


@plant("host_nic_slow")
def slow_card(estate: Estate) -> Iterator[str]:
    """A card has negotiated down."""
    slow = vim.host.PhysicalNic.LinkSpeedDuplex(speedMb=1000, duplex=True)
    alter_item(estate, FIRST, "config.network.pnic", lambda one: one.device == "vmnic3", linkSpeed=slow)
    yield FIRST


@plant("host_ntp_not_running")
def no_time_service(estate: Estate) -> Iterator[str]:
    """The time service was stopped on one host, and is started by hand on another."""
    set_service(estate, FIRST, "ntpd", running=False)
    yield FIRST
    set_service(estate, SECOND, "ntpd", policy="off")
    yield SECOND


@plant("host_hidden_load")
def hidden_load(estate: Estate) -> Iterator[str]:
    """Somebody else's VMs run on a host."""
    quick = estate.get(FIFTH, "summary.quickStats")
    estate.set(FIFTH, "summary.quickStats", vary(quick, overallMemoryUsage=quick.overallMemoryUsage + 300_000))
    yield FIFTH
