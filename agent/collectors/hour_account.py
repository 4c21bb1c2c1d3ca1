"""What is seen of the current hour, look by look: the worst of what has a limit, and how CPU ready was spread. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime

from agent.dataclass import dataclass
from agent.ledger.hour_facts import spanning, worse
from agent.model.facts import ClusterHour, DatastoreHour, Figure, HourFacts
from agent.model.failover import failures_tolerated, usable
from agent.model.identity import vm_ids
from agent.model.inventory import Inventory
from agent.model.performance import Performance

_READY = ("cpu.ready.summation", "")
_MILLISECONDS = 1000


@dataclass(slots=True)
class HourAccount:
    """Of one vCenter."""

    start: datetime | None = None
    """the hour that is being looked at"""
    moids: dict[str, str] = field(default_factory=dict)
    """of every VM that is in it, by vm_id"""
    _rounds: int = 0
    _datastores: dict[str, DatastoreHour] = field(default_factory=dict)
    _clusters: dict[str, ClusterHour] = field(default_factory=dict)
    _ready: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    _figures: dict[tuple[str, str, str], Figure] = field(default_factory=dict)
    _counted: dict[str, tuple[int, int]] = field(default_factory=dict)
    """by vm_id: ready milliseconds in all, and the time of the newest sample, at the look before"""

    def look(
        self, inventory: Inventory, performance: Performance | None, at: datetime, figures: Iterable[Figure] = ()
    ) -> HourFacts | None:
        """Take one look in; returns the hour before if this look is the first of a new one."""
        hour = at.replace(minute=0, second=0, microsecond=0)
        ended = self.taken() if self.start is not None and hour != self.start else None
        self.start = hour
        self._rounds += 1
        for moid, store in inventory.datastores.items():
            if store.accessible and store.free_bytes is not None and store.capacity_bytes:
                before = self._datastores.get(moid)
                if before is None or store.free_bytes < before.least_free_bytes:
                    self._datastores[moid] = DatastoreHour(
                        least_free_bytes=store.free_bytes, capacity_bytes=store.capacity_bytes
                    )
        for moid, seen in _clusters(inventory).items():
            self._clusters[moid] = worse(self._clusters[moid], seen) if moid in self._clusters else seen
        self._spread_ready(inventory, performance)
        self._figures = spanning(self._figures, figures)
        return ended

    def taken(self) -> HourFacts | None:
        """What was seen since it was taken last; None if it was nothing."""
        if self.start is None or not self._rounds:
            return None
        found = HourFacts(
            start=self.start,
            rounds=self._rounds,
            datastores=self._datastores,
            clusters=self._clusters,
            cpu_ready={vm_id: dict(seconds) for vm_id, seconds in self._ready.items()},
            figures=self._figures,
        )
        self._figures = {}
        self._rounds, self._datastores, self._clusters, self._ready = 0, {}, {}, defaultdict(dict)
        return found

    def _spread_ready(self, inventory: Inventory, performance: Performance | None) -> None:
        newest = None if performance is None else performance.newest_sample_s.get("vm")
        if performance is None or newest is None:
            return
        ids = vm_ids(inventory.vms)
        entities = performance.entities.get("vm", {})
        for moid, vm in inventory.vms.items():
            vm_id = ids[moid]
            self.moids[vm_id] = moid
            counters = entities.get(vm_id)
            total = None if counters is None else counters.totals.get(_READY)
            if total is None or not vm.cpus:
                self._counted.pop(vm_id, None)
                continue
            before, before_s = self._counted.get(vm_id, (total, newest))
            self._counted[vm_id] = (total, newest)
            seconds = newest - before_s
            if seconds > 0 and total >= before and vm.power_state == "poweredOn":
                percent = int(100 * (total - before) / (_MILLISECONDS * seconds * vm.cpus))
                spread = self._ready[vm_id]
                spread[percent] = spread.get(percent, 0) + seconds


def _clusters(inventory: Inventory) -> Mapping[str, ClusterHour]:
    found = {}
    running: dict[str | None, int | None] = defaultdict(int)
    for vm in inventory.vms.values():
        if vm.power_state == "poweredOn":
            known = running[vm.host]
            running[vm.host] = None if known is None or vm.cpus is None else known + vm.cpus
    for moid, cluster in inventory.clusters.items():
        if cluster.hosts is None:
            continue
        hosts = [inventory.hosts[one] for one in cluster.hosts if one in inventory.hosts]
        good = [host for host in hosts if usable(host)]
        vcpus = [running[host.moid] for host in hosts]
        cores = [host.cpu_cores for host in good]
        usage = cluster.usage
        found[moid] = ClusterHour(
            fewest_hosts=len(good),
            least_failures_tolerated=failures_tolerated(
                hosts,
                cpu_reserved_mhz=usage.cpu_reservation_mhz if usage else None,
                memory_reserved_mib=usage.memory_reservation_mib if usage else None,
            ),
            most_vcpus=_sum(vcpus),
            fewest_cores=_sum(cores),
        )
    return found


def _sum(parts: list[int | None]) -> int | None:
    """None with an unknown part."""
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None
