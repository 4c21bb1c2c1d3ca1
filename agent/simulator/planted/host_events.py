"""Faults that only events tell of, posted as of half an hour ago."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.events import post, post_ex
from agent.simulator.estate.names import VENDOR
from agent.simulator.objects import Estate
from agent.simulator.planted.hosts import FIFTH, FIRST, FOURTH, SECOND, THIRD
from agent.simulator.planted.table import plant

PRODUCTION, TEST = "domain-c101", "domain-c102"
_AGO = timedelta(minutes=30)


def _ex(estate: Estate, kind: str, moid: str, message: str, **more: Any) -> str:
    post_ex(estate, kind, moid, message, when=estate.now() - _AGO, **more)
    return moid


def _plain(estate: Estate, kind: Any, moid: str, message: str) -> str:
    post(estate, kind, moid, message, user=VENDOR, when=estate.now() - _AGO)
    return moid


@plant("cluster_failover")
def failover(estate: Estate) -> Iterator[str]:
    """HA has found a host failed."""
    yield _ex(estate, "com.vmware.vc.HA.DasHostFailedEvent", SECOND, "vSphere HA detected a host failure: {host}")


@plant("host_crashed")
def crashed(estate: Estate) -> Iterator[str]:
    """A host has left a core dump."""
    yield _ex(estate, "esx.problem.host.coredump", FIFTH, "An unread host kernel core dump has been found.")


@plant("host_memory_errors")
def corrected_errors(estate: Estate) -> Iterator[str]:
    """A memory module needs many corrections."""
    yield _ex(estate, "esx.problem.cpu.page.correctederrors.high", THIRD, "High number of corrected memory errors")


@plant("host_link_flapping")
def flapping(estate: Estate) -> Iterator[str]:
    """A link comes and goes."""
    yield _ex(estate, "esx.problem.net.vmnic.linkstate.flapping", FIRST, "Taking down physical NIC vmnic2: it flaps")


@plant("host_network_lost")
def network_lost(estate: Estate) -> Iterator[str]:
    """A host has lost the redundancy of its network, another one the network."""
    yield _ex(estate, "esx.problem.net.redundancy.lost", SECOND, "Lost uplink redundancy on DSwitch-Kommune")
    yield _ex(estate, "esx.problem.net.connectivity.lost", FOURTH, "Lost network connectivity on vSwitch0")


@plant("host_storage_redundancy_lost")
def storage_redundancy_lost(estate: Estate) -> Iterator[str]:
    """A host has lost a fabric."""
    yield _ex(estate, "esx.problem.storage.redundancy.lost", SECOND, "Lost path redundancy to storage device")


@plant("host_connection_lost")
def connection_lost(estate: Estate) -> Iterator[str]:
    """VCenter had no answer from a host for a while."""
    lost = vim.event.HostConnectionLostEvent
    yield _plain(estate, lost, FIFTH, "Lost connection to host {host} in {datacenter}")


@plant("host_time_event")
def time_lost(estate: Estate) -> Iterator[str]:
    """The time service of a host gave up."""
    yield _ex(
        estate, "esx.problem.ntpd.clock.correction.error", FIFTH, "NTP daemon stopped. Time correction too large."
    )


@plant("host_shell_opened")
def shell_opened(estate: Estate) -> Iterator[str]:
    """Somebody switched SSH on."""
    yield _ex(estate, "esx.audit.ssh.enabled", THIRD, "SSH access has been enabled", user=VENDOR)


@plant("host_maintenance_entered")
def maintenance(estate: Estate) -> Iterator[str]:
    """Somebody took a host into maintenance, and back."""
    entered = vim.event.EnteredMaintenanceModeEvent
    yield _plain(estate, entered, THIRD, "Host {host} in {datacenter} has entered maintenance mode")


@plant("cluster_protection_changed")
def protection_changed(estate: Estate) -> Iterator[str]:
    """Somebody switched HA off for a while."""
    yield _plain(estate, vim.event.DasDisabledEvent, TEST, "vSphere HA disabled for cluster {cluster} in {datacenter}")


@plant("cluster_ha_fragile")
def fragile(estate: Estate) -> Iterator[str]:
    """A host has no address to ask whether it is cut off."""
    kind = "com.vmware.vc.HA.HostHasNoIsolationAddrsDefined"
    yield _ex(estate, kind, FIRST, "Host {host} has no isolation addresses defined as required by vSphere HA.")


@plant("cluster_failover_room_lost")
def room_lost(estate: Estate) -> Iterator[str]:
    """VCenter has warned of too little room."""
    kind = "com.vmware.vc.HA.InsufficientFailoverLevelEvent"
    yield _ex(estate, kind, PRODUCTION, "Insufficient resources to satisfy the failover level of cluster {cluster}")
