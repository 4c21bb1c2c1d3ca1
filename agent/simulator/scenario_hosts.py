"""What happens to hosts: migrations, failure and HA restart, maintenance, lost connections."""

from datetime import timedelta
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.alarms import HOST_CONNECTION
from agent.simulator.estate.copies import vary
from agent.simulator.estate.events import host_argument, post, post_ex
from agent.simulator.estate.names import VENDOR
from agent.simulator.estate.totals import serving, settle
from agent.simulator.objects import Estate
from agent.simulator.scenario_changes import alarm_clear, alarm_raise
from agent.simulator.scenario_power import guest_started, mark_off, mark_running
from agent.simulator.scenario_state import (
    peers_of,
    protected_by_ha,
    register,
    set_heartbeat,
    set_idle,
    set_runtime,
    silence_guest,
    vms_on,
)
from agent.simulator.schema import id_of

_event = vim.event


def vmotion(estate: Estate, vm: str, target: str, *, user: str | None = None) -> None:
    """Move a running VM to another host; without `user` DRS did it."""
    with estate.lock:
        source = id_of(estate.get(vm, "runtime.host"))
        name, target_name = estate.get(source, "name"), estate.get(target, "name")
        first = post(
            estate,
            _event.VmBeingHotMigratedEvent,
            vm,
            f"Migrating {{vm}} from {name} to {target_name} in {{datacenter}}",
            user=user or "",
            destHost=host_argument(estate, target),
        )
        register(estate, vm, target)
        post(
            estate,
            _event.VmMigratedEvent if user else _event.DrsVmMigratedEvent,
            vm,
            f"Migrated {{vm}} from {name} to {{host}} in {{datacenter}}",
            user=user or "",
            chain=first.key,
            sourceHost=host_argument(estate, source),
        )
        _count_migration(estate, target)


def _count_migration(estate: Estate, host: str) -> None:
    cluster = id_of(estate.get(host, "parent"))
    summary = estate.get(cluster, "summary")
    if isinstance(summary, vim.ClusterComputeResource.Summary):
        estate.set(cluster, "summary", vary(summary, numVmotions=summary.numVmotions + 1))


def _link_lost(estate: Estate, host: str) -> None:
    """VCenter no longer sees the VMs of a host; it keeps showing their last power state."""
    for vm in vms_on(estate, host):
        if estate.get(vm, "runtime.connectionState") == "connected":
            set_runtime(estate, vm, connectionState="disconnected")
            post(estate, _event.VmDisconnectedEvent, vm, "{vm} on host {host} in {datacenter} is disconnected")


def _link_back(estate: Estate, host: str) -> None:
    for vm in vms_on(estate, host):
        if estate.get(vm, "runtime.connectionState") == "disconnected":
            set_runtime(estate, vm, connectionState="connected")
            post(estate, _event.VmConnectedEvent, vm, "Virtual machine {vm} is connected")


def _ha_state(estate: Estate, host: str, state: str) -> Any:
    return vim.cluster.DasFdmHostState(state=state) if protected_by_ha(estate, host) else None


def host_fail(estate: Estate, host: str) -> list[str]:
    """A host stops from one moment to the next. Returns the VMs that HA will restart (see `ha_restart`)."""
    with estate.lock:
        clustered = protected_by_ha(estate, host)
        set_runtime(
            estate,
            host,
            connectionState="notResponding",
            powerState="unknown",
            dasHostState=_ha_state(estate, host, "hostDown"),
        )
        post(estate, _event.HostConnectionLostEvent, host, "Lost connection to host {host} in {datacenter}")
        alarm_raise(estate, host, HOST_CONNECTION, "red")
        victims = [
            vm
            for vm in vms_on(estate, host)
            if estate.get(vm, "runtime.powerState") == "poweredOn"
            and estate.get(vm, "runtime.connectionState") == "connected"
        ]
        _link_lost(estate, host)
        for vm in victims:
            set_heartbeat(estate, vm, "gray")
        if clustered:
            _elect(estate, host)
            post_ex(
                estate,
                "com.vmware.vc.HA.DasHostFailedEvent",
                host,
                "vSphere HA detected a host failure: {host} in cluster {cluster}",
                severity="error",
            )
            post_ex(
                estate,
                "com.vmware.vc.HA.ClusterFailoverActionInitiatedEvent",
                id_of(estate.get(host, "parent")),
                "vSphere HA initiated a failover action in cluster {cluster}",
                severity="warning",
            )
        settle(estate)
        return victims if clustered else []


def host_isolate(estate: Estate, host: str) -> list[str]:
    """A host loses its networks and runs on. Returns its VMs, which its isolation response may stop."""
    with estate.lock:
        set_runtime(
            estate, host, connectionState="notResponding", dasHostState=_ha_state(estate, host, "networkIsolated")
        )
        post(estate, _event.HostConnectionLostEvent, host, "Lost connection to host {host} in {datacenter}")
        running = [vm for vm in vms_on(estate, host) if estate.get(vm, "runtime.powerState") == "poweredOn"]
        _link_lost(estate, host)
        post_ex(
            estate,
            "com.vmware.vc.HA.DasHostIsolatedEvent",
            host,
            "vSphere HA detected that host {host} is isolated from cluster {cluster}",
            severity="error",
        )
        settle(estate)
        return running


def isolation_response(estate: Estate, vm: str) -> None:
    """An isolated host stops one of its VMs, so that another may start it; vCenter goes on showing it as it was."""
    with estate.lock:
        host = id_of(estate.get(vm, "runtime.host"))
        post(
            estate,
            _event.VmPowerOffOnIsolationEvent,
            vm,
            "vSphere HA powered off {vm} on the isolated host {host} in cluster",
            isolatedHost=host_argument(estate, host),
        )


def _elect(estate: Estate, failed: str) -> None:
    """Another host becomes HA master if the failed one was the only one."""
    alive = [host for host in peers_of(estate, failed) if serving(estate, host)]
    if alive and not any(estate.get(host, "runtime.dasHostState.state") == "master" for host in alive):
        set_runtime(estate, alive[0], dasHostState=_ha_state(estate, alive[0], "master"))


def ha_restart(estate: Estate, vm: str, target: str, *, guest: bool = True) -> None:
    """HA starts a VM of a failed host on another one: a new boot, without any orderly stop before."""
    with estate.lock:
        register(estate, vm, target)
        set_runtime(estate, vm, connectionState="connected")
        silence_guest(estate, vm)
        mark_running(estate, vm, booted=True)
        post(estate, _event.VmPoweredOnEvent, vm, "{vm} on {host} in {datacenter} is powered on")
        post_ex(
            estate,
            "com.vmware.vc.ha.VmRestartedByHAEvent",
            vm,
            "vSphere HA restarted virtual machine {vm} on host {host} in cluster {cluster}",
            severity="warning",
        )
        if guest:
            guest_started(estate, vm)


def failover_completed(estate: Estate, host: str) -> None:
    """HA says that it is done with the VMs of a failed host."""
    with estate.lock:
        post_ex(
            estate,
            "com.vmware.vc.HA.ClusterFailoverActionCompletedEvent",
            id_of(estate.get(host, "parent")),
            "vSphere HA completed a failover action in cluster {cluster}",
        )
        settle(estate)


def host_recover(estate: Estate, host: str) -> None:
    """A failed host has booted and is connected again. VMs that nobody restarted elsewhere are off, uncleanly."""
    with estate.lock:
        booted = estate.now() - timedelta(seconds=45)
        set_runtime(
            estate,
            host,
            connectionState="connected",
            powerState="poweredOn",
            bootTime=booted,
            dasHostState=_ha_state(estate, host, "connectedToMaster"),
        )
        quick = estate.get(host, "summary.quickStats")
        estate.set(host, "summary.quickStats", vary(quick, uptime=45))
        post_ex(estate, "esx.audit.host.boot", host, "Host {host} has booted")
        post(estate, _event.HostConnectedEvent, host, "Connected to {host} in {datacenter}")
        for vm in vms_on(estate, host):
            stopped = (
                estate.get(vm, "runtime.powerState") == "poweredOn"
                and estate.get(vm, "runtime.connectionState") == "disconnected"
            )
            if stopped:
                mark_off(estate, vm, clean=False)
                set_idle(estate, vm)
                post(estate, _event.VmPoweredOffEvent, vm, "{vm} on {host} in {datacenter} is powered off")
        _link_back(estate, host)
        alarm_clear(estate, host, HOST_CONNECTION)
        settle(estate)


def enter_maintenance(estate: Estate, host: str, *, user: str = VENDOR) -> None:
    """DRS moves the running VMs of a host away; ValueError when no other host of the cluster can take them."""
    with estate.lock:
        running = [vm for vm in vms_on(estate, host) if estate.get(vm, "runtime.powerState") == "poweredOn"]
        targets = [one for one in peers_of(estate, host) if serving(estate, one)]
        if running and not targets:
            raise ValueError(f"{host}: no host left for its {len(running)} running VMs")
        message = "Host {host} in {datacenter} is entering maintenance mode"
        first = post(estate, _event.EnteringMaintenanceModeEvent, host, message, user=user)
        for n, vm in enumerate(running):
            vmotion(estate, vm, targets[n % len(targets)])
        set_runtime(estate, host, inMaintenanceMode=True)
        post(
            estate,
            _event.EnteredMaintenanceModeEvent,
            host,
            "Host {host} in {datacenter} has entered maintenance mode",
            user=user,
            chain=first.key,
        )
        settle(estate)


def exit_maintenance(estate: Estate, host: str, *, user: str = VENDOR) -> None:
    """The host takes VMs again."""
    with estate.lock:
        set_runtime(estate, host, inMaintenanceMode=False)
        message = "Host {host} in {datacenter} has exited maintenance mode"
        post(estate, _event.ExitMaintenanceModeEvent, host, message, user=user)
        settle(estate)


def host_disconnect(estate: Estate, host: str, *, user: str = VENDOR) -> None:
    """Somebody disconnects a host from vCenter: its VMs run on, unseen."""
    with estate.lock:
        set_runtime(estate, host, connectionState="disconnected")
        post(estate, _event.HostDisconnectedEvent, host, "Disconnected from {host} in {datacenter}", user=user)
        _link_lost(estate, host)
        settle(estate)


def host_reconnect(estate: Estate, host: str, *, user: str = VENDOR) -> None:
    """The host is connected again; its VMs never stopped."""
    with estate.lock:
        set_runtime(estate, host, connectionState="connected")
        post(estate, _event.HostConnectedEvent, host, "Connected to {host} in {datacenter}", user=user)
        _link_back(estate, host)
        settle(estate)
