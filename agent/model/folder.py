"""Folders and datacenters: where things hang."""

from typing import ClassVar

from agent.dataclass import dataclass
from agent.model.alarm import TriggeredAlarm
from agent.model.property import prop


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of any kind."""

    vsphere_type: ClassVar[str] = "vim.Folder"
    moid: str

    name: str | None = prop("name")
    parent: str | None = prop("parent")
    alarms: tuple[TriggeredAlarm, ...] | None = prop("triggeredAlarmState")


@dataclass(frozen=True, slots=True, kw_only=True)
class Datacenter:
    """A datacenter."""

    vsphere_type: ClassVar[str] = "vim.Datacenter"
    moid: str

    name: str | None = prop("name")
    parent: str | None = prop("parent")
    alarms: tuple[TriggeredAlarm, ...] | None = prop("triggeredAlarmState")
