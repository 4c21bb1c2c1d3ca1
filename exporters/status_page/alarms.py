"""The table of triggered alarms, newest first."""

from datetime import datetime

from agent.dataclass import dataclass
from agent.model.alarm import TriggeredAlarm
from exporters.status_page.columns import Words, instant, text, words
from exporters.status_page.seen import Seen
from exporters.status_page.table import Layout, Level

STATUS_WORDS: Words = {
    "red": ("red", Level.BAD),
    "yellow": ("yellow", Level.WARNING),
    "green": ("green", Level.OK),
    "gray": ("gray", Level.UNKNOWN),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """An alarm with the names of what it stands on and of its definition, where they may be read."""

    source: Seen
    alarm: TriggeredAlarm
    entity_name: str | None
    alarm_name: str | None


def alarm_rows(sources: tuple[Seen, ...]) -> list[AlarmRow]:
    """Every alarm that stands now, once."""
    rows = []
    for source in sources:
        for alarm in source.inventory.triggered_alarms():
            definition = source.inventory.alarm_definitions.get(alarm.alarm or "")
            rows.append(
                AlarmRow(
                    source=source,
                    alarm=alarm,
                    entity_name=source.inventory.named(alarm.entity) or alarm.entity,
                    alarm_name=(definition.name if definition else None) or alarm.alarm,
                )
            )
    return rows


def alarm_layout(now: datetime) -> Layout[AlarmRow]:
    """What, where, since when, and whether someone took it."""
    return Layout(
        key="alarm",
        title="Alarms",
        columns=(
            words("status", "Status", lambda row: row.alarm.status, STATUS_WORDS),
            text("alarm", "Alarm", lambda row: row.alarm_name),
            text("entity", "Object", lambda row: row.entity_name),
            instant("since", "Since", lambda row: row.alarm.since, now),
            text("acknowledged", "Acknowledged", lambda row: _acknowledgement(row.alarm)),
            text("vcenter", "vCenter", lambda row: row.source.target.name),
        ),
        order="-since",
        empty="No alarm is triggered.",
        stale=lambda row: row.source.stale,
    )


def _acknowledgement(alarm: TriggeredAlarm) -> str | None:
    if alarm.acknowledged and alarm.acknowledged_by:
        return f"by {alarm.acknowledged_by}"
    return None if alarm.acknowledged is None else "yes" if alarm.acknowledged else "no"
