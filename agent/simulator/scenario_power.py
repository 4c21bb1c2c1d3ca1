"""What happens to the power and the guest of a VM. Each action changes the state and posts vCenter's events for it."""

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.estate.events import post
from agent.simulator.estate.names import VENDOR
from agent.simulator.estate.plan import MIB
from agent.simulator.estate.vm_storage import SUSPEND, SWAP, with_suspend_image, with_swap, without
from agent.simulator.objects import Estate
from agent.simulator.scenario_state import (
    protected_by_ha,
    set_guest,
    set_heartbeat,
    set_idle,
    set_layout,
    set_runtime,
    silence_guest,
    wake_guest,
)
from agent.simulator.schema import id_of

_event = vim.event


def _protection(on: bool) -> vim.vm.RuntimeInfo.DasProtectionState:
    return vim.vm.RuntimeInfo.DasProtectionState(dasProtected=on)


def mark_running(estate: Estate, vm: str, *, booted: bool) -> None:
    """The VM process runs: `powerState`, `bootTime` (only if it `booted`; a resume keeps it), swap file, protection."""
    config = estate.get(vm, "config")
    host = id_of(estate.get(vm, "runtime.host"))
    state = estate.get(vm, "runtime")
    overhead = (40 + 12 * config.hardware.numCPU + config.hardware.memoryMB // 110) * MIB
    set_runtime(
        estate,
        vm,
        powerState="poweredOn",
        bootTime=estate.now() if booted else state.bootTime,
        suspendTime=None,
        cleanPowerOff=None,
        memoryOverhead=overhead,
        dasVmProtection=_protection(True) if protected_by_ha(estate, host) else None,
    )
    folder = config.files.logDirectory
    size = (config.hardware.memoryMB - config.memoryAllocation.reservation) * MIB
    set_layout(estate, vm, with_swap(estate.get(vm, "layoutEx"), folder, config.name, size))


def mark_off(estate: Estate, vm: str, *, clean: bool) -> None:
    """The VM process is gone; `clean` is what `runtime.cleanPowerOff` says of it afterwards."""
    state = estate.get(vm, "runtime")
    silence_guest(estate, vm)
    set_runtime(
        estate,
        vm,
        powerState="poweredOff",
        bootTime=None,
        suspendTime=None,
        cleanPowerOff=clean,
        memoryOverhead=None,
        question=None,
        dasVmProtection=_protection(False) if state.dasVmProtection else None,
    )
    set_idle(estate, vm)
    set_layout(estate, vm, without(estate.get(vm, "layoutEx"), SWAP, SUSPEND))


def power_off(estate: Estate, vm: str, *, user: str = VENDOR) -> None:
    """Somebody pulls the plug."""
    with estate.lock:
        first = post(estate, _event.VmStoppingEvent, vm, "{vm} on host {host} in {datacenter} is stopping", user=user)
        mark_off(estate, vm, clean=True)
        post(
            estate,
            _event.VmPoweredOffEvent,
            vm,
            "{vm} on {host} in {datacenter} is powered off",
            user=user,
            chain=first.key,
        )


def power_on(estate: Estate, vm: str, *, user: str = VENDOR, guest: bool = True) -> None:
    """Start a VM, or resume it if it is suspended. Without `guest` its guest is silent until `guest_started`."""
    with estate.lock:
        resumed = estate.get(vm, "runtime.powerState") == "suspended"
        if resumed:
            message = "{vm} on {host} in {datacenter} is resumed"
            first = post(estate, _event.VmResumingEvent, vm, message, user=user)
        else:
            message = "{vm} on host {host} in {datacenter} is starting"
            first = post(estate, _event.VmStartingEvent, vm, message, user=user)
        mark_running(estate, vm, booted=not resumed)
        post(
            estate,
            _event.VmPoweredOnEvent,
            vm,
            "{vm} on {host} in {datacenter} is powered on",
            user=user,
            chain=first.key,
        )
        if guest:
            guest_started(estate, vm)


def guest_started(estate: Estate, vm: str) -> None:
    """The guest has booted: Tools run, the heartbeat is green, addresses and disks are reported."""
    with estate.lock:
        if estate.get(vm, "runtime.powerState") == "poweredOn":
            wake_guest(estate, vm)


def suspend(estate: Estate, vm: str, *, user: str = VENDOR) -> None:
    """Write the memory to a file and stop; `bootTime` stays."""
    with estate.lock:
        first = post(
            estate, _event.VmSuspendingEvent, vm, "{vm} on {host} in {datacenter} is being suspended", user=user
        )
        silence_guest(estate, vm)
        set_runtime(estate, vm, powerState="suspended", suspendTime=estate.now(), memoryOverhead=None)
        set_idle(estate, vm)
        config = estate.get(vm, "config")
        image = config.hardware.memoryMB * MIB
        layout = with_suspend_image(estate.get(vm, "layoutEx"), config.files.suspendDirectory, config.name, image)
        set_layout(estate, vm, layout)
        post(
            estate,
            _event.VmSuspendedEvent,
            vm,
            "{vm} on {host} in {datacenter} is suspended",
            user=user,
            chain=first.key,
        )


def guest_shutdown(estate: Estate, vm: str, *, user: str = VENDOR) -> None:
    """Ask the guest to shut down; it does, and the VM is off. The power-off carries no user: the guest did it."""
    with estate.lock:
        message = "Guest OS shut down for {vm} on {host} in {datacenter}"
        first = post(estate, _event.VmGuestShutdownEvent, vm, message, user=user)
        mark_off(estate, vm, clean=True)
        post(estate, _event.VmPoweredOffEvent, vm, "{vm} on {host} in {datacenter} is powered off", chain=first.key)


def reset(estate: Estate, vm: str, *, user: str = VENDOR, guest: bool = True) -> None:
    """Press the reset button: the power stays on. Without `guest` its guest is silent until `guest_started`."""
    with estate.lock:
        post(estate, _event.VmResettingEvent, vm, "{vm} on {host} in {datacenter} is reset", user=user)
        silence_guest(estate, vm)
        if guest:
            guest_started(estate, vm)


def guest_reboot(estate: Estate, vm: str, *, user: str = VENDOR, guest: bool = True) -> None:
    """Ask the guest to reboot; neither the power state nor `bootTime` changes."""
    with estate.lock:
        post(estate, _event.VmGuestRebootEvent, vm, "Guest OS reboot for {vm} on {host} in {datacenter}", user=user)
        silence_guest(estate, vm)
        if guest:
            guest_started(estate, vm)


def guest_crash(estate: Estate, vm: str) -> None:
    """The guest's kernel crashes: the VM is on, and nobody is home."""
    with estate.lock:
        silence_guest(estate, vm, heartbeat="red")
        set_guest(estate, vm, vary(estate.get(vm, "guest"), guestKernelCrashed=True))
        post(estate, _event.VmGuestOSCrashedEvent, vm, "{vm} on {host}: Guest operating system has crashed.")


def tools_stop(estate: Estate, vm: str) -> None:
    """VMware Tools end inside a guest that goes on running."""
    with estate.lock:
        silence_guest(estate, vm)


def heartbeat_lost(estate: Estate, vm: str) -> None:
    """The guest hangs: Tools are there and do not answer."""
    with estate.lock:
        set_heartbeat(estate, vm, "red")
