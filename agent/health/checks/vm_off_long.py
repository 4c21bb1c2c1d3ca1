from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look, Unseen
from agent.health.subjects import OFF, VM
from agent.health.wording import length
from agent.model.health import Fault, Reason, State
from agent.model.virtual_machine import VirtualMachine

_SWITCHED_OFF = frozenset({"VmPoweredOffEvent", "VmGuestShutdownEvent", "DrsVmPoweredOffEvent"})


@check(VM, State.INFO, needs=("power_state",), also=("event VmPoweredOffEvent",), when=OFF)
def vm_off_long(vm: VirtualMachine, look: Look, *, after_days: float = 7) -> Faults:
    """A VM has been off for a long time.

    Meaning: it was last switched off longer ago than that, by vCenter's events. It still has its disks, and its price.
    Impact: storage and licences that are paid for and not used.
    Ask the vendor: for us to decide first: is it still wanted? Then: what is charged for a server that is off?
    """
    event = look.newest_event(vm.moid, _SWITCHED_OFF)
    if event is not None:
        age = look.age(event.created)
        if age > timedelta(days=after_days):
            yield Fault(State.INFO, f"off for {length(age)}")
    elif look.covers(24 * after_days):
        yield Fault(State.INFO, f"off for more than {after_days:g} days")
    else:
        raise Unseen(vm, "power_state", reason=Reason.STALE, source=f"EventManager, the last {after_days:g} days")


vm_off_long.fires(power_state="poweredOff")
vm_off_long.silent(moid="vm-7", given=Given(events=(happened("VmPoweredOffEvent", vm="vm-7"),)))
