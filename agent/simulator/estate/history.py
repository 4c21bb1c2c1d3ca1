"""What happened in the last 20 days, told in events that agree with the state the estate is in now."""

import random
from datetime import datetime, timedelta
from functools import partial

from pyVmomi import vim

from agent.simulator.estate.alarms import show
from agent.simulator.estate.copies import vary
from agent.simulator.estate.events import post_alarm_change
from agent.simulator.estate.happenings import Happening, event, event_ex
from agent.simulator.estate.history_routine import PERIOD, routine
from agent.simulator.estate.names import VENDOR, VENDOR_2
from agent.simulator.estate.planning_platform import HOST_BOOT
from agent.simulator.objects import Estate
from agent.simulator.schema import id_of

_event = vim.event
OFF = "{vm} on {host} in {datacenter} is powered off"
ON = "{vm} on {host} in {datacenter} is powered on"


def add_history(estate: Estate, rng: random.Random, now: datetime) -> None:
    """Post the past, in the order of time."""
    failed = failures(estate, now)
    happenings = [
        *_restarts(estate, rng, now, failed),
        *_failed_hosts(estate, failed),
        *_switched_off(estate, rng, now),
        *_maintenance(estate, now),
        *_alarms(estate),
        *routine(estate, rng, now, blackouts=tuple(failed.values())),
    ]
    for happening in sorted(happenings, key=lambda one: one.when):
        happening.post(when=happening.when)


def failures(estate: Estate, now: datetime) -> dict[str, datetime]:
    """When each host of a cluster failed that booted within the period."""
    return {
        host: estate.get(host, "runtime.bootTime") - HOST_BOOT
        for host in estate.ids(vim.HostSystem)
        if estate.get(host, "runtime.dasHostState") and estate.get(host, "runtime.bootTime") > now - PERIOD
    }


def _restarts(estate: Estate, rng: random.Random, now: datetime, failed: dict[str, datetime]) -> list[Happening]:
    """Every VM whose `bootTime` lies in the period was powered off just before it and on at it, or HA did it."""
    found: list[Happening] = []
    for vm in estate.ids(vim.VirtualMachine):
        boot = estate.get(vm, "runtime.bootTime")
        if boot is None or boot < now - PERIOD:
            continue
        if any(at < boot < at + HOST_BOOT for at in failed.values()):
            found += [
                event(boot, estate, _event.VmPoweredOnEvent, vm, ON),
                event_ex(
                    boot + timedelta(seconds=1),
                    estate,
                    "com.vmware.vc.ha.VmRestartedByHAEvent",
                    vm,
                    "vSphere HA restarted virtual machine {vm} on host {host} in cluster {cluster}",
                ),
            ]
            continue
        user = rng.choice((VENDOR, VENDOR, VENDOR_2))
        down = boot - timedelta(seconds=rng.randint(60, 900))
        asked = down - timedelta(seconds=24)
        shutdown = "Guest OS shut down for {vm} on {host} in {datacenter}"
        starting = "{vm} on host {host} in {datacenter} is starting"
        found += [
            event(asked, estate, _event.VmGuestShutdownEvent, vm, shutdown, user=user),
            event(down, estate, _event.VmPoweredOffEvent, vm, OFF, user=user),
            event(boot - timedelta(seconds=2), estate, _event.VmStartingEvent, vm, starting, user=user),
            event(boot, estate, _event.VmPoweredOnEvent, vm, ON, user=user),
        ]
    return found


def _failed_hosts(estate: Estate, failed: dict[str, datetime]) -> list[Happening]:
    found: list[Happening] = []
    for host, at in failed.items():
        cluster = id_of(estate.get(host, "parent"))
        back = at + HOST_BOOT
        found += [
            event(
                at + timedelta(seconds=12),
                estate,
                _event.HostConnectionLostEvent,
                host,
                "Lost connection to host {host} in {datacenter}",
            ),
            event_ex(
                at + timedelta(seconds=32),
                estate,
                "com.vmware.vc.HA.DasHostFailedEvent",
                host,
                "vSphere HA detected a host failure: {host} in cluster {cluster}",
                severity="error",
            ),
            event_ex(
                at + timedelta(seconds=33),
                estate,
                "com.vmware.vc.HA.ClusterFailoverActionInitiatedEvent",
                cluster,
                "vSphere HA initiated a failover action in cluster {cluster}",
            ),
            event_ex(back, estate, "esx.audit.host.boot", host, "Host {host} has booted", severity="info"),
            event(
                back + timedelta(seconds=40),
                estate,
                _event.HostConnectedEvent,
                host,
                "Connected to {host} in {datacenter}",
            ),
        ]
    return found


def _switched_off(estate: Estate, rng: random.Random, now: datetime) -> list[Happening]:
    """Half of the VMs that are off were switched off in the period; the suspended one was suspended at its time."""
    found: list[Happening] = []
    for vm in estate.ids(vim.VirtualMachine):
        state = estate.get(vm, "runtime")
        if estate.get(vm, "config.template") or state.connectionState != "connected":
            continue
        if state.powerState == "suspended":
            message = "{vm} on {host} in {datacenter} is suspended"
            found.append(event(state.suspendTime, estate, _event.VmSuspendedEvent, vm, message, user=VENDOR))
        elif state.powerState == "poweredOff" and rng.random() < 0.5:
            at = now - timedelta(days=rng.randint(2, 19), seconds=rng.randint(0, 80_000))
            found.append(event(at, estate, _event.VmPoweredOffEvent, vm, OFF, user=VENDOR))
    return found


def _maintenance(estate: Estate, now: datetime) -> list[Happening]:
    """The first host was in maintenance for an hour two weeks ago; vCenter lost the last host once."""
    hosts = estate.ids(vim.HostSystem)
    at = (now - timedelta(days=14)).replace(hour=19, minute=5, second=11)
    lost = now - timedelta(days=9, hours=5, minutes=17)
    entering = "Host {host} in {datacenter} is entering maintenance mode"
    entered = "Host {host} in {datacenter} has entered maintenance mode"
    left = "Host {host} in {datacenter} has exited maintenance mode"
    first, last = hosts[0], hosts[-1]
    steps = (
        (timedelta(), _event.EnteringMaintenanceModeEvent, entering),
        (timedelta(minutes=7), _event.EnteredMaintenanceModeEvent, entered),
        (timedelta(minutes=61), _event.ExitMaintenanceModeEvent, left),
    )
    return [
        *(event(at + delay, estate, type_, first, message, user=VENDOR) for delay, type_, message in steps),
        event(lost, estate, _event.HostConnectionLostEvent, last, "Lost connection to host {host} in {datacenter}"),
        event(
            lost + timedelta(seconds=204),
            estate,
            _event.HostConnectedEvent,
            last,
            "Connected to {host} in {datacenter}",
        ),
    ]


def _alarms(estate: Estate) -> list[Happening]:
    """How each triggered alarm came to be."""
    return [
        Happening(state.time, partial(_announce, estate, entity, state))
        for entity in estate.ids(vim.HostSystem, vim.VirtualMachine, vim.Datastore)
        for state in estate.get(entity, "triggeredAlarmState")
        if id_of(state.entity) == entity
    ]


def _announce(estate: Estate, entity: str, state: vim.alarm.AlarmState, *, when: datetime) -> None:
    change = post_alarm_change(estate, entity, id_of(state.alarm), "green", state.overallStatus, when=when)
    show(estate, entity, vary(state, eventKey=change.key))
