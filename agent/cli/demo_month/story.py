"""What truly happened in the demonstration's month, as events and as what was seen of VMs. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from agent.cli.demo_month.cast import Cast, Month
from agent.dataclass import dataclass
from agent.model.event import Event
from agent.model.inventory import Inventory
from agent.model.virtual_machine import VirtualMachine

VENDOR = "KOMMUNE\\drift-vendor"
CUSTOMER = "KOMMUNE\\it-afdeling"
_S = timedelta(seconds=1)
_FIRST_KEY = 700_001


@dataclass(frozen=True, slots=True, kw_only=True)
class Down:
    """A VM was off from one event to another."""

    vm: VirtualMachine
    start: datetime
    end: datetime
    user: str | None
    """None: its host failed, and HA started it elsewhere"""


def hidden_outage(month: Month) -> tuple[datetime, datetime]:
    """47 minutes in the night before the 14th: more than a whole month of 99.9 % allows."""
    return month.at(14, 3, 12, 40), month.at(14, 3, 59, 58)


def host_failure(month: Month) -> datetime:
    """On the 6th, in working hours."""
    return month.at(6, 14, 5, 10)


def host_back(month: Month) -> datetime:
    """Six and a half minutes later."""
    return host_failure(month) + 390 * _S


def vcenter_away(month: Month) -> tuple[datetime, datetime]:
    """A quarter of an hour on the evening of the 20th, in which nothing could tell."""
    return month.at(20, 22, 10), month.at(20, 22, 25)


def resized_at(month: Month) -> datetime:
    """On the 9th the customer had a server made smaller."""
    return month.at(9, 10, 16, 30)


def removed_at(month: Month) -> datetime:
    """On the 6th the vendor deleted a server."""
    return month.at(6, 11, 30, 12)


def snapshot_kept(month: Month) -> tuple[datetime, datetime]:
    """From the 3rd to the 17th."""
    return month.at(3, 20, 5, 8), month.at(17, 9, 41, 50)


def downs(inventory: Inventory, parts: Cast, month: Month) -> list[Down]:
    """Every time a VM was off, in order."""
    found = []
    if parts.hidden is not None:
        start, end = hidden_outage(month)
        found.append(Down(vm=parts.hidden, start=start, end=end, user=VENDOR))
    if parts.resized is not None:
        at = resized_at(month)
        found.append(Down(vm=parts.resized, start=at - 148 * _S, end=at + 131 * _S, user=CUSTOMER))
    failed = host_failure(month)
    found += [
        Down(vm=vm, start=failed + 12 * _S, end=failed + (171 + 13 * number) * _S, user=None)
        for number, vm in enumerate(parts.victims)
    ]
    for number, vm in enumerate(inventory.vms.values()):
        if vm.power_state == "poweredOn" and vm.boot_time and month.begin < vm.boot_time < month.until:
            # restarts that boot times tell of: the customer's own
            found.append(
                Down(vm=vm, start=vm.boot_time - (75 + 7 * (number % 20)) * _S, end=vm.boot_time, user=CUSTOMER)
            )
        if vm.power_state == "suspended" and vm.suspend_time and month.begin < vm.suspend_time < month.until:
            found.append(Down(vm=vm, start=vm.suspend_time, end=month.until, user=CUSTOMER))
    return sorted(found, key=lambda one: (one.start, one.vm.moid))


def events(inventory: Inventory, parts: Cast, month: Month) -> tuple[Event, ...]:
    """All events of it, in order of time, each with its key."""
    found = sorted(
        [
            *(one for down in downs(inventory, parts, month) for one in _of_down(down)),
            *_of_host(parts, month),
            *_of_sizes(parts, month),
            ("ServerStartedSessionEvent", vcenter_away(month)[1] - 40 * _S, None, None, "vCenter Server started"),
        ],
        key=lambda one: one[1],
    )
    return tuple(_event(number, one, parts, inventory) for number, one in enumerate(found))


_Told = tuple[str, datetime, VirtualMachine | None, str | None, str]
"""kind, time, VM, user, message"""


def _of_down(down: Down) -> Iterator[_Told]:
    vm, name = down.vm, down.vm.name
    if vm.power_state == "suspended":
        yield "VmSuspendedEvent", down.start, vm, down.user, f"{name} is suspended"
        return
    if down.user is not None:
        yield "VmGuestShutdownEvent", down.start - 21 * _S, vm, down.user, f"Guest OS shut down for {name}"
        yield "VmPoweredOffEvent", down.start, vm, down.user, f"{name} is powered off"
        yield "VmStartingEvent", down.end - 2 * _S, vm, down.user, f"{name} is starting"
        yield "VmPoweredOnEvent", down.end, vm, down.user, f"{name} is powered on"
    else:
        yield "VmPoweredOnEvent", down.end, vm, None, f"{name} is powered on"
        told = f"vSphere HA restarted virtual machine {name}"
        yield "com.vmware.vc.ha.VmRestartedByHAEvent", down.end + _S, vm, None, told


def _of_host(parts: Cast, month: Month) -> Iterator[_Told]:
    host = parts.failed_host
    if host is not None:
        at = host_failure(month)
        yield "HostConnectionLostEvent", at + 12 * _S, None, None, f"Lost connection to host {host.name}"
        yield "com.vmware.vc.HA.DasHostFailedEvent", at + 32 * _S, None, None, f"vSphere HA: {host.name} failed"
        yield "HostConnectedEvent", host_back(month), None, None, f"Connected to {host.name}"


def _of_sizes(parts: Cast, month: Month) -> Iterator[_Told]:
    if parts.resized is not None:
        text = f"Reconfigured {parts.resized.name}: config.hardware.numCPU: {parts.old_cpus} -> {parts.resized.cpus}"
        yield "VmReconfiguredEvent", resized_at(month), parts.resized, CUSTOMER, text
    if parts.removed is not None:
        yield "VmRemovedEvent", removed_at(month), parts.removed, VENDOR, f"Removed {parts.removed.name}"
    if parts.kept_snapshot is not None:
        for at, verb in zip(snapshot_kept(month), ("Create", "Remove"), strict=True):
            yield "TaskEvent", at, parts.kept_snapshot, VENDOR, f"Task: {verb} virtual machine snapshot"


def _event(number: int, told: _Told, parts: Cast, inventory: Inventory) -> Event:
    kind, at, vm, user, message = told
    failed = parts.failed_host.moid if parts.failed_host else None
    about_host = kind.startswith(("Host", "com.vmware.vc.HA.Das"))
    host = inventory.hosts.get((failed if about_host else vm.host if vm else None) or "")
    return Event(
        key=_FIRST_KEY + number,
        chain_id=_FIRST_KEY + number,
        kind=kind,
        created=at,
        user=user,
        message=message,
        vm=vm.moid if vm else None,
        vm_name=vm.name if vm else None,
        host=host.moid if host else None,
        host_name=host.name if host else None,
        cluster=host.parent if host else None,
        fields={"template": "false"} if vm else {},
    )
