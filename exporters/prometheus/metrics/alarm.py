"""Alarms that stand at red or yellow, one object each; an alarm that goes away takes its samples with it."""

from collections.abc import Iterable

from agent.model.alarm import TriggeredAlarm
from agent.model.inventory import Inventory
from exporters.prometheus.family import Family, gauge, state_set
from exporters.prometheus.section import Section, Sight, Subject

LABELS = ("vcenter", "alarm_id", "alarm_name", "entity_type", "entity_id", "entity_name")

FAMILIES: tuple[Family[TriggeredAlarm], ...] = (
    state_set(
        TriggeredAlarm,
        "vsphere_alarm_status",
        "The colour an alarm stands at.",
        "status",
        states=("yellow", "red"),
    ),
    gauge(
        TriggeredAlarm,
        "vsphere_alarm_triggered_timestamp_seconds",
        "Since when the alarm stands at its colour.",
        "since",
    ),
    gauge(
        TriggeredAlarm,
        "vsphere_alarm_acknowledged",
        "Whether somebody acknowledged the alarm in vCenter.",
        "acknowledged",
    ),
)


def _entity_type(inventory: Inventory, moid: str) -> str:
    """`vm`, `host`, … as metric names have it; empty for an entity that is not seen."""
    kinds = {
        "vm": inventory.vms,
        "host": inventory.hosts,
        "cluster": inventory.clusters,
        "compute_resource": inventory.compute_resources,
        "datastore": inventory.datastores,
        "storage_pod": inventory.storage_pods,
        "resource_pool": inventory.resource_pools,
        "network": inventory.networks,
        "switch": inventory.switches,
        "portgroup": inventory.portgroups,
        "folder": inventory.folders,
        "datacenter": inventory.datacenters,
    }
    return next((name for name, objects in kinds.items() if moid in objects), "")


def _subjects(sight: Sight) -> Iterable[Subject[TriggeredAlarm]]:
    inventory = sight.inventory
    for alarm in inventory.triggered_alarms():
        entity, definition = alarm.entity or "", inventory.alarm_definitions.get(alarm.alarm or "")
        labels = (
            sight.vcenter,
            alarm.alarm or "",
            (definition.name if definition else None) or "",
            _entity_type(inventory, entity),
            # a VM by the id that its own metrics carry, so that they can be joined
            sight.vm_ids.get(entity, entity),
            inventory.named(entity) or "",
        )
        yield Subject(f"{alarm.alarm}/{entity}", labels, alarm)


SECTION = Section(title="Alarms", labels=LABELS, families=FAMILIES, subjects=_subjects)
