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

_HOUR = timedelta(hours=1)


@check(VM, State.WARNING, State.CRITICAL, needs=("snapshots",), when=MACHINE)
def vm_backup_snapshot_left(
    vm: VirtualMachine, look: Look, *, warning_hours: float = 24, critical_hours: float = 72
) -> Faults:
    """A backup job has left its snapshot behind.

    Meaning: backup products take a snapshot, copy, and delete it, within minutes to hours. One that stays is a job that
    was broken off, or whose cleaning up failed. Told by the names that the known products give.
    Impact: as for any snapshot; and the backup of that night is in doubt.
    Ask the vendor: did this job end well, is there a restore point from it, and why was the snapshot not removed?
    """
    for _, snapshot in flatten(vm.snapshots):
        if snapshot.created is None or not is_of_backup(snapshot):
            continue
        age = look.age(snapshot.created)
        if state := at_least(age / _HOUR, warning=warning_hours, critical=critical_hours):
            yield Fault(state, f"backup snapshot {snapshot.name!r} is {length(age)} old", part=snapshot.moid or "")


_LEFT = SnapshotNode(moid="snapshot-1", name="VEEAM BACKUP TEMPORARY SNAPSHOT", created=ago(hours=30))
_AT_WORK = SnapshotNode(moid="snapshot-1", name="VEEAM BACKUP TEMPORARY SNAPSHOT", created=ago(minutes=25))
vm_backup_snapshot_left.fires(snapshots=(_LEFT,))
vm_backup_snapshot_left.silent(snapshots=(_AT_WORK,))
