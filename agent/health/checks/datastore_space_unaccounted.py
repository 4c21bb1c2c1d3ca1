from collections import defaultdict
from collections.abc import Mapping

from agent.health.catalogue import Faults, check
from agent.health.look import Look, known
from agent.health.subjects import DATASTORE
from agent.health.wording import size
from agent.model.datastore import Datastore
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine
from agent.model.vm_files import LayoutFile


def _used(look: Look) -> Mapping[str, int]:
    """Bytes of all files of all VMs that are seen, by the name of the datastore; a file of two VMs counts once.

    Raises:
        Unseen: of some VM the files are not known.
    """
    found: defaultdict[str, int] = defaultdict(int)
    counted: set[str] = set()
    for vm in look.inventory.vms.values():
        for file in known(vm, "files"):
            path = file.path or ""
            if path[:1] == "[" and path not in counted and (end := path.find("]")) > 1:
                counted.add(path)
                found[path[1:end]] += file.size_bytes or 0
    return found


@check(
    DATASTORE,
    State.INFO,
    State.WARNING,
    needs=("capacity_bytes", "free_bytes"),
    also=("VirtualMachine.layoutEx.file",),
)
def datastore_space_unaccounted(
    datastore: Datastore, look: Look, *, info_percent: float = 10, warning_percent: float = 25
) -> Faults:
    """Space on a datastore is used by no VM that we see.

    Meaning: used space less the files of all visible VMs, as a share of the capacity. What is left are files of deleted
    VMs, ISO images, other customers' VMs, or the storage's own overhead. It needs no right to browse the datastore.
    Impact: space that somebody pays for.
    Ask the vendor: what lies there? Please list the files that belong to no registered VM.
    """
    capacity, free = datastore.capacity_bytes or 0, datastore.free_bytes or 0
    if capacity <= 0:
        return
    rest = capacity - free - look.once(_used).get(datastore.name or "", 0)
    share = 100 * rest / capacity
    if share >= info_percent:
        state = State.WARNING if share >= warning_percent else State.INFO
        yield Fault(state, f"{size(rest)} ({share:.0f} % of it) belong to no VM that is seen")


_TIB = 1024**4
_VM = VirtualMachine(moid="vm-1", files=(LayoutFile(path="[example] erp/erp-flat.vmdk", size_bytes=_TIB // 4),))
datastore_space_unaccounted.fires(_VM, capacity_bytes=_TIB, free_bytes=_TIB // 4)
datastore_space_unaccounted.silent(_VM, capacity_bytes=_TIB, free_bytes=3 * _TIB // 4)
