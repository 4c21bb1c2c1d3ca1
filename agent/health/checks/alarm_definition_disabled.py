from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.alarm import AlarmDefinition
from agent.model.health import Fault, State


@check(VCENTER, State.INFO, needs=("api_type",), also=("Alarm.info.enabled",))
def alarm_definition_disabled(_vcenter: VCenter, look: Look) -> Faults:
    """An alarm of vCenter's is switched off.

    Meaning: its definition is there and disabled: it watches nothing.
    Impact: the fault that it is for is not noticed by the vendor's monitoring.
    Ask the vendor: why is it off, and what takes its place?
    """
    for definition in look.inventory.alarm_definitions.values():
        if definition.enabled is False:
            yield Fault(State.INFO, f"alarm {definition.name!r} is disabled", part=definition.moid)


_OFF = AlarmDefinition(moid="alarm-9", name="Host hardware power status", enabled=False)
alarm_definition_disabled.fires(given=Given(inventory={"alarm_definitions": {"alarm-9": _OFF}}))
alarm_definition_disabled.silent(given=Given(inventory={"alarm_definitions": {}}))
