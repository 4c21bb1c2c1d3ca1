from agent.health.catalogue import Faults, check
from agent.health.grading import at_least
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.snapshot import SnapshotNode, flatten
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, State.CRITICAL, needs=("snapshots",), when=MACHINE)
def vm_snapshot_many(vm: VirtualMachine, *, warning_count: float = 3, critical_count: float = 8) -> Faults:
    """A VM has many snapshots.

    Meaning: each of them is one more file that a read may have to look through; vSphere's limit is 32.
    Impact: slow disks, and a removal that takes hours.
    Ask the vendor: which of them are still wanted, and in which window will you remove the others?
    """
    count = sum(1 for _ in flatten(vm.snapshots))
    if state := at_least(count, warning=warning_count, critical=critical_count):
        yield Fault(state, f"has {count} snapshots")


_CHAIN = SnapshotNode(name="1", children=(SnapshotNode(name="2", children=(SnapshotNode(name="3"),)),))
vm_snapshot_many.fires(snapshots=(_CHAIN,))
vm_snapshot_many.silent(snapshots=(SnapshotNode(name="1"),))
