from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.example import ago
from agent.health.grading import at_least
from agent.health.look import Look
from agent.health.snapshots import is_of_backup
from agent.health.subjects import MACHINE, VM
from agent.health.wording import length
from agent.model.health import Fault, State
from agent.model.snapshot import SnapshotNode, flatten
from agent.model.virtual_machine import VirtualMachine

_DAY = timedelta(days=1)


@check(VM, State.WARNING, State.CRITICAL, needs=("snapshots",), when=MACHINE)
def vm_snapshot_old(vm: VirtualMachine, look: Look, *, warning_days: float = 3, critical_days: float = 7) -> Faults:
    """A VM has kept a snapshot for too long.

    Meaning: a snapshot is no backup. From the moment it is taken every write goes to a file beside the disk, which grows
    until the snapshot is deleted. Those of backup jobs have a limit of their own: vm_backup_snapshot_left.
    Impact: slower disks, a full datastore in the end, and the longer it stands the longer its removal takes.
    Ask the vendor: who took it, for which change, and when will it be deleted?
    """
    for _, snapshot in flatten(vm.snapshots):
        if snapshot.created is None or is_of_backup(snapshot):
            continue
        age = look.age(snapshot.created)
        if state := at_least(age / _DAY, warning=warning_days, critical=critical_days):
            yield Fault(state, f"snapshot {snapshot.name!r} is {length(age)} old", part=snapshot.moid or "")


vm_snapshot_old.fires(snapshots=(SnapshotNode(moid="snapshot-1", name="before patch", created=ago(days=9)),))
vm_snapshot_old.silent(snapshots=(SnapshotNode(moid="snapshot-1", name="today", created=ago(hours=2)),))
vm_snapshot_old.silent(snapshots=())
