"""Everything that needs something of vCenter, with what it needs: metrics, health checks, commands."""

from collections.abc import Iterable, Iterator, Mapping

import click

from agent.cli.program import program
from agent.health.catalogue import Check, catalogue
from agent.model.account import NO_NEED, Feature
from agent.model.counter_uses import WIRE_TYPES
from agent.vcenter.account import EVENTS, RETENTION, TAGS
from agent.vcenter.privileges import privilege_of, privileges_of
from exporters.prometheus.catalogue import families
from exporters.prometheus.family import Family

_ENTITIES = ("VirtualMachine", "HostSystem", "ClusterComputeResource", "Datastore", "ResourcePool", "Folder")
_EVERYTHING = (*_ENTITIES, "StoragePod", "Network", "AlarmManager", "LicenseManager", "CustomFieldsManager")
_LEDGER = (
    EVENTS,
    RETENTION,
    "VirtualMachine.runtime.powerState",
    "VirtualMachine.runtime.connectionState",
    "VirtualMachine.guestHeartbeatStatus",
    "HostSystem.runtime.connectionState",
    "Datastore.summary.accessible",
    "QueryPerf sys.uptime.latest",
)
_IN_WORDS: Mapping[str, tuple[str, ...]] = {
    "ledger": _LEDGER,
    "contract": _LEDGER,
    "the ledger's event lag": (EVENTS,),
    "OptionManager.event.maxAge": (RETENTION,),
    "triggeredAlarmState of every other object": ("Folder.triggeredAlarmState", "ResourcePool.triggeredAlarmState"),
    "REST cis/tagging/tag-association": (TAGS,),
    **dict.fromkeys(
        (
            "the agent's collectors",
            "properties that cannot be decoded",
            "PropertyCollector missingSet",
        ),
        (),
    ),
}
"""Sources that are no property, counter or operation: what they need of vCenter."""
_TRIED = (EVENTS, RETENTION, TAGS, *_EVERYTHING)
_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "config check": ("VirtualMachine.name", "HostSystem.name"),
    "ledger outages": _LEDGER,
    "ledger vm": _LEDGER,
    "ledger events": (EVENTS,),
    **dict.fromkeys(
        (
            "completion",
            "config schema",
            "dashboards export",
            "demo",
            "doctor",
            "ledger backup",
            "ledger export",
            "ledger verify",
            "migrate",
            "simulate",
            "web check",
            "web hash-password",
        ),
        (),
    ),
}
_ALL_THAT_IS_READ = (*_EVERYTHING, *_LEDGER)
"""What a command needs that is not among those above: better to say too much than that it works."""


def features() -> tuple[Feature, ...]:
    """All of them: metrics in the order of their page, then checks, then commands by name."""
    checks = tuple(_check(one) for one in catalogue().values())
    of_all = tuple(dict.fromkeys(need for one in checks for need in one.needs))
    needed = {**_COMMANDS, "health": of_all}
    return (*(_metric(family) for _, family in families()), *checks, *_commands(program, (), needed))


def privileges(wanted: Iterable[Feature]) -> Mapping[str, str]:
    """The privilege of each need: by pyVmomi's tables, and where they know nothing of it, as its check says."""
    declared = {need: one.privilege for one in catalogue().values() for need in _check(one).needs}
    return {**declared, **privileges_of(need for one in wanted for need in one.needs)}


def _check(one: Check) -> Feature:
    needs = (need for source in one.sources for need in _needs(source, one.name))
    return Feature(kind="check", name=one.name, needs=tuple(dict.fromkeys(needs)))


def _metric(family: Family[object]) -> Feature:
    needs = [need for origin in family.source for need in _needs(origin.text, family.name)]
    return Feature(kind="metric", name=family.name, needs=tuple(dict.fromkeys(needs)))


def _needs(source: str, metric: str) -> Iterable[str]:
    if source in _IN_WORDS:
        return _IN_WORDS[source]
    if source == "health checks":
        return (need for one in catalogue().values() for need in _check(one).needs)
    kind, _, path = source.partition(".")
    if kind.endswith("Event") or source.startswith(("EventManager", "event ")):
        return (EVENTS,)
    if kind == "ManagedEntity":
        return (f"{one}.{path}" for one in _ENTITIES)
    if source.startswith("QueryPerf "):
        of = next((wire for known, wire in WIRE_TYPES.items() if metric.startswith(f"vsphere_{known}_")), None)
        return (source,) if of is None else (f"{of}.{source}",)
    if kind not in NO_NEED and source not in _TRIED and privilege_of(source) is None:
        return _LEDGER  # what is set against the vendor's own papers
    return (source,)


def _commands(group: click.Group, above: tuple[str, ...], needed: Mapping[str, tuple[str, ...]]) -> Iterator[Feature]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _commands(command, (*above, name), needed)
        else:
            called = " ".join((*above, name))
            yield Feature(kind="command", name=called, needs=needed.get(called, _ALL_THAT_IS_READ))
