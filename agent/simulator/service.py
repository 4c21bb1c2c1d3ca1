"""The objects every vCenter or ESXi host has: the service instance and what its content refers to."""

import uuid
from collections.abc import Callable
from typing import Any, Literal

from pyVmomi import vim, vmodl

from agent.simulator.authorization import roles
from agent.simulator.counters import counter_infos, historical_intervals
from agent.simulator.event_catalogue import event_description
from agent.simulator.objects import Estate
from agent.simulator.sessions import SESSION_MANAGERS

Kind = Literal["vcenter", "esxi"]

ROOT_FOLDERS = ("group-d1", "ha-folder-root")
# For each field of the service content: the type of the object and its ids on vCenter and on ESXi.
_MANAGERS: dict[str, tuple[Any, str, str]] = {
    "propertyCollector": (vmodl.query.PropertyCollector, "propertyCollector", "ha-property-collector"),
    "viewManager": (vim.view.ViewManager, "ViewManager", "ViewManager"),
    "setting": (vim.option.OptionManager, "VpxSettings", "HostAgentSettings"),
    "sessionManager": (vim.SessionManager, *SESSION_MANAGERS),
    "authorizationManager": (vim.AuthorizationManager, "AuthorizationManager", "ha-authmgr"),
    "perfManager": (vim.PerformanceManager, "PerfMgr", "ha-perfmgr"),
    "eventManager": (vim.event.EventManager, "EventManager", "ha-eventmgr"),
    "taskManager": (vim.TaskManager, "TaskManager", "ha-taskmgr"),
    "licenseManager": (vim.LicenseManager, "LicenseManager", "ha-license-manager"),
    "searchIndex": (vim.SearchIndex, "SearchIndex", "ha-searchindex"),
}
_ONLY_VCENTER: dict[str, tuple[Any, str]] = {
    "alarmManager": (vim.alarm.AlarmManager, "AlarmManager"),
    "customFieldsManager": (vim.CustomFieldsManager, "CustomFieldsManager"),
    "extensionManager": (vim.ExtensionManager, "ExtensionManager"),
}
LICENCE_ASSIGNMENTS = "LicenseAssignmentManager"
INSTANCE = "ServiceInstance"
SERVICE_TYPES: frozenset[Any] = frozenset(
    {one[0] for one in (*_MANAGERS.values(), *_ONLY_VCENTER.values())}
    | {vim.ServiceInstance, vim.LicenseAssignmentManager}
)
"""The types of the objects that `install` makes."""


def root_folder(estate: Estate) -> str:
    """The id of the inventory's root folder; KeyError when the estate has none."""
    for moid in ROOT_FOLDERS:
        if moid in estate:
            return moid
    raise KeyError("the estate has no root folder")


def install(estate: Estate, kind: Kind) -> None:
    """Add the service objects that the estate does not have yet.

    Its root folder must be there: group-d1 on a vCenter, ha-folder-root on an ESXi host; else KeyError.
    """
    chosen = {name: (type_, esxi if kind == "esxi" else vcenter) for name, (type_, vcenter, esxi) in _MANAGERS.items()}
    if kind == "vcenter":
        chosen |= _ONLY_VCENTER
    props = _properties(estate, kind)
    for name, (type_, moid) in chosen.items():
        if moid not in estate:
            estate.add(type_, moid, **props.get(name, {}))
    if kind == "vcenter" and LICENCE_ASSIGNMENTS not in estate:
        estate.add(vim.LicenseAssignmentManager, LICENCE_ASSIGNMENTS)
    if INSTANCE not in estate:
        content = vim.ServiceInstanceContent(
            rootFolder=vim.Folder(root_folder(estate)),
            about=about(estate.seed, kind),
            **{name: type_(moid) for name, (type_, moid) in chosen.items()},
        )
        estate.add(vim.ServiceInstance, INSTANCE, content=content, serverClock=estate.now)


def about(seed: int, kind: Kind) -> vim.AboutInfo:
    """What the product says of itself; `instanceUuid` follows from the estate's seed."""
    esxi = kind == "esxi"
    name = "VMware ESXi" if esxi else "VMware vCenter Server"
    build = "24022510" if esxi else "24022515"
    return vim.AboutInfo(
        name=name,
        fullName=f"{name} 8.0.3 build-{build}",
        vendor="VMware, Inc.",
        version="8.0.3",
        patchLevel="00000",
        build=build,
        localeVersion="INTL",
        localeBuild="000",
        osType="vmnix-x86" if esxi else "linux-x64",
        productLineId="embeddedEsx" if esxi else "vpx",
        apiType="HostAgent" if esxi else "VirtualCenter",
        apiVersion="8.0.3.0",
        instanceUuid=None if esxi else str(uuid.uuid5(uuid.NAMESPACE_URL, f"simulated-vcenter-{seed}")),
        licenseProductName="VMware ESX Server" if esxi else "VMware VirtualCenter Server",
        licenseProductVersion="8.0",
    )


def _properties(estate: Estate, kind: Kind) -> dict[str, dict[str, Any]]:
    assignments = vim.LicenseAssignmentManager(LICENCE_ASSIGNMENTS) if kind == "vcenter" else None
    return {
        "setting": {"setting": _settings(estate)},
        "sessionManager": {"defaultLocale": "en", "messageLocaleList": ["en"], "supportedLocaleList": ["en"]},
        "authorizationManager": {"roleList": roles()},
        "perfManager": {
            "perfCounter": counter_infos(),
            "historicalInterval": historical_intervals() if kind == "vcenter" else [],
            "description": vim.PerformanceDescription(
                counterType=[_described(name) for name in ("absolute", "delta", "rate")],
                statsType=[
                    _described(name) for name in ("average", "latest", "maximum", "minimum", "none", "summation")
                ],
            ),
        },
        "eventManager": {
            "description": event_description(),
            "latestEvent": lambda: estate.events[-1] if estate.events else None,
            "maxCollector": 32,
        },
        "taskManager": {"recentTask": [], "maxCollector": 32},
        "licenseManager": {
            "source": vim.LicenseManager.LocalLicense(licenseKeys=""),
            "sourceAvailable": True,
            "licenses": lambda: _licences(estate),
            "licenseAssignmentManager": assignments,
            "licensedEdition": "",
        },
        "customFieldsManager": {"field": []},
        "alarmManager": {"defaultExpression": []},
        "extensionManager": {"extensionList": []},
    }


def _settings(estate: Estate) -> Callable[[], list[Any]]:
    return lambda: [vim.option.OptionValue(key=key, value=value) for key, value in sorted(estate.options.items())]


def _licences(estate: Estate) -> list[Any]:
    """Each assigned licence once."""
    return list({one.assignedLicense.licenseKey: one.assignedLicense for one in estate.licence_assignments}.values())


def _described(name: str) -> vim.ElementDescription:
    return vim.ElementDescription(key=name, label=name.capitalize(), summary=name.capitalize())
