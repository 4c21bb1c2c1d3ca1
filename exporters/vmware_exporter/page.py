"""The page that vmware_exporter would serve of one vCenter, made from what the agent knows: no call to vCenter."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from agent.dataclass import dataclass
from agent.model.virtual_machine import CustomValue
from agent.model.world import Target
from exporters.prometheus.family import Family
from exporters.prometheus.lines import SectionWriter, header_text
from exporters.prometheus.section import Section, Subject
from exporters.vmware_exporter.datastores import DATASTORE_ALARMS, DATASTORES
from exporters.vmware_exporter.hosts import HOST_ALARMS, HOST_COUNTERS, HOSTS
from exporters.vmware_exporter.seen import DATASTORE_LABELS, HOST_LABELS, VM_LABELS, Estate
from exporters.vmware_exporter.sensors import SENSORS
from exporters.vmware_exporter.virtual_machines import SNAPSHOTS, VM_ALARMS, VM_COUNTERS, VM_GUESTS, VMS

SECTIONS = ("vms", "vmguests", "datastores", "hosts", "snapshots")
"""What can be served or left out, as that program's `collect_only` has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of its families are served of one vCenter.

    `tags` adds the label of that name, `attributes` are custom attributes that become labels.
    """

    sections: frozenset[str] = frozenset(SECTIONS)
    alarms: bool = False
    tags: bool = False
    attributes: tuple[str, ...] = ()


def families(wanted: Wanted) -> Mapping[str, tuple[Family[Any], ...]]:
    """The families by kind of object, in the order of the page."""
    on = wanted.sections
    vm = {
        **({"vms": (*VMS, *VM_COUNTERS)} if "vms" in on else {}),
        **({"vmguests": VM_GUESTS} if "vmguests" in on else {}),
        **({"snapshots": SNAPSHOTS} if "snapshots" in on else {}),
    }
    return {
        "vm": _with_alarms([one for part in vm.values() for one in part], VM_ALARMS, wanted),
        "datastore": _with_alarms(DATASTORES if "datastores" in on else (), DATASTORE_ALARMS, wanted),
        "host": _with_alarms((*HOSTS, *SENSORS, *HOST_COUNTERS) if "hosts" in on else (), HOST_ALARMS, wanted),
    }


def render(target: Target, now: datetime, wanted: Wanted) -> bytes | None:
    """The page in the text format; None while nothing of this vCenter may be shown."""
    inventory = target.visible_inventory(now)
    if inventory is None:
        return None
    status = target.collectors.get("performance")
    stale = status is None or status.stale(now)
    estate = Estate(
        inventory=inventory,
        performance=None if stale else target.performance,
        attributes=wanted.attributes,
        labelling=target.labelling if wanted.tags else None,
    )
    chosen = families(wanted)
    return b"".join(
        (
            _part(estate, chosen["vm"], VM_LABELS, ((*one, one[2].vm.custom_values) for one in estate.vms())),
            _part(
                estate,
                chosen["datastore"],
                DATASTORE_LABELS,
                ((*one, one[2].datastore.custom_values) for one in estate.datastores()),
            ),
            _part(estate, chosen["host"], HOST_LABELS, ((*one, one[2].host.custom_values) for one in estate.hosts())),
        )
    )


def _with_alarms(
    found: Iterable[Family[Any]], alarms: tuple[Family[Any], ...], wanted: Wanted
) -> tuple[Family[Any], ...]:
    families = tuple(found)
    return (*families, *alarms) if families and wanted.alarms else families


def _part(
    estate: Estate,
    families: tuple[Family[Any], ...],
    labels: tuple[str, ...],
    objects: Iterable[tuple[str, tuple[str, ...], Any, tuple[CustomValue, ...] | None]],
) -> bytes:
    """All families of one kind of object; each HELP and TYPE is there even where there is no sample."""
    if not families:
        return b""
    seen = tuple(objects)
    attributes = estate.attribute_labels(held for *_, held in seen) if estate.attributes else {}
    tags = () if estate.labelling is None else ("tags",)
    section: Section[Estate, Any] = Section(
        title="", labels=(*labels, *tags, *attributes.values()), families=families, subjects=lambda _: ()
    )
    writer = SectionWriter(section)
    subjects = [
        Subject(moid, (*values, *estate.tag_values(moid), *estate.attribute_values(held, attributes)), record)
        for moid, values, record, held in seen
    ]
    identities, records = writer.identities(subjects), [subject.record for subject in subjects]
    return b"".join(
        header_text(family.name, family.kind.value, family.documentation) + writer.write(index, identities, records)
        for index, family in enumerate(families)
    )
