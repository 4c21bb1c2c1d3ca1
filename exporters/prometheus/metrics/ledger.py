"""The downtime ledger: how it is doing, and what it says of each VM. The ledger itself is the book of account."""

from collections.abc import Iterable

from agent.model.world import LedgerStatus, Target, VmAvailability
from exporters.prometheus.family import AGENT, Family, Kind, Origin, Sample
from exporters.prometheus.section import Section, Subject

LEDGER = (Origin("ledger", None),)
"""Judged from events, properties and counters together; `checkmeter ledger vm NAME` shows which."""


_PARTS = ("events", "observations", "judgement")


def _problems(status: LedgerStatus) -> Iterable[Sample]:
    for part in _PARTS:
        yield (part,), part in status.problems


def _month_outages(status: LedgerStatus) -> int | None:
    return None if status.judged_until is None else sum(vm.month_outages for vm in status.vms.values())


def _outages(status: LedgerStatus) -> int | None:
    counts = [vm.outages for vm in status.vms.values() if vm.outages is not None]
    return sum(counts) if counts else None


FAMILIES: tuple[Family[LedgerStatus], ...] = (
    Family(
        name="checkmeter_ledger_up",
        help="Whether all evidence is written, and nothing that was written has been altered.",
        source=AGENT,
        samples=lambda status: (((), status.ok),),
    ),
    Family(
        name="checkmeter_ledger_problem",
        help="Whether the ledger cannot be written or judged now: 1 for the part that cannot.",
        source=AGENT,
        labels=("part",),
        states=_PARTS,
        samples=_problems,
    ),
    Family(
        name="checkmeter_ledger_covered_until_timestamp_seconds",
        help="All events of vCenter before this time were read, by vCenter's clock.",
        source=AGENT,
        samples=lambda status: (((), status.covered_until.timestamp() if status.covered_until else None),),
    ),
    Family(
        name="checkmeter_ledger_event_lag_seconds",
        help="How far that is behind the clock of vCenter; beyond the retention, events are lost.",
        source=AGENT,
        samples=lambda status: (((), status.event_lag_s),),
    ),
    Family(
        name="checkmeter_ledger_event_retention_seconds",
        help="How long vCenter keeps its events; absent where it keeps them for ever.",
        source=(Origin("OptionManager event.maxAge", None),),
        samples=lambda status: (((), None if status.retention_days is None else status.retention_days * 86_400),),
    ),
    Family(
        name="checkmeter_ledger_events_total",
        help="Events in the ledger, by kind.",
        source=AGENT,
        kind=Kind.COUNTER,
        labels=("kind",),
        samples=lambda status: (((kind,), count) for kind, count in sorted(status.events.items())),
    ),
    Family(
        name="checkmeter_ledger_undecodable_events_total",
        help="Events that are noted in the ledger although they cannot be read.",
        source=AGENT,
        kind=Kind.COUNTER,
        samples=lambda status: (((), status.undecodable_events),),
    ),
    Family(
        name="checkmeter_ledger_chain_valid",
        help="Whether every row of the ledger is as it was written; absent before the first check.",
        source=AGENT,
        samples=lambda status: (((), status.chain_valid),),
    ),
    Family(
        name="checkmeter_ledger_chain_verified_timestamp_seconds",
        help="When that was found last, by the agent's clock.",
        source=AGENT,
        samples=lambda status: (((), status.verified_at.timestamp() if status.verified_at else None),),
    ),
    Family(
        name="checkmeter_ledger_month_outages",
        help="Outages of VMs in this calendar month (UTC), those that last too; begins anew with each month.",
        source=LEDGER,
        samples=lambda status: (((), _month_outages(status)),),
    ),
    Family(
        name="checkmeter_ledger_outages",
        help="Outages since the ledger began of the VMs that are there; absent until all its months are judged.",
        source=LEDGER,
        samples=lambda status: (((), _outages(status)),),
    ),
    Family(
        name="checkmeter_ledger_contradictions",
        help="Pairs of proofs of this month that cannot both be right; `checkmeter ledger vm NAME` shows them.",
        source=LEDGER,
        samples=lambda status: (((), status.contradictions if status.judged_until else None),),
    ),
    Family(
        name="checkmeter_ledger_judged_until_timestamp_seconds",
        help="Up to when the states and outages of VMs on this page are judged, by vCenter's clock.",
        source=AGENT,
        samples=lambda status: (((), status.judged_until.timestamp() if status.judged_until else None),),
    ),
)

VM_FAMILIES: tuple[Family[VmAvailability], ...] = (
    Family(
        name="vsphere_vm_ledger_state_since_timestamp_seconds",
        help=(
            "Since when the VM is in the state that the label names: up, down, suspended, guest_silent or unknown; "
            "the begin of the month (UTC), or of the ledger, where it began before."
        ),
        source=LEDGER,
        labels=("state",),
        samples=lambda vm: (((vm.state.value,), vm.since.timestamp()),),
    ),
    Family(
        name="vsphere_vm_ledger_month_down_seconds",
        help="How long the VM was certainly not up in this calendar month (UTC); begins anew with each month.",
        source=LEDGER,
        samples=lambda vm: (((), vm.month_down_s),),
    ),
    Family(
        name="vsphere_vm_ledger_month_unknown_seconds",
        help="How long nothing could tell in this calendar month (UTC); begins anew with each month.",
        source=LEDGER,
        samples=lambda vm: (((), vm.month_unknown_s),),
    ),
    Family(
        name="vsphere_vm_ledger_down_seconds",
        help=(
            "How long the VM was certainly not up since the ledger began; absent until all its months are judged. "
            "No counter: what is learned later may lower it."
        ),
        source=LEDGER,
        samples=lambda vm: (((), vm.down_s),),
    ),
    Family(
        name="vsphere_vm_ledger_unknown_seconds",
        help="How long nothing could tell since the ledger began; falls when something is learned later.",
        source=LEDGER,
        samples=lambda vm: (((), vm.unknown_s),),
    ),
)


def _subjects(target: Target) -> Iterable[Subject[LedgerStatus]]:
    yield Subject("", (target.name,), target.ledger)


def _vms(target: Target) -> Iterable[Subject[VmAvailability]]:
    for vm_id, vm in target.ledger.vms.items():
        yield Subject(vm_id, (target.name, vm_id, vm.name), vm)


SECTION = Section(title="The ledger", labels=("vcenter",), families=FAMILIES, subjects=_subjects)
VM_SECTION = Section(
    title="Virtual machines in the ledger",
    labels=("vcenter", "vm_id", "vm_name"),
    families=VM_FAMILIES,
    subjects=_vms,
    made_from=lambda target: target.ledger.vms,
)
