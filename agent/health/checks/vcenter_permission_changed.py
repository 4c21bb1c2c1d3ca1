from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "PermissionAddedEvent",
        "PermissionUpdatedEvent",
        "PermissionRemovedEvent",
        "RoleAddedEvent",
        "RoleUpdatedEvent",
        "RoleRemovedEvent",
    }
)


@check(VCENTER, State.WARNING, events=_KINDS)
def vcenter_permission_changed(_vcenter: VCenter, look: Look, *, within_hours: float = 7 * 24) -> Faults:
    """Somebody changed who may do what in vCenter.

    Meaning: a permission or a role was added, altered or removed.
    Impact: other people can now get at our servers, or we cannot.
    Ask the vendor: for whom, why, and who approved it?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.WARNING, happening.newest.message or happening.newest.kind)


_GIVEN = happened("PermissionAddedEvent", user="DRIFT\\ole", message="Permission created for DRIFT\\temp on vm")
vcenter_permission_changed.fires(given=Given(events=(_GIVEN,)))
vcenter_permission_changed.silent(given=Given(events=()))
