from dataclasses import replace
from datetime import timedelta
from typing import Any

from agent.health.catalogue import Faults, check
from agent.health.example import ago
from agent.health.look import Look
from agent.health.subjects import ENTITY
from agent.health.wording import length
from agent.model.alarm import TriggeredAlarm
from agent.model.health import Fault, State


@check(ENTITY, State.WARNING, needs=("alarms",), also=("triggeredAlarmState of every other object", "Alarm.info.name"))
def alarm_acknowledged_open(item: Any, look: Look, *, warning_days: float = 7) -> Faults:
    """An alarm was acknowledged long ago, and still stands.

    Meaning: somebody said that they saw it, and it is not solved.
    Impact: "acknowledged" hides it from the list of new alarms: it is easily forgotten.
    Ask the vendor: what is being done about it, and until when?
    """
    for alarm in item.alarms or ():
        if alarm.entity != item.moid or not alarm.acknowledged or alarm.acknowledged_at is None:
            continue
        age = look.age(alarm.acknowledged_at)
        if age >= timedelta(days=warning_days):
            definition = look.inventory.alarm_definitions.get(alarm.alarm or "")
            name = (definition.name if definition else None) or alarm.alarm
            words = f"alarm {name!r} was acknowledged {length(age)} ago by {alarm.acknowledged_by or 'somebody'}"
            yield Fault(State.WARNING, f"{words}, and is still {alarm.status}", part=alarm.alarm or "")


_OPEN = TriggeredAlarm(
    key="1",
    entity="vm-1",
    alarm="alarm-1",
    status="yellow",
    acknowledged=True,
    acknowledged_at=ago(days=20),
    acknowledged_by="DRIFT\\ole",
)
alarm_acknowledged_open.fires(moid="vm-1", alarms=(_OPEN,))
alarm_acknowledged_open.silent(moid="vm-1", alarms=(replace(_OPEN, acknowledged_at=ago(days=2)),))
