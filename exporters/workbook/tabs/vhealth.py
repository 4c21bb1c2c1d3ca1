"""vHealth: what the health checks found, and what they could not judge; of a past day: alarms, configuration issues, gaps."""

from collections.abc import Iterable
from typing import NamedTuple

from agent.model.health import HealthReport, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import VirtualMachine
from exporters.workbook.sheet import Columns, Tab
from exporters.workbook.source import Source


class _Row(NamedTuple):
    source: Source
    name: str | None
    message: str | None
    kind: str
    state: str | None = None


def _rows(source: Source) -> Iterable[_Row]:
    if source.target.health is not None:
        yield from _checked(source, source.target.health)
        return
    yield from _alarms(source)
    yield from _issues(source)
    yield from _unreadable(source)


def _checked(source: Source, report: HealthReport) -> Iterable[_Row]:
    for finding in report.findings:
        known = finding.acknowledged
        why = f" (acknowledged until {known.until:%Y-%m-%d}: {known.reason})" if known is not None else ""
        yield _Row(source, finding.object_name, f"{finding.message}{why}", finding.check, finding.state.value)
    for gap in report.gaps:
        lacks = f", lacks {gap.privilege}" if gap.privilege is not None else ""
        message = f"not judged: {gap.source} ({gap.reason.value}{lacks})"
        yield _Row(source, ", ".join(gap.objects) or None, message, gap.check, State.UNKNOWN.value)


def _alarms(source: Source) -> Iterable[_Row]:
    definitions = source.inventory.alarm_definitions
    for alarm in source.inventory.triggered_alarms():
        known = definitions.get(alarm.alarm or "")
        name = known.name if known is not None else alarm.alarm
        seen = " (acknowledged)" if alarm.acknowledged else ""
        message = f"Alarm {name}: {alarm.status}{seen}"
        yield _Row(source, source.inventory.named(alarm.entity) or alarm.entity, message, "Alarm")


def _issues(source: Source) -> Iterable[_Row]:
    items: list[HostSystem | VirtualMachine] = [*source.hosts(), *source.vms()]
    for item in items:
        for issue in item.config_issues or ():
            yield _Row(source, item.name or item.moid, issue.message or issue.kind, "Configuration issue")


def _unreadable(source: Source) -> Iterable[_Row]:
    for gap in source.inventory.unreadable:
        lacks = f", lacks {gap.privilege}" if gap.privilege is not None else ""
        name = source.inventory.named(gap.moid) or gap.moid or gap.vsphere_type
        yield _Row(source, name, f"{gap.vsphere_type}.{gap.path} cannot be read ({gap.fault}{lacks})", "Not readable")


_COLUMNS: Columns[_Row] = (
    ("Name", lambda row: row.name),
    ("Message", lambda row: row.message),
    ("Message type", lambda row: row.kind),
    ("State", lambda row: row.state),
    ("VI SDK Server", lambda row: row.source.server),
    ("VI SDK UUID", lambda row: row.source.uuid),
)

TAB = Tab(name="vHealth", rows=_rows, columns=_COLUMNS)
