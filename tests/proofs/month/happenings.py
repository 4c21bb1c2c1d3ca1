"""What may happen to a simulated estate, done so that vCenter shows it as it would, with the truth written down beside it."""

import random
from collections import Counter
from datetime import datetime, timedelta

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.estate.events import post
from agent.simulator.estate.names import VENDOR
from agent.simulator.estate.totals import serving
from agent.simulator.objects import Estate
from agent.simulator.scenario_changes import vm_create, vm_remove
from agent.simulator.scenario_hosts import ha_restart, host_fail
from agent.simulator.scenario_power import (
    guest_crash,
    guest_reboot,
    guest_shutdown,
    guest_started,
    heartbeat_lost,
    power_off,
    power_on,
    reset,
    suspend,
)
from agent.simulator.scenario_state import peers_of, set_heartbeat, vms_on
from agent.simulator.schema import id_of
from tests.proofs.month.truth import ABSENT, OFF, ON, SUSPENDED, Truth

_POWER = {"poweredOn": ON, "poweredOff": OFF, "suspended": SUSPENDED}
HOST_SILENCE = timedelta(seconds=60)
SYNCHRONIZED = timedelta(seconds=60)


class Happenings:
    """On one estate. `truth` holds what was done."""

    def __init__(self, estate: Estate, rng: random.Random) -> None:
        self.estate, self.rng, self.truth = estate, rng, Truth()
        self.ids: dict[str, str] = {}
        self._begin()

    def _begin(self) -> None:
        """What is there from the start. A VM that vCenter itself does not see cannot be known."""
        estate, now = self.estate, self.estate.now()
        uuids = Counter(estate.get(vm, "config.instanceUuid") for vm in estate.ids(vim.VirtualMachine))
        for vm in estate.ids(vim.VirtualMachine):
            if estate.get(vm, "config.template"):
                continue
            uuid = estate.get(vm, "config.instanceUuid")
            vm_id = self.ids[vm] = str(uuid) if uuids[uuid] == 1 else f"moid:{vm}"
            self.truth.turn(vm_id, now - timedelta(days=400), _POWER[estate.get(vm, "runtime.powerState")])
            if estate.get(vm, "runtime.connectionState") != "connected":
                self.truth.excuse(vm_id, now - timedelta(days=400), None, "vCenter does not see it")
            if estate.get(vm, "guestHeartbeatStatus") == "red":
                self.truth.silent(vm_id, now - timedelta(days=400))

    @property
    def now(self) -> datetime:
        return self.estate.now()

    def runs(self, vm: str) -> bool:
        """Seen, on, and its guest answers."""
        state = self.estate.get(vm, "runtime")
        on = state.powerState == "poweredOn" and state.connectionState == "connected" and not state.question
        return bool(on and self.estate.get(vm, "guestHeartbeatStatus") == "green")

    # power

    def power_off(self, vm: str, user: str = VENDOR) -> None:
        power_off(self.estate, vm, user=user)
        self.truth.turn(self.ids[vm], self.now, OFF)
        self.truth.users[self.ids[vm], self.now] = user

    def shut_down(self, vm: str, user: str = VENDOR) -> None:
        guest_shutdown(self.estate, vm, user=user)
        self.truth.turn(self.ids[vm], self.now, OFF)
        self.truth.users[self.ids[vm], self.now] = user

    def suspend(self, vm: str, user: str = VENDOR) -> None:
        suspend(self.estate, vm, user=user)
        self.truth.turn(self.ids[vm], self.now, SUSPENDED)
        self.truth.users[self.ids[vm], self.now] = user

    def power_on(self, vm: str, user: str = VENDOR) -> None:
        power_on(self.estate, vm, user=user)
        self.truth.turn(self.ids[vm], self.now, ON)

    # guests

    def reset(self, vm: str) -> None:
        reset(self.estate, vm, guest=False)
        self.truth.silent(self.ids[vm], self.now)

    def reboot(self, vm: str) -> None:
        guest_reboot(self.estate, vm, guest=False)
        self.truth.silent(self.ids[vm], self.now)

    def crash(self, vm: str) -> None:
        guest_crash(self.estate, vm)
        self.truth.silent(self.ids[vm], self.now)

    def booted(self, vm: str) -> None:
        self.estate.guest_boots.setdefault(vm, []).append(self.now)
        guest_started(self.estate, vm)
        self.truth.awake(self.ids[vm], self.now)

    def hang(self, vm: str) -> None:
        heartbeat_lost(self.estate, vm)
        self.truth.silent(self.ids[vm], self.now)

    def answers_again(self, vm: str) -> None:
        set_heartbeat(self.estate, vm, "green")
        self.truth.awake(self.ids[vm], self.now)

    # hosts

    def failing_host(self, engaged: set[str]) -> str | None:
        """One that HA protects, with others to take what runs on it, and nothing going on there."""
        found = [
            host
            for host in self.estate.ids(vim.HostSystem)
            if self.estate.get(host, "runtime.dasHostState")
            and serving(self.estate, host)
            and self.targets(host)
            and engaged.isdisjoint([host, *peers_of(self.estate, host), *vms_on(self.estate, host)])
        ]
        return self.rng.choice(found) if found else None

    def targets(self, host: str) -> list[str]:
        return [one for one in peers_of(self.estate, host) if serving(self.estate, one)]

    def host_dies(self, host: str) -> list[str]:
        """What ran on it has stopped; vCenter has not noticed yet. Gives what HA will restart, and what was off."""
        victims = []
        for vm in vms_on(self.estate, host):
            state = self.estate.get(vm, "runtime")
            if vm not in self.ids or state.connectionState != "connected":
                continue
            # no samples of a dead host's VMs
            self.estate.entry(vm).history["runtime.connectionState"].append((self.now, "disconnected"))
            if state.powerState == "poweredOn":
                self.truth.turn(self.ids[vm], self.now, OFF)
                victims.append(vm)
        return victims

    def host_missed(self, host: str) -> None:
        """VCenter says that it lost the host."""
        off = [vm for vm in vms_on(self.estate, host) if vm in self.ids]
        host_fail(self.estate, host)
        for vm in off:
            self.truth.excuse(self.ids[vm], self.now - HOST_SILENCE, self.now, "a dead host was not missed yet")
            if self.estate.get(vm, "runtime.powerState") != "poweredOn":
                self.truth.excuse(self.ids[vm], self.now, None, f"on lost {host}")

    def restart(self, vm: str) -> bool:
        """HA starts it elsewhere, if there is a host."""
        targets = self.targets(id_of(self.estate.get(vm, "runtime.host")))
        if not targets:
            return False
        ha_restart(self.estate, vm, self.rng.choice(targets))
        self.truth.turn(self.ids[vm], self.now, ON)
        return True

    def excused_again(self, why: str) -> None:
        """It can be told again: a minute later at the latest, as vCenter may be late to say what it found."""
        for excuses in self.truth.excuses.values():
            for one in excuses:
                if one.end is None and one.why == why:
                    one.end = self.now + SYNCHRONIZED

    # the set of VMs

    def create(self, like: str, name: str) -> str:
        vm = vm_create(self.estate, name, like=like)
        self.ids[vm] = str(self.estate.get(vm, "config.instanceUuid"))
        self.truth.turn(self.ids[vm], self.now - timedelta(days=400), ABSENT)
        self.truth.turn(self.ids[vm], self.now, OFF)
        return vm

    def remove(self, vm: str) -> None:
        vm_remove(self.estate, vm)
        self.truth.turn(self.ids[vm], self.now, ABSENT)

    def register_again(self, vm: str) -> str:
        """Taken out of the inventory and registered anew: another managed object id, the same instance UUID."""
        estate, vm_id = self.estate, self.ids[vm]
        config, name = estate.get(vm, "config"), str(estate.get(vm, "name"))
        with estate.lock:
            events = len(estate.events)
            new = vm_create(estate, name, like=vm)
            del estate.events[events:], estate.event_scopes[events:]
            vm_remove(estate, vm)
            same = {"instanceUuid": config.instanceUuid, "uuid": config.uuid}
            estate.set(new, "config", vary(estate.get(new, "config"), createDate=config.createDate, **same))
            estate.set(new, "summary.config", vary(estate.get(new, "summary.config"), **same))
            post(estate, vim.event.VmRegisteredEvent, new, "Registered {vm} on {host} in {datacenter}", user=VENDOR)
        self.ids[new] = vm_id
        return new
