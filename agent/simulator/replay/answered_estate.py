"""An estate made of what another vCenter answered: its objects by id, each with its properties as they were written."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from pyVmomi import vim

from agent.errors import AgentError
from agent.recording.elements import element_of
from agent.simulator.objects import Estate
from agent.simulator.replay.values import composed, moved, type_named
from agent.simulator.schema import id_of
from agent.simulator.service import ROOT_FOLDERS, SERVICE_TYPES, Kind, install
from agent.simulator.soap import parse

MANAGERS = (vim.PerformanceManager, vim.LicenseManager, vim.CustomFieldsManager)
"""Of the service objects, which the replay has of its own, those whose properties are another vCenter's."""
Objects = Mapping[tuple[str, str], Mapping[str, str]]
"""By wire name and id, the values by path."""


def fill(estate: Estate, objects: Objects, *, kind: Kind, about: str, shift: timedelta, source: str) -> None:
    """Put the objects into an empty estate, with the service objects that every vCenter has.

    Args:
        estate: Must be empty.
        objects: What it is made of; types that pyVmomi does not know are left out.
        kind: What it is.
        about: AboutInfo; empty: what the simulator says of itself.
        shift: How far times are moved.
        source: Where it comes from, for people.

    Raises:
        AgentError: it has no root folder.
    """
    managers: dict[Any, Mapping[str, str]] = {}
    for (wire_name, moid), values in objects.items():
        type_ = type_named(wire_name)
        if type_ in MANAGERS:
            managers[type_] = values
        elif type_ is not None and type_ not in SERVICE_TYPES:
            add(estate, type_, moid, values, shift)
    if not any(moid in estate for moid in ROOT_FOLDERS):
        raise AgentError(
            f"{source} has no root folder ({' or '.join(ROOT_FOLDERS)})",
            cure="it takes an account that sees the whole inventory, and as long as it takes to read everything once",
        )
    install(estate, kind)
    if about:
        (instance,) = estate.ids(vim.ServiceInstance)
        estate.set(instance, "content.about", parse(element_of(about), vim.AboutInfo))
    for type_, values in managers.items():
        for moid in estate.ids(type_):
            entry = estate.entry(moid)
            told = {path: moved(xml, shift) for path, xml in values.items()}
            entry.props.update(composed(type_, told))
            entry.verbatim.update(told)


def add(estate: Estate, type_: Any, moid: str, values: Mapping[str, str], shift: timedelta) -> None:
    """Add one object."""
    told = {path: moved(xml, shift) for path, xml in values.items()}
    estate.add(type_, moid, **composed(type_, told))
    entry = estate.entry(moid)
    entry.verbatim.update(told)
    entry.recorded = True


def let_tell_time(estate: Estate, host: str, ahead_s: float) -> None:
    """Let a host answer what time it is: `ahead_s` seconds more than vCenter's."""
    system = estate.get(host, "configManager.dateTimeSystem") if host in estate else None
    if system is None:
        return
    estate.clock_offsets[host] = ahead_s
    if id_of(system) not in estate:
        estate.add(vim.host.DateTimeSystem, id_of(system))


def assigned(assignments: Iterable[str], shift: timedelta) -> list[Any]:
    """LicenseAssignmentManagerLicenseAssignment elements as values."""
    type_ = vim.LicenseAssignmentManager.LicenseAssignment
    return [parse(element_of(moved(one, shift)), type_) for one in assignments]
