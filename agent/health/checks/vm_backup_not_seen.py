from agent.health.backup_accounts import BACKUP_ACCOUNTS, backed_up
from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look, Unseen
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, Reason, State
from agent.model.virtual_machine import VirtualMachine

_TASKS = frozenset({"TaskEvent"})


def _usual(look: Look, hours: float, accounts: tuple[str, ...]) -> frozenset[str] | None:
    """The VMs that were backed up; None where that is not how backups are made."""
    found = backed_up(look, hours, accounts)
    running = sum(vm.power_state == "poweredOn" and not vm.template for vm in look.inventory.vms.values())
    return found if 2 * len(found) >= running else None


@check(VM, State.WARNING, needs=("power_state",), events=_TASKS, when=RUNNING)
def vm_backup_not_seen(
    vm: VirtualMachine, look: Look, *, within_hours: float = 36, accounts: tuple[str, ...] = BACKUP_ACCOUNTS
) -> Faults:
    """No backup job touched a VM lately, though others were.

    Meaning: a backup begins with a snapshot by the backup account. There was none for this VM within that time. Where
    less than half of the running VMs were touched by such an account, backups are not made so, and nothing is said. RDMs in physical mode and shared buses can have none.
    Impact: its backup is missing, whatever the job's report says.
    Ask the vendor: is this server in a backup job, and where is the job's report of last night?
    """
    if not look.covers(within_hours):
        raise Unseen(vm, "power_state", reason=Reason.STALE, source=f"EventManager, the last {within_hours:g} h")
    found = look.once(_usual, within_hours, accounts)
    if found is not None and vm.moid not in found:
        yield Fault(State.WARNING, f"no backup was seen within {within_hours:g} hours")


def _backup_of(moid: str) -> Given:
    fields = {"info.descriptionId": "VirtualMachine.createSnapshot"}
    return Given(events=(happened("TaskEvent", vm=moid, user="KOMMUNE\\svc-veeam", fields=fields),))


_OTHER = VirtualMachine(
    moid="vm-2", name="other", template=False, power_state="poweredOff", connection_state="connected"
)
vm_backup_not_seen.fires(_OTHER, moid="vm-1", given=_backup_of("vm-2"))
vm_backup_not_seen.silent(moid="vm-1", given=_backup_of("vm-1"))
