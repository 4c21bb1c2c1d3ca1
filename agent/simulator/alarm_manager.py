"""AlarmManager: alarm definitions and the state of each on an entity."""

from typing import Any

from pyVmomi import vim

from agent.simulator.call import Call


def GetAlarm(call: Call, entity: Any) -> Any:
    """All alarm definitions, or those defined on one entity."""
    found = []
    for moid in call.estate.ids(vim.alarm.Alarm):
        entry = call.estate.entry(moid)
        defined_on = entry.read("info.entity")
        if (entity is None or defined_on == entity) and (
            defined_on is None or call.server.access.sees(call.user, defined_on)
        ):
            found.append(entry.ref)
    return found


def GetAlarmState(call: Call, entity: Any) -> Any:
    """The state of every alarm on one entity (`declaredAlarmState`)."""
    return call.find(entity).root("declaredAlarmState") or []
