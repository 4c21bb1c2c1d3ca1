from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"com.vmware.applmgmt.backup.job.failed.event"})


@check(VCENTER, State.WARNING, events=_KINDS)
def vcenter_backup_failed(_vcenter: VCenter, look: Look, *, within_hours: float = 7 * 24) -> Faults:
    """The vCenter appliance's backup of itself failed.

    Meaning: its own file-based backup, which is the way to rebuild it. vCenter 8.0 U3 and later tell it as an event.
    Impact: after the loss of vCenter, nobody can put together the clusters' settings again.
    Ask the vendor: since when does it fail, and when was a restore last tried?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.WARNING, "the appliance's backup of itself failed")


vcenter_backup_failed.fires(given=Given(events=(happened("com.vmware.applmgmt.backup.job.failed.event"),)))
vcenter_backup_failed.silent(given=Given(events=()))
