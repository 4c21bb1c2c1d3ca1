"""A known share of the virtual machines changes each minute, and nothing else does."""

import random
import threading
from datetime import datetime

from pyVmomi import vim

from agent.clock import Clock
from agent.simulator.estate.copies import vary
from agent.simulator.objects import Estate

MIB = 1 << 20


class Churn:
    """Each second the next few VMs get new usage figures, which are polled, and new free space, which is pushed."""

    def __init__(self, estate: Estate, percent: float, seed: int) -> None:
        self._estate = estate
        self._percent = percent
        self._rng = random.Random(f"churn-{seed}")
        self._vms = [vm for vm in estate.ids(vim.VirtualMachine) if estate.get(vm, "guest.disk")]
        self._rng.shuffle(self._vms)
        self._next = 0
        self._due = 0.0
        self._last: datetime | None = None

    def run(self, stop: threading.Event, clock: Clock) -> None:
        """Make a step every second until `stop` is set."""
        while not clock.wait(1.0, stop):
            self.step(clock.now())

    def step(self, now: datetime) -> int:
        """Change as many as are due since the last step; returns how many that were."""
        minutes = (now - self._last).total_seconds() / 60 if self._last is not None else 0.0
        self._last = now
        self._due += len(self._vms) * self._percent / 100 * minutes
        changed = int(self._due)
        self._due -= changed
        with self._estate.lock:
            for _ in range(changed):
                self._change(self._vms[self._next])
                self._next = (self._next + 1) % len(self._vms)
        return changed

    def _change(self, vm: str) -> None:
        estate, rng = self._estate, self._rng
        quick = estate.get(vm, "summary.quickStats")
        estate.set(vm, "summary.quickStats", vary(quick, overallCpuUsage=rng.randrange(4000)))
        first, *others = estate.get(vm, "guest.disk")
        free = max(0, min(first.capacity, first.freeSpace + rng.randint(-50, 50) * MIB))
        estate.set(vm, "guest.disk", [vary(first, freeSpace=free), *others])
