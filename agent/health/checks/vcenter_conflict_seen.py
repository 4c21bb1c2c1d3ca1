from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {"VmMacConflictEvent", "VmStaticMacConflictEvent", "VmUuidConflictEvent", "DuplicateIpDetectedEvent"}
)


@check(VCENTER, State.WARNING, events=_KINDS)
def vcenter_conflict_seen(_vcenter: VCenter, look: Look, *, within_hours: float = 7 * 24) -> Faults:
    """VCenter saw an address or an identity twice.

    Meaning: two VMs with one MAC address or UUID, or two machines with a host's IP address.
    Impact: packets, backups or heartbeats reach the wrong one.
    Ask the vendor: which of the two is wrong?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.WARNING, happening.newest.message or happening.newest.kind)


_TWICE = happened("VmMacConflictEvent", vm="vm-1", vm_name="erp", message="The MAC address of erp conflicts")
vcenter_conflict_seen.fires(given=Given(events=(_TWICE,)))
vcenter_conflict_seen.silent(given=Given(events=()))
