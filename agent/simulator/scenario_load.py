"""How busy everything is: new quick statistics every 20 seconds, by the hour of the day and a slow random walk."""

import math
import random
from datetime import datetime, timedelta

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.estate.fields import LAST_BACKUP, SYSTEM, backup_text, value
from agent.simulator.estate.plan import MIB
from agent.simulator.estate.totals import settle
from agent.simulator.estate.vm_runtime import busy
from agent.simulator.estate.vms import LEVELS
from agent.simulator.objects import Estate

BACKUP_INTERVAL, BACKUP_GIVEN_UP = timedelta(hours=24), timedelta(days=3)


def daytime(now: datetime) -> float:
    """The share of the full load at this time, 0.3 at night to 1 at noon (UTC); weekends are half as busy."""
    hour = now.hour + now.minute / 60
    wave = 0.3 + 0.7 * max(0.0, math.sin((hour - 5) / 14 * math.pi))
    return wave if now.weekday() < 5 else wave / 2


class Load:
    """The random walk of each VM's load."""

    def __init__(self, estate: Estate, rng: random.Random) -> None:
        self._estate = estate
        self._rng = rng
        self._walk: dict[str, float] = {}

    def move(self, now: datetime) -> None:
        """New `summary.quickStats` for every running VM and connected host, then the totals."""
        estate, rng = self._estate, self._rng
        share = daytime(now)
        with estate.lock:
            for vm in estate.ids(vim.VirtualMachine):
                state = estate.get(vm, "runtime")
                if state.powerState != "poweredOn" or state.connectionState != "connected":
                    continue
                step = self._walk.get(vm, 1.0) + rng.uniform(-0.12, 0.12)
                self._walk[vm] = min(1.5, max(0.5, step))
                hardware = estate.get(vm, "config.hardware")
                up = now - (state.bootTime or now)
                estate.set(
                    vm,
                    "summary.quickStats",
                    busy(
                        rng,
                        cpus=hardware.numCPU,
                        memory_mib=hardware.memoryMB,
                        cpu_limit_mhz=estate.get(vm, "config.cpuAllocation.limit"),
                        memory_limit_mib=estate.get(vm, "config.memoryAllocation.limit"),
                        overhead_mib=(state.memoryOverhead or 0) // MIB,
                        heartbeat_status=estate.get(vm, "guestHeartbeatStatus"),
                        uptime_s=max(0, int(up.total_seconds())),
                        level=LEVELS.get(self._system(vm), 0.1) * share * self._walk[vm],
                        fault_tolerant=state.faultToleranceState != "notConfigured",
                    ),
                )
            for host in estate.ids(vim.HostSystem):
                state = estate.get(host, "runtime")
                if state.connectionState == "connected" and state.bootTime:
                    quick = estate.get(host, "summary.quickStats")
                    uptime = int((now - state.bootTime).total_seconds())
                    estate.set(host, "summary.quickStats", vary(quick, uptime=uptime))
            settle(estate)

    def _system(self, vm: str) -> str:
        fields = self._estate.get(vm, "customValue") or []
        return next((str(one.value) for one in fields if one.key == SYSTEM), "")


def refresh_timestamps(estate: Estate, now: datetime) -> None:
    """VCenter looks again at storage and clocks: the times of those figures move on, stale ones stay stale."""
    with estate.lock:
        for vm in estate.ids(vim.VirtualMachine):
            if estate.get(vm, "runtime.connectionState") == "connected":
                estate.set(vm, "summary.storage", vary(estate.get(vm, "summary.storage"), timestamp=now))
                estate.set(vm, "layoutEx", vary(estate.get(vm, "layoutEx"), timestamp=now))
        for datastore in estate.ids(vim.Datastore):
            if estate.get(datastore, "summary.accessible"):
                estate.set(datastore, "info", vary(estate.get(datastore, "info"), timestamp=now))
        for host in estate.ids(vim.HostSystem):
            if estate.get(host, "config.dateTimeInfo.serviceSync"):
                estate.set(host, "config.dateTimeInfo.lastSyncTime", now)


def record_backups(estate: Estate, now: datetime) -> None:
    """The backup product writes "Last backup" once a day; servers it gave up on stay as they are."""
    with estate.lock:
        for vm in estate.ids(vim.VirtualMachine):
            fields = estate.get(vm, "customValue") or []
            last = next((one for one in fields if one.key == LAST_BACKUP), None)
            if last is None:
                continue
            age = now - datetime.fromisoformat(last.value)
            if BACKUP_INTERVAL < age < BACKUP_GIVEN_UP:
                done = [value(LAST_BACKUP, backup_text(now)) if one is last else one for one in fields]
                for path in ("customValue", "value", "summary.customValue"):
                    estate.set(vm, path, done)
