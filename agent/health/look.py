"""What a check may look at besides its own object: the rest of the inventory, and figures derived from it once."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from agent.health.vcenter_facts import VCenter, facts_of
from agent.model.event import Event
from agent.model.health import Reason
from agent.model.identity import vm_ids
from agent.model.inventory import Inventory
from agent.model.placement import Placement, place_vms
from agent.model.property import Pace
from agent.model.virtual_machine import VirtualMachine
from agent.model.world import Target

T = TypeVar("T")


class Unseen(Exception):
    """A check needs a value that is not there: the object it was needed of, and the field; unknown, never zero."""

    def __init__(self, item: Any, name: str, *, reason: Reason | None = None) -> None:
        super().__init__(f"{name} of {item}")
        self.item, self.name, self.reason = item, name, reason


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

    @cached_property
    def vcenter(self) -> VCenter:
        """The vCenter itself."""
        return facts_of(self.target, self.events, self.events_since)

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

    def once(self, make: "Callable[[Look], T]") -> T:
        """What `make` derives from the whole inventory, made once however many objects ask for it."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: T = self._derived[make]
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
        return self.now + timedelta(seconds=self.target.clock_offset_s or 0) - moment

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

    def recent(self, kinds: frozenset[str], hours: float) -> Iterator[Event]:
        """The events of some kinds within the last hours, newest first; then, if not all of that time was read, unknown.

        Raises:
            Unseen: not the whole of that time was read, so that there may be more.
        """
        start = self.now + timedelta(seconds=self.target.clock_offset_s or 0) - timedelta(hours=hours)
        by_kind = self.once(_by_kind)
        found = [event for kind in kinds for event in by_kind.get(kind, ()) if event.created >= start]
        yield from sorted(found, key=lambda event: event.created, reverse=True)
        if self.events is None or self.events_since is None or self.events_since > start:
            raise Unseen(self.vcenter, "events", reason=Reason.STALE)


def known(item: Any, name: str) -> Any:
    """A field of another object than the one that is judged.

    Raises:
        Unseen: vCenter did not say.
    """
    value = getattr(item, name)
    if value is None:
        raise Unseen(item, name)
    return value


def _by_kind(look: Look) -> Mapping[str, Sequence[Event]]:
    found: defaultdict[str, list[Event]] = defaultdict(list)
    for event in look.events or ():
        found[event.kind].append(event)
    return found
