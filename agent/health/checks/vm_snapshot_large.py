from agent.health.catalogue import Faults, check
from agent.health.grading import at_least
from agent.health.look import Unseen
from agent.health.subjects import MACHINE, VM
from agent.health.wording import size
from agent.model.health import Fault, State
from agent.model.snapshot_size import snapshot_size_bytes
from agent.model.virtual_machine import VirtualMachine
from agent.model.vm_files import LayoutFile, LayoutSnapshot

_GIB = 1024**3


@check(VM, State.WARNING, State.CRITICAL, sees=("files", "snapshot_layout"), when=MACHINE)
def vm_snapshot_large(vm: VirtualMachine, *, warning_gib: float = 20, critical_gib: float = 40) -> Faults:
    """The snapshots of a VM take much space.

    Meaning: the files that came into being with its snapshots: changed blocks, memory images, states. Not the disks
    themselves.
    Impact: the datastore fills, and the removal reads and writes all of it.
    Ask the vendor: who pays for this space, and in which window will they be removed?
    """
    used = snapshot_size_bytes(vm)
    if used is None:
        raise Unseen(vm, "files")
    if state := at_least(used / _GIB, warning=warning_gib, critical=critical_gib):
        yield Fault(state, f"its snapshots take {size(used)}")


_STATE = LayoutFile(key=1, path="[SAN] erp/erp-Snapshot1.vmem", kind="snapshotMemory", size_bytes=64 * _GIB)
vm_snapshot_large.fires(files=(_STATE,), snapshot_layout=(LayoutSnapshot(data_key=2, memory_key=1),))
vm_snapshot_large.silent(files=(_STATE,), snapshot_layout=())
