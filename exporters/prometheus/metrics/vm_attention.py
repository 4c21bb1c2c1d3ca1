"""What may want a person's attention on a virtual machine: snapshots, a question, alarms."""

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from agent.model.property import fields_of
from agent.model.snapshot import flatten
from agent.model.snapshot_size import snapshot_size_bytes
from agent.model.virtual_machine import VirtualMachine
from exporters.prometheus.family import Family, Sample, origins
from exporters.prometheus.metrics.vm import LABELS
from exporters.prometheus.section import Section, Sight, Subject

_QUESTION = next(field.source for field in fields_of(VirtualMachine) if field.name == "question")

_READ = attrgetter(
    *("moid", "name", "instance_uuid", "connection_state", "question"),
    *("snapshots", "files", "snapshot_layout", "alarms"),
)


class Attention(NamedTuple):
    """Counts and times; None is unknown."""

    snapshots: tuple[datetime | None, ...] | None
    """when each was taken"""
    snapshot_size: int | None
    question_pending: bool | None
    alarms: int | None


def _oldest(vm: Attention) -> Iterable[Sample]:
    taken = [time for time in vm.snapshots or () if time is not None]
    if taken:
        yield (), min(taken).timestamp()


FAMILIES: tuple[Family[Attention], ...] = (
    Family(
        name="vsphere_vm_snapshots",
        help="Snapshots of the VM, 0 when there are none.",
        source=origins(VirtualMachine, "snapshots"),
        samples=lambda vm: (((), None if vm.snapshots is None else len(vm.snapshots)),),
    ),
    Family(
        name="vsphere_vm_snapshot_oldest_timestamp_seconds",
        help="When the oldest snapshot of the VM was taken; absent when there is none.",
        source=origins(VirtualMachine, "snapshots.created"),
        samples=_oldest,
    ),
    Family(
        name="vsphere_vm_snapshot_size_bytes",
        help="Space that all snapshots of the VM occupy: delta disks, saved state and memory, without the base disks.",
        source=origins(VirtualMachine, "files.size_bytes", "snapshot_layout"),
        samples=lambda vm: (((), vm.snapshot_size),),
    ),
    Family(
        name="vsphere_vm_question_pending",
        help="Whether the VM stands still until somebody answers a question.",
        source=origins(VirtualMachine, "question"),
        samples=lambda vm: (((), vm.question_pending),),
    ),
    Family(
        name="vsphere_vm_alarms",
        help="Alarms that stand on the VM itself, acknowledged ones too.",
        source=origins(VirtualMachine, "alarms"),
        samples=lambda vm: (((), vm.alarms),),
    ),
)


def _question_pending(sight: Sight, moid: str, vm: VirtualMachine) -> bool | None:
    if vm.question is not None:
        return True
    # vCenter leaves the question unset when there is none: told apart from "not told" by what it refused
    told = vm.connection_state is not None and not sight.refused(moid, _QUESTION)
    return False if told else None


def _attention(sight: Sight, moid: str, vm: VirtualMachine) -> Attention:
    return Attention(
        snapshots=None if vm.snapshots is None else tuple(node.created for _, node in flatten(vm.snapshots)),
        snapshot_size=snapshot_size_bytes(vm),
        question_pending=_question_pending(sight, moid, vm),
        alarms=None if vm.alarms is None else sum(alarm.entity in {moid, None} for alarm in vm.alarms),
    )


def _subjects(sight: Sight) -> Iterable[Subject[Attention]]:
    for moid, vm in sight.inventory.vms.items():
        yield Subject(moid, sight.labels(sight.vm_ids[moid], vm.name), _attention(sight, moid, vm))


def _made_from(sight: Sight) -> object:
    return list(map(_READ, sight.inventory.vms.values())), sight.inventory.unreadable


SECTION = Section(
    title="Attention to virtual machines",
    labels=LABELS,
    families=FAMILIES,
    subjects=_subjects,
    made_from=_made_from,
)
