from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.grading import at_least
from agent.health.look import Look
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine

_READ, _WRITE = "virtualDisk.totalReadLatency.average", "virtualDisk.totalWriteLatency.average"


@check(VM, State.WARNING, State.CRITICAL, counters=(_READ, _WRITE), when=RUNNING, lasting_minutes=15)
def vm_disk_latency_high(vm: VirtualMachine, look: Look, *, warning_ms: float = 20, critical_ms: float = 50) -> Faults:
    """The disks of a VM answer slowly.

    Meaning: the mean time of a read or a write on its slowest virtual disk, over a quarter of an hour.
    Impact: every program that waits for a disk is slow, databases first.
    Ask the vendor: is it the array, the path or the neighbours, and which latency does the contract promise?
    """
    read, write = look.mean(vm, _READ), look.mean(vm, _WRITE)
    if state := at_least(max(read, write), warning=warning_ms, critical=critical_ms):
        yield Fault(state, f"a read takes {read:.0f} ms, a write {write:.0f} ms on its slowest disk")


vm_disk_latency_high.fires(given=Given(counters={_READ: 61, _WRITE: 8}))
vm_disk_latency_high.silent(given=Given(counters={_READ: 3, _WRITE: 1}))
