"""A scenario makes an estate live: load, migrations, failures, snapshots, and a vendor at work.

Driven by `step(now)`, once a second by `run`. Everything is drawn from one seeded generator: the same estate, seed and
times of the steps give the same life.
"""

import heapq
import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from pyVmomi import vim

from agent.clock import Clock
from agent.simulator.estate.names import BACKUP, VENDOR, VENDOR_2
from agent.simulator.estate.plan import GIB, MIB
from agent.simulator.estate.totals import serving
from agent.simulator.estate.vm_snapshots import flattened
from agent.simulator.objects import Estate
from agent.simulator.scenario_hosts import failover_completed, ha_restart, host_fail, host_recover, vmotion
from agent.simulator.scenario_load import Load, record_backups, refresh_timestamps
from agent.simulator.scenario_power import guest_shutdown, guest_started, power_off, power_on
from agent.simulator.scenario_state import peers_of, vms_on
from agent.simulator.scenario_storage import create_snapshot, datastore_fills, remove_snapshot, snapshot_grows
from agent.simulator.schema import id_of

Action = Callable[[], object]
GUEST_BOOT_S = 40
LOAD_S = 20
TIMESTAMPS_S = 600
# A datastore is cleaned up when it is this full, down to that.
FULL, CLEANED = 0.95, 0.80


class Scenario:
    """What happens by itself. `speed` 2 makes all but the load happen twice as often; 1 is one host failure in 10 min."""

    def __init__(self, estate: Estate, seed: int, *, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"speed must be above 0, not {speed}")
        self._estate = estate
        self._rng = random.Random(f"scenario-{seed}")
        self._speed = speed
        self._agenda: list[tuple[datetime, int, Action]] = []
        self._order = count()
        self._now: datetime | None = None
        # VMs and hosts that something is happening to
        self._engaged: set[str] = set()
        self._load = Load(estate, self._rng)

    def run(self, stop: threading.Event, clock: Clock) -> None:
        """Make a step every second until `stop` is set."""
        while not clock.wait(1.0, stop):
            self.step(clock.now())

    def step(self, now: datetime) -> None:
        """Do everything that is due at `now` (UTC), in the order in which it fell due."""
        first = self._now is None
        self._now = now
        if first:
            self._begin()
        while self._agenda and self._agenda[0][0] <= now:
            _, _, action = heapq.heappop(self._agenda)
            with self._estate.lock:
                action()

    def _in(self, seconds: float, action: Action) -> None:
        assert self._now is not None  # noqa: S101  # only step() leads here
        heapq.heappush(self._agenda, (self._now + timedelta(seconds=seconds), next(self._order), action))

    def _again(self, seconds: float, action: Action) -> None:
        """Repeat `action` after about `seconds` at speed 1."""
        self._in(seconds * self._rng.uniform(0.9, 1.1) / self._speed, action)

    def _begin(self) -> None:
        self._in(0, self._every_load)
        self._in(TIMESTAMPS_S, self._every_timestamp)
        self._again(75, self._migrate)
        self._again(140, self._vendor_at_work)
        self._again(200, self._back_up)
        self._again(30, self._fill)
        self._again(600, self._fail_host)

    def _every_load(self) -> None:
        assert self._now is not None  # noqa: S101  # only step() leads here
        self._load.move(self._now)
        for vm in self._estate.ids(vim.VirtualMachine):
            if self._estate.get(vm, "snapshot") and self._runs(vm):
                snapshot_grows(self._estate, vm, self._rng.randint(2, 40) * MIB)
        self._in(LOAD_S, self._every_load)

    def _every_timestamp(self) -> None:
        assert self._now is not None  # noqa: S101  # only step() leads here
        refresh_timestamps(self._estate, self._now)
        record_backups(self._estate, self._now)
        self._in(TIMESTAMPS_S, self._every_timestamp)

    def _runs(self, vm: str) -> bool:
        state = self._estate.get(vm, "runtime")
        return bool(state.powerState == "poweredOn" and state.connectionState == "connected" and not state.question)

    def _pick_vm(self) -> str | None:
        """A running VM with running Tools that nothing is happening to."""
        candidates = [
            vm
            for vm in self._estate.ids(vim.VirtualMachine)
            if vm not in self._engaged
            and self._runs(vm)
            and self._estate.get(vm, "guestHeartbeatStatus") == "green"
            and id_of(self._estate.get(vm, "runtime.host")) not in self._engaged
        ]
        return self._rng.choice(candidates) if candidates else None

    def _migrate(self) -> None:
        vm = self._pick_vm()
        if vm is not None:
            host = id_of(self._estate.get(vm, "runtime.host"))
            targets = [one for one in peers_of(self._estate, host) if serving(self._estate, one)]
            if targets:
                vmotion(self._estate, vm, self._rng.choice(targets), user=VENDOR if self._rng.random() < 0.2 else None)
        self._again(75, self._migrate)

    def _vendor_at_work(self) -> None:
        """A server is stopped, by asking the guest or by pulling the plug, and is back a few minutes later."""
        vm = self._pick_vm()
        if vm is not None:
            user = self._rng.choice((VENDOR, VENDOR_2))
            stop = guest_shutdown if self._rng.random() < 0.6 else power_off
            stop(self._estate, vm, user=user)
            self._engaged.add(vm)
            self._in(self._rng.uniform(60, 240), lambda: self._start(vm, user))
        self._again(420, self._vendor_at_work)

    def _start(self, vm: str, user: str) -> None:
        if self._estate.get(vm, "runtime.connectionState") != "connected":
            self._in(30, lambda: self._start(vm, user))
            return
        power_on(self._estate, vm, user=user, guest=False)
        self._in(GUEST_BOOT_S, lambda: self._release(vm))

    def _release(self, vm: str) -> None:
        guest_started(self._estate, vm)
        self._engaged.discard(vm)

    def _back_up(self) -> None:
        """The backup takes a snapshot, reads for some minutes while it grows, and removes it."""
        vm = self._pick_vm()
        if vm is not None and not flattened(self._estate.get(vm, "snapshot")):
            name = "VEEAM BACKUP TEMPORARY SNAPSHOT"
            snapshot = create_snapshot(self._estate, vm, name, quiesced=True, user=BACKUP)
            self._engaged.add(vm)
            self._in(self._rng.uniform(120, 240), lambda: self._backed_up(vm, snapshot))
        self._again(260, self._back_up)

    def _backed_up(self, vm: str, snapshot: str) -> None:
        remove_snapshot(self._estate, vm, snapshot, user=BACKUP)
        self._engaged.discard(vm)

    def _fill(self) -> None:
        """One datastore fills slowly until somebody cleans it up."""
        self._again(30, self._fill)
        shared = [one for one in self._estate.ids(vim.Datastore) if self._estate.get(one, "summary.multipleHostAccess")]
        if not shared:
            return
        datastore = shared[0]
        summary = self._estate.get(datastore, "summary")
        used = 1 - summary.freeSpace / summary.capacity
        if used >= FULL:
            datastore_fills(self._estate, datastore, -int(summary.capacity * (used - CLEANED)))
        else:
            datastore_fills(self._estate, datastore, self._rng.randint(3, 9) * GIB)

    def _fail_host(self) -> None:
        """A host fails; HA restarts its VMs on others 60 to 120 seconds later; some minutes later the host is back."""
        hosts = [
            host
            for host in self._estate.ids(vim.HostSystem)
            if serving(self._estate, host)
            and self._estate.get(host, "runtime.dasHostState")
            and any(serving(self._estate, one) for one in peers_of(self._estate, host))
        ]
        if hosts and not any(host in self._engaged for host in self._estate.ids(vim.HostSystem)):
            weights = [1 + len(self._estate.get(host, "vm")) ** 2 for host in hosts]
            (host,) = self._rng.choices(hosts, weights)
            self._engaged.add(host)
            for vm in host_fail(self._estate, host):
                self._engaged.add(vm)
                self._in(self._rng.uniform(60, 120), lambda vm=vm: self._restart(vm))  # type: ignore[misc]  # binds vm
            self._in(125, lambda: failover_completed(self._estate, host))
            self._in(self._rng.uniform(240, 330), lambda: self._recover(host))
        self._again(600, self._fail_host)

    def _restart(self, vm: str) -> None:
        host = id_of(self._estate.get(vm, "runtime.host"))
        targets = [one for one in peers_of(self._estate, host) if serving(self._estate, one)]
        target = min(targets, key=lambda one: len(self._estate.get(one, "vm")), default=None)
        if target is not None:
            ha_restart(self._estate, vm, target, guest=False)
            self._in(GUEST_BOOT_S, lambda: self._release(vm))

    def _recover(self, host: str) -> None:
        host_recover(self._estate, host)
        self._engaged.discard(host)
        self._in(30, lambda: self._rebalance(host))

    def _rebalance(self, host: str) -> None:
        """DRS moves VMs, one at a time, to a host that is back until it has its share."""
        own = len(self._estate.get(host, "vm"))
        peers = [one for one in peers_of(self._estate, host) if serving(self._estate, one)]
        fullest = max(peers, key=lambda one: len(self._estate.get(one, "vm")), default=None)
        if fullest is None or not serving(self._estate, host) or len(self._estate.get(fullest, "vm")) - own < 2:
            return
        movable = [vm for vm in vms_on(self._estate, fullest) if vm not in self._engaged and self._runs(vm)]
        if movable:
            vmotion(self._estate, self._rng.choice(movable), host)
            self._in(8, lambda: self._rebalance(host))
