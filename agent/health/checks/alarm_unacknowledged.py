from dataclasses import replace
from types import MappingProxyType
from typing import Any

from agent.health.catalogue import Faults, check
from agent.health.example import ago
from agent.health.look import Look
from agent.health.subjects import ENTITY
from agent.health.wording import length
from agent.model.alarm import TriggeredAlarm
from agent.model.health import Fault, State

_COLOURS = MappingProxyType({"red": State.CRITICAL, "yellow": State.WARNING})


@check(
    ENTITY,
    State.WARNING,
    State.CRITICAL,
    needs=("alarms",),
    also=("triggeredAlarmState of every other object", "Alarm.info.name"),
    lasting_minutes=15,
)
def alarm_unacknowledged(item: Any, look: Look) -> Faults:
    """An alarm of vCenter's stands, and nobody has acknowledged it.

    Meaning: the vendor's own monitoring is yellow or red on this object, and nobody has said that they saw it.
    Impact: as the alarm says; and the time until somebody acknowledges is the time in which nobody works on it.
    Ask the vendor: who watches the alarms, and why was this one not taken up since then?
    """
    for alarm in item.alarms or ():
        state = _COLOURS.get(alarm.status or "")
        if alarm.entity == item.moid and state is not None and not alarm.acknowledged:
            definition = look.inventory.alarm_definitions.get(alarm.alarm or "")
            name = (definition.name if definition else None) or alarm.alarm
            age = f" for {length(look.age(alarm.since))}" if alarm.since else ""
            yield Fault(state, f"alarm {name!r} is {alarm.status}{age}, not acknowledged", part=alarm.alarm or "")


_RED = TriggeredAlarm(key="1", entity="vm-1", alarm="alarm-1", status="red", since=ago(hours=41), acknowledged=False)
alarm_unacknowledged.fires(moid="vm-1", alarms=(_RED,))
alarm_unacknowledged.silent(moid="vm-1", alarms=(replace(_RED, acknowledged=True),))
