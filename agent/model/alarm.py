"""Alarms: `triggeredAlarmState` on every managed entity, definitions from the AlarmManager."""

from datetime import datetime
from typing import ClassVar

from agent.dataclass import dataclass
from agent.model.property import prop


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggeredAlarm:
    """An alarm that stands at red or yellow on an entity; `alarm` is the definition's moid."""

    key: str | None = prop("key")
    entity: str | None = prop("entity")
    alarm: str | None = prop("alarm")
    status: str | None = prop("overallStatus")
    since: datetime | None = prop("time")
    acknowledged: bool | None = prop("acknowledged")
    acknowledged_by: str | None = prop("acknowledgedByUser")
    acknowledged_at: datetime | None = prop("acknowledgedTime")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmDefinition:
    """What an alarm is called and whether it can fire."""

    vsphere_type: ClassVar[str] = "vim.alarm.Alarm"
    moid: str
    name: str | None = prop("info.name")
    system_name: str | None = prop("info.systemName")
    description: str | None = prop("info.description")
    enabled: bool | None = prop("info.enabled")
