from collections.abc import Mapping

from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import Fault, State
from agent.model.host import HostSystem


def _by_moid(look: Look) -> Mapping[str, bool | None]:
    inventory = look.inventory
    slots = (inventory.vms, inventory.hosts, inventory.clusters, inventory.datastores)
    return {item.moid: item.alarm_actions_enabled for slot in slots for item in slot.values()}


@check(VCENTER, State.WARNING, needs=("api_type",), also=("ManagedEntity.alarmActionsEnabled",))
def alarm_actions_off(_vcenter: VCenter, look: Look) -> Faults:
    """Alarms on an object notify nobody.

    Meaning: alarm actions are switched off for it: it turns red, and no mail and no trap is sent. Mostly left over from
    some work.
    Impact: the vendor learns of a fault from us.
    Ask the vendor: who switched them off, when, and will you look for others?
    """
    for moid, enabled in look.once(_by_moid).items():
        if enabled is False:
            yield Fault(State.WARNING, "its alarms notify nobody", on=moid)


alarm_actions_off.fires(HostSystem(moid="host-1", name="esx1", alarm_actions_enabled=False))
alarm_actions_off.silent(HostSystem(moid="host-1", name="esx1", alarm_actions_enabled=True))
