"""When the demonstration's month is, and to which servers of the estate things happen in it. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.dataclass import dataclass
from agent.model.host import HostSystem
from agent.model.inventory import Inventory
from agent.model.placement import Placement, place_vms
from agent.model.virtual_machine import VirtualMachine

ZONE = ZoneInfo("Europe/Copenhagen")
ESTATE_PAST = timedelta(days=20)
"""The simulated vCenter tells events of so long."""
_MOST_VICTIMS = 8
_MONTHS_MORE = 2
_SPECIAL = frozenset({"SQL", "AD", "Test"})
"""Folders whose servers a promise of their own is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The last calendar month that is over, with the times around it that are recorded."""

    start: datetime
    end: datetime
    begin: datetime
    """since when the agent is said to have run: two months more, for there to be something before"""
    until: datetime
    """until when; from then on the vCenter itself tells what happened"""

    @property
    def name(self) -> str:
        """`2026-10`."""
        return f"{self.start.astimezone(ZONE):%Y-%m}"

    def at(self, day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
        """A time of the month by the clocks of Denmark, in UTC."""
        local = self.start.astimezone(ZONE)
        return local.replace(day=day, hour=hour, minute=minute, second=second).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays which part. None where the estate has nobody for it.

    To a VM something can have happened only if it was started again later, or its boot time would belie it.
    """

    hidden: VirtualMachine | None
    """was down at night, and the vendor does not tell"""
    failed_host: HostSystem | None
    victims: tuple[VirtualMachine, ...]
    """ran on the failed host, and on theirs from then on"""
    resized: VirtualMachine | None
    """made smaller in the month, and billed as before"""
    old_cpus: int
    removed: VirtualMachine | None
    """deleted in the month, and still billed"""
    unbilled: VirtualMachine | None
    """not on the bill"""
    kept_snapshot: VirtualMachine | None
    """had a snapshot for a fortnight"""
    places: Mapping[str, Placement]


def month_before(now: datetime) -> Month:
    """The demonstration's month at `now`."""
    until = (now - ESTATE_PAST - timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    end = until.astimezone(ZONE).replace(day=1, hour=0)
    start = (end - timedelta(days=1)).replace(day=1)
    first = start.astimezone(UTC)
    begin = start
    for _ in range(_MONTHS_MORE):
        begin = (begin - timedelta(days=1)).replace(day=1)
    return Month(start=first, end=end.astimezone(UTC), begin=begin.astimezone(UTC), until=until)


def cast(inventory: Inventory, past: Inventory, month: Month) -> Cast:
    """Choose by what the estate allows: the same estate gives the same cast.

    Args:
        inventory: The estate now.
        past: The estate at `month.until`, without what the story makes of it.
        month: When it is.
    """
    places = place_vms(past)
    usual = [
        vm
        for vm in sorted(past.vms.values(), key=lambda one: one.moid)
        if vm.connection_state == "connected" and not vm.template and places[vm.moid].cluster_id is not None
    ]
    booted = {vm.moid: vm.boot_time for vm in inventory.vms.values()}
    restless = [vm for vm in usual if vm.power_state == "poweredOn" and (booted[vm.moid] or month.until) > month.until]

    def part(*folders: str) -> VirtualMachine | None:
        """Someone from one of the folders, else anyone; nobody has two parts."""
        for folder in folders:
            for vm in restless:
                if places[vm.moid].folder == folder:
                    restless.remove(vm)
                    return vm
        return restless.pop(0) if restless else None

    hidden = part("SQL")
    resized = part("ERP", "Citrix", "GIS")
    host, victims = _failed(past, [vm for vm in restless if places[vm.moid].folder not in _SPECIAL], places)
    names = [vm.name for vm in past.vms.values()]
    quiet = [vm for vm in usual if vm not in victims and vm not in (hidden, resized)]
    ordinary = [
        vm
        for vm in quiet
        if vm.power_state == "poweredOn" and names.count(vm.name) == 1 and places[vm.moid].folder not in _SPECIAL
    ]
    unbilled = ordinary[0] if ordinary else None
    return Cast(
        hidden=hidden,
        failed_host=host,
        victims=victims,
        resized=resized,
        old_cpus=(resized.cpus or 2) * 2 if resized is not None else 0,
        removed=_removed(quiet),
        unbilled=unbilled,
        kept_snapshot=next((vm for vm in ordinary[1:] if not vm.snapshots), None),
        places=places,
    )


def _failed(
    past: Inventory, restless: list[VirtualMachine], places: Mapping[str, Placement]
) -> tuple[HostSystem | None, tuple[VirtualMachine, ...]]:
    """The host, of those that did not boot since, from which most of them can have come."""
    best: tuple[HostSystem | None, tuple[VirtualMachine, ...]] = (None, ())
    for host in sorted(past.hosts.values(), key=lambda one: one.moid):
        if host.parent not in past.clusters or host.boot_time is None:
            continue
        able = tuple(vm for vm in restless if vm.host != host.moid and places[vm.moid].cluster_id == host.parent)
        if len(able) > len(best[1]):
            best = (host, able)
    return best[0], best[1][:_MOST_VICTIMS]


def _removed(quiet: list[VirtualMachine]) -> VirtualMachine | None:
    """A test server that is there no longer, made after one that is."""
    like = next((vm for vm in reversed(quiet) if vm.name and vm.name.startswith("test-")), None)
    if like is None:
        return None
    return replace(
        like,
        moid="vm-1999",
        name="test-gammel01",
        instance_uuid="50310000-1999-4000-8000-000000000001",
        power_state="poweredOff",
        boot_time=None,
        snapshots=None,
    )
