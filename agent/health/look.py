"""What a check may look at besides its own object: the rest of the inventory, and figures derived from it once."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from agent.dataclass import dataclass
from agent.health.happenings import Happening, by_object
from agent.health.measured import Measured
from agent.health.vcenter_facts import VCenter, facts_of
from agent.model.builds import BuildTable, Product, Release
from agent.model.cluster import ClusterComputeResource
from agent.model.datastore import Datastore
from agent.model.event import Event
from agent.model.health import Reason
from agent.model.host import HostSystem
from agent.model.identity import vm_ids
from agent.model.inventory import Inventory
from agent.model.placement import Placement, place_vms
from agent.model.property import Pace
from agent.model.resource_pool import ResourcePool
from agent.model.virtual_machine import VirtualMachine
from agent.model.world import Target

T = TypeVar("T")

MEASURED: Mapping[type, str] = {
    VirtualMachine: "vm",
    HostSystem: "host",
    ClusterComputeResource: "cluster",
    Datastore: "datastore",
    ResourcePool: "resource_pool",
}
"""Objects that have performance counters."""


class Unseen(Exception):
    """A check needs a value that is not there: the object it was needed of, and the field; unknown, never zero."""

    def __init__(
        self,
        item: Any,
        name: str,
        *,
        reason: Reason | None = None,
        source: str | None = None,
        privilege: str | None = None,
    ) -> None:
        """`source` says what is missing where that is no field of the item, `privilege` what it would take."""
        super().__init__(name)  # the item is large: its words would cost more than the check
        self.item, self.name, self.reason, self.source, self.privilege = item, name, reason, source, privilege


@dataclass(frozen=True, kw_only=True)
class Look:
    """One vCenter at one time. `now` is the agent's clock when it was judged, the only now that a check knows."""

    now: datetime
    target: Target
    inventory: Inventory
    events: tuple[Event, ...] | None = None
    """those that were read, oldest first; None before any were"""
    events_since: datetime | None = None
    """from when on all were read, vCenter's clock"""
    measured: Measured | None = None
    """means of the performance counters over the last quarter of an hour"""
    builds: BuildTable = field(default_factory=BuildTable)
    free_space: Mapping[str, Sequence[tuple[datetime, int]]] | None = None
    """free bytes of each datastore in the hours that the ledger has, oldest first; None: there is no ledger"""

    @cached_property
    def vcenter(self) -> VCenter:
        """The vCenter itself."""
        return facts_of(self.target, self.now, self.events, self.events_since)

    @cached_property
    def vm_ids(self) -> Mapping[str, str]:
        """`vm_id` by moid."""
        return vm_ids(self.inventory.vms)

    @cached_property
    def placements(self) -> Mapping[str, Placement]:
        """Where each VM is, by moid."""
        return place_vms(self.inventory)

    @cached_property
    def stale(self) -> frozenset[Pace]:
        """What was never read, or not for three intervals."""
        collectors = self.target.collectors
        paces = {Pace.QUICK: collectors.get("quick"), Pace.SLOW: collectors.get("slow")}
        return frozenset(pace for pace, status in paces.items() if status is None or status.stale(self.now))

    @cached_property
    def vms_by_host(self) -> Mapping[str | None, Sequence[VirtualMachine]]:
        """The VMs that are registered on each host, by its moid; templates among them."""
        found: defaultdict[str | None, list[VirtualMachine]] = defaultdict(list)
        for vm in self.inventory.vms.values():
            found[vm.host].append(vm)
        return found

    @cached_property
    def _derived(self) -> dict[object, Any]:
        return {}

    def once(self, make: "Callable[..., T]", *arguments: Any) -> T:
        """What `make` derives from all that is known, made once however many objects ask for it."""
        key = (make, arguments)
        if key not in self._derived:
            self._derived[key] = make(self, *arguments)
        found: T = self._derived[key]
        return found

    def read_at(self, pace: Pace) -> datetime | None:
        """When properties of that pace were read, the agent's clock."""
        match pace:
            case Pace.QUICK:
                return self.inventory.quick_read_at
            case Pace.SLOW:
                return self.inventory.slow_read_at
            case _:
                return self.inventory.confirmed_at

    def age(self, moment: datetime) -> timedelta:
        """How long ago something was, by vCenter's clock where that is known."""
        return self._theirs - moment

    def host_of(self, vm: VirtualMachine) -> Any:
        """The host a VM runs on.

        Raises:
            Unseen: the account does not see it.
        """
        return self.seen("hosts", vm.host)

    def seen(self, slot: str, moid: str | None) -> Any:
        """An object by its moid.

        Raises:
            Unseen: the account does not see it.
        """
        found = getattr(self.inventory, slot).get(moid or "")
        if found is None:
            raise Unseen(moid, slot, reason=Reason.NOT_VISIBLE)
        return found

    def mean(self, item: Any, counter: str) -> float:
        """The mean of a performance counter over the last quarter of an hour, as `Measured.means` has it.

        Raises:
            Unseen: it was not measured for so long, or the object has no such counter.
        """
        found = self.once(_means, type(item), counter).get(self.vm_ids.get(item.moid, item.moid))
        if found is None:
            reason = Reason.STALE if self.measured is None else Reason.NOT_TOLD
            raise Unseen(item, counter, reason=reason, source=f"QueryPerf {counter}")
        return found

    def release(self, item: Any, product: Product) -> Release:
        """The release that a host or a vCenter runs; its version and build must be known.

        Raises:
            Unseen: the table does not have the build.
        """
        found = self.builds.release(product, item.build)
        if found is None:
            source = f"build {item.build}, which the table of {self.builds.dated or 'no date'} does not have"
            raise Unseen(item, "build", reason=Reason.NOT_TOLD, source=source)
        return found

    def support_end(self, item: Any, product: Product) -> date:
        """When general support of the version ends that a host or a vCenter runs.

        Raises:
            Unseen: the table does not have the version.
        """
        found = self.builds.support_end(product, item.version)
        if found is None:
            source = f"version {item.version}, which the table of {self.builds.dated or 'no date'} does not have"
            raise Unseen(item, "version", reason=Reason.NOT_TOLD, source=source)
        return found

    def happened(self, kinds: frozenset[str], hours: float) -> Iterator[Happening]:
        """What events of some kinds tell of the last hours, one happening an object, newest first.

        Raises:
            Unseen: when all are told, if not the whole of that time was read: there may be more.
        """
        yield from by_object(list(self.recent(kinds, hours)))
        if not self.covers(hours):
            raise Unseen(self.vcenter, "events", reason=Reason.STALE, source=f"EventManager, the last {hours:g} h")

    def covers(self, hours: float) -> bool:
        """Whether every event of the last hours was read."""
        since = self.events_since
        return self.events is not None and since is not None and since <= self._theirs - timedelta(hours=hours)

    def newest_event(self, moid: str, kinds: frozenset[str]) -> Event | None:
        """The last event of some kinds on a VM, of those that were read."""
        return max(
            (event for event in self.once(_by_vm).get(moid, ()) if event.kind in kinds),
            key=lambda event: event.created,
            default=None,
        )

    @cached_property
    def _theirs(self) -> datetime:
        """What vCenter's clock says now."""
        return self.now + timedelta(seconds=self.target.clock_offset_s or 0)

    def recent(self, kinds: frozenset[str], hours: float) -> Iterator[Event]:
        """The events of some kinds within the last hours, of those that were read; newest first."""
        start = self._theirs - timedelta(hours=hours)
        by_kind = self.once(_by_kind)
        found = [event for kind in kinds for event in by_kind.get(kind, ()) if event.created >= start]
        yield from sorted(found, key=lambda event: event.created, reverse=True)


def known(item: Any, name: str) -> Any:
    """A field of another object than the one that is judged.

    Raises:
        Unseen: vCenter did not say.
    """
    value = getattr(item, name)
    if value is None:
        raise Unseen(item, name)
    return value


def _by_vm(look: Look) -> Mapping[str | None, Sequence[Event]]:
    found: defaultdict[str | None, list[Event]] = defaultdict(list)
    for event in look.events or ():
        found[event.vm].append(event)
    return found


def _by_kind(look: Look) -> Mapping[str, Sequence[Event]]:
    found: defaultdict[str, list[Event]] = defaultdict(list)
    for event in look.events or ():
        found[event.kind].append(event)
    return found


def _means(look: Look, record: type, counter: str) -> Mapping[str, float]:
    return {} if look.measured is None else look.measured.means(MEASURED[record], counter)
