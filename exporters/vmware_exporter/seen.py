"""What vmware_exporter's families are made from: each object with its labels, its newest counters and its alarms."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import NamedTuple, TypeVar

from agent.dataclass import dataclass
from agent.model.alarm import TriggeredAlarm
from agent.model.datastore import Datastore
from agent.model.host import HostSystem
from agent.model.inventory import Inventory
from agent.model.labelling import Labelling
from agent.model.performance import EntityPerformance, Performance
from agent.model.placement import datacenter_of
from agent.model.virtual_machine import CustomValue, VirtualMachine
from exporters.prometheus.section import Sight

NOT_KNOWN = "n/a"
"""What that program writes where it knows nothing better."""
VM_LABELS = ("vm_name", "ds_name", "host_name", "dc_name", "cluster_name")
HOST_LABELS = ("host_name", "dc_name", "cluster_name")
DATASTORE_LABELS = ("ds_name", "dc_name", "ds_cluster")
Labels = tuple[str, ...]
T = TypeVar("T")


class Alarms(NamedTuple):
    """Names of the alarms that stand on an object, by colour."""

    yellow: tuple[str, ...]
    red: tuple[str, ...]


class SeenVm(NamedTuple):
    """One virtual machine; `counters` are the newest samples by name, in vCenter's own units."""

    vm: VirtualMachine
    alarms: Alarms
    counters: Mapping[str, int]


class SeenHost(NamedTuple):
    """One host."""

    host: HostSystem
    alarms: Alarms
    counters: Mapping[str, int]


class SeenDatastore(NamedTuple):
    """One datastore."""

    datastore: Datastore
    alarms: Alarms


@dataclass(frozen=True, kw_only=True)
class Estate:
    """One vCenter's inventory as that program labels it."""

    inventory: Inventory
    performance: Performance | None = None
    attributes: tuple[str, ...] = field(default=())
    """custom attributes that become labels; `*` stands for all"""
    labelling: Labelling | None = None
    """the tags, where they become a label"""

    @cached_property
    def _host_labels(self) -> Mapping[str, Labels]:
        inventory = self.inventory
        clusters = {moid: cluster.name or "" for moid, cluster in inventory.clusters.items()}
        return distinct(
            {
                moid: (
                    (host.name or moid).rstrip("."),
                    datacenter_of(inventory, moid) or "",
                    clusters.get(host.parent or "", ""),  # empty for a host of its own
                )
                for moid, host in inventory.hosts.items()
            }
        )

    @cached_property
    def _vm_ids(self) -> Mapping[str, str]:
        return Sight(vcenter="", inventory=self.inventory).vm_ids

    @cached_property
    def _alarm_words(self) -> Mapping[str, str]:
        """`alarm.HostCPUUsageAlarm` is called HostCPUUsageAlarm; one without such a name by the name that people see."""
        return {
            moid: (one.system_name or "").partition(".")[2] or one.name or moid
            for moid, one in self.inventory.alarm_definitions.items()
        }

    def vms(self) -> Iterator[tuple[str, Labels, SeenVm]]:
        """Every VM that has a host, as one that is being cloned has none: moid, label values, and what is known."""
        vms = {moid: vm for moid, vm in self.inventory.vms.items() if vm.host is not None}
        names = distinct({moid: self._vm_labels(vm) for moid, vm in vms.items()})
        for moid, vm in vms.items():
            counters = self._counters("vm", self._vm_ids[moid]) if vm.power_state == "poweredOn" else {}
            yield moid, names[moid], SeenVm(vm, self._alarms(vm.alarms), counters)

    def hosts(self) -> Iterator[tuple[str, Labels, SeenHost]]:
        """Every host."""
        for moid, host in self.inventory.hosts.items():
            counters = self._counters("host", moid) if host.power_state == "poweredOn" else {}
            yield moid, self._host_labels[moid], SeenHost(host, self._alarms(host.alarms), counters)

    def datastores(self) -> Iterator[tuple[str, Labels, SeenDatastore]]:
        """Every datastore."""
        inventory = self.inventory
        pods = {moid: pod.name or "" for moid, pod in inventory.storage_pods.items()}
        names = distinct(
            {
                moid: (one.name or moid, datacenter_of(inventory, moid) or "", pods.get(one.parent or "", ""))
                for moid, one in inventory.datastores.items()
            }
        )
        for moid, one in inventory.datastores.items():
            yield moid, names[moid], SeenDatastore(one, self._alarms(one.alarms))

    def attribute_labels(self, values: Iterable[Sequence[CustomValue] | None]) -> Mapping[str, str]:
        """The custom attributes that some object of a kind has a value of: attribute name -> label name, in order."""
        used = {name for held in values for name, value in self._attributes(held).items() if value}
        wanted = used if "*" in self.attributes else used & set(self.attributes)
        labels: dict[str, str] = {}
        for name in sorted(wanted):
            label = re.sub(r"[^a-zA-Z0-9_]", "_", name)
            taken = {*labels.values(), *VM_LABELS, *DATASTORE_LABELS, "tags", "alarms"}
            if label[:1].isdigit() or label.startswith("__") or label in taken:
                label = f"attribute_{label}"
            if label not in taken:
                labels[name] = label
        return labels

    def tag_values(self, moid: str) -> Labels:
        """The value of the label `tags`; nothing where there is no such label."""
        if self.labelling is None:
            return ()
        return (",".join(pair.tag for pair in self.labelling.tags_of(moid)) or NOT_KNOWN,)

    def attribute_values(self, held: Sequence[CustomValue] | None, names: Iterable[str]) -> Labels:
        """One object's values of these attributes."""
        known = self._attributes(held)
        return tuple(known.get(name) or NOT_KNOWN for name in names)

    def _attributes(self, held: Sequence[CustomValue] | None) -> Mapping[str, str | None]:
        fields = self.inventory.custom_fields or {}
        return {fields[one.key]: one.value for one in held or () if one.key is not None and one.key in fields}

    def _vm_labels(self, vm: VirtualMachine) -> Labels:
        path = vm.vmx_path or NOT_KNOWN
        datastore = path[1 : path.find("]")] if path.startswith("[") else path
        host = self._host_labels.get(vm.host or "", (NOT_KNOWN,) * len(HOST_LABELS))
        return (vm.name or vm.moid, datastore, *host)

    def _counters(self, kind: str, entity: str) -> Mapping[str, int]:
        found: EntityPerformance | None = None
        if self.performance is not None:
            found = self.performance.entities.get(kind, {}).get(entity)
        gauges = {} if found is None else found.gauges
        return {name: reading.latest for (name, instance), reading in gauges.items() if not instance}

    def _alarms(self, alarms: Iterable[TriggeredAlarm] | None) -> Alarms:
        def names(colour: str) -> tuple[str, ...]:
            standing = (one for one in alarms or () if one.status == colour)
            return tuple(self._alarm_words.get(one.alarm or "", one.alarm or "") for one in standing)

        return Alarms(yellow=names("yellow"), red=names("red"))


def distinct(labels: Mapping[str, Labels]) -> dict[str, Labels]:
    """The labels by moid, with ` (moid)` after the first one where two objects would have the same labels."""
    uses = Counter(labels.values())
    return {moid: one if uses[one] == 1 else (f"{one[0]} ({moid})", *one[1:]) for moid, one in labels.items()}


def apart(items: Sequence[T], name: Callable[[T], tuple[str, ...]], mark: Callable[[int, T], str]) -> list[str]:
    """The first part of each item's name, with ` (mark)` where two items of one object would have the same name."""
    uses = Counter(map(name, items))
    return [
        name(item)[0] if uses[name(item)] == 1 else f"{name(item)[0]} ({mark(place, item)})"
        for place, item in enumerate(items)
    ]
