"""The runner: states, reasons, evidence, thresholds, acknowledgements."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent.health.catalogue import Check, Faults, catalogue, check
from agent.health.example import NOON, Example, Given
from agent.health.look import Look
from agent.health.runner import evaluate
from agent.health.selector import Selector
from agent.health.settings import AcknowledgementRule, CheckSettings, HealthSettings, Override
from agent.health.subjects import VM
from agent.model.datastore import Datastore
from agent.model.health import Acknowledgement, Fault, Reason, State
from agent.model.inventory import Unreadable
from agent.model.virtual_machine import VirtualMachine
from agent.model.world import CollectorStatus

GIB = 1024**3


@check(VM, State.WARNING, needs=("cpus",))
def vm_bursts(vm: VirtualMachine) -> Faults:
    """A check with a bug.

    Meaning: it raises.
    Impact: none but for itself.
    Ask the vendor: nothing.
    """
    if vm.name == "one":
        raise ZeroDivisionError
    yield Fault(State.WARNING, "is not one")


def look(*objects: Any, **inventory: Any) -> Look:
    example = Example(fields={}, shown={}, others=objects, given=Given(inventory=inventory), fires=False)
    return replace(example.look(VM))


def vm(name: str, **fields: Any) -> VirtualMachine:
    return VirtualMachine(moid=f"vm-{name}", name=name, template=False, **fields)


def only(*names: str) -> dict[str, Any]:
    return {name: catalogue()[name] for name in names}


def test_a_check_that_raises_is_unknown_for_that_object_alone() -> None:
    world = look(vm("one", cpus=1), vm("two", cpus=1))
    report = evaluate(world, checks={"vm_bursts": vm_bursts, **only("vm_question_pending")})
    (gap,) = [gap for gap in report.gaps if gap.reason is Reason.FAILED]
    assert (gap.check, gap.objects) == ("vm_bursts", ("one",))
    assert "ZeroDivisionError" in gap.source
    assert [finding.object_name for finding in report.findings] == ["two"]


def test_what_was_refused_is_unknown_with_the_privilege() -> None:
    refused = Unreadable(
        vsphere_type="VirtualMachine",
        moid="vm-one",
        path="runtime.question.text",
        fault="NoPermission",
        privilege="System.Read",
    )
    world = look(vm("one"), vm("two"), unreadable=(refused,))
    report = evaluate(world, checks=only("vm_question_pending"))
    (gap,) = [gap for gap in report.gaps if gap.reason is Reason.NO_PRIVILEGE]
    assert (gap.objects, gap.privilege) == (("one",), "System.Read")
    assert report.tally["vm_question_pending"][State.OK] == 1


def test_what_was_never_read_is_stale_and_what_has_no_value_is_not_told() -> None:
    world = look(Datastore(moid="datastore-9", name="san", capacity_bytes=None, free_bytes=5))
    checks = only("datastore_nearly_full")
    assert [gap.reason for gap in evaluate(world, checks=checks).gaps] == [Reason.NOT_TOLD]
    old = CollectorStatus(interval_s=30, last_success=NOON - timedelta(hours=1))
    stale = replace(world, target=replace(world.target, collectors={"quick": old}))
    assert [gap.reason for gap in evaluate(stale, checks=checks).gaps] == [Reason.STALE]


def test_a_datastore_that_vms_name_and_the_account_does_not_see_is_unknown() -> None:
    world = look(vm("one", datastores=("datastore-7",)))
    report = evaluate(world, checks=only("datastore_nearly_full"))
    assert [(gap.reason, gap.objects) for gap in report.gaps] == [(Reason.NOT_VISIBLE, ("datastore-7",))]
    assert report.state is State.UNKNOWN


def test_a_template_is_not_applicable_and_a_vm_of_which_nobody_says_so_is_unknown() -> None:
    world = look(replace(vm("one"), template=True), replace(vm("two"), template=None), vm("three"))
    tally = evaluate(world, checks=only("vm_question_pending")).tally["vm_question_pending"]
    assert tally[State.NOT_APPLICABLE] == 1
    assert tally[State.UNKNOWN] == 2  # the example's own VM says nothing either
    assert tally[State.OK] == 1


def test_a_finding_carries_its_source_its_value_and_when_it_was_read() -> None:
    (finding,) = evaluate(look(vm("one", consolidation_needed=True)), checks=only("vm_consolidation_needed")).findings
    (evidence,) = finding.evidence
    assert (evidence.source, evidence.value) == ("VirtualMachine.runtime.consolidationNeeded", "true")
    assert evidence.read_at == NOON


def full(name: str, free: int) -> Datastore:
    return Datastore(moid=f"datastore-{name}", name=name, capacity_bytes=1000 * GIB, free_bytes=free * GIB)


def test_thresholds_are_those_of_the_last_selector_that_matches() -> None:
    settings = HealthSettings(
        checks={
            "datastore_nearly_full": CheckSettings(
                thresholds={"warning_percent": 50},
                overrides=(
                    Override(
                        selector=Selector(name="archive*"), thresholds={"warning_percent": 1, "critical_percent": 0}
                    ),
                    Override(selector=Selector(name="archive2"), thresholds={"critical_percent": 5}),
                ),
            )
        }
    )
    world = look(full("san", 400), full("archive1", 30), full("archive2", 30))
    report = evaluate(world, settings, only("datastore_nearly_full"))
    assert {finding.object_name: finding.state for finding in report.findings} == {
        "san": State.WARNING,
        "archive2": State.CRITICAL,
    }


def test_a_check_can_be_switched_off() -> None:
    settings = HealthSettings(checks={"datastore_nearly_full": CheckSettings(enabled=False)})
    report = evaluate(look(full("san", 1)), settings, only("datastore_nearly_full"))
    assert report.findings == ()
    assert report.tally == {}


def acknowledging(until: timedelta) -> HealthSettings:
    acknowledgement = Acknowledgement(reason="new disks are ordered", until=NOON + until)
    rule = AcknowledgementRule(check="datastore_nearly_full", object="san*", part=None, acknowledgement=acknowledgement)
    return HealthSettings(acknowledgements=(rule,))


def test_an_acknowledged_finding_stays_on_the_list_and_is_no_fault_any_more() -> None:
    report = evaluate(look(full("san1", 1)), acknowledging(timedelta(days=1)), only("datastore_nearly_full"))
    (finding,) = report.findings
    assert finding.acknowledged is not None
    assert report.state is State.OK


def test_an_acknowledgement_that_has_expired_is_told_and_holds_no_longer() -> None:
    report = evaluate(look(full("san1", 1)), acknowledging(timedelta(days=-1)), only("datastore_nearly_full"))
    assert report.state is State.CRITICAL
    assert "new disks are ordered" in report.notes[-1]


def test_findings_come_worst_first() -> None:
    world = look(full("a", 150), full("b", 10), full("c", 150))
    states = [finding.state for finding in evaluate(world, checks=only("datastore_nearly_full")).findings]
    assert states == [State.CRITICAL, State.WARNING, State.WARNING]


class Recording:
    """Stands for an object and remembers which of its fields were read."""

    def __init__(self, item: Any) -> None:
        self.item, self.read = item, set()

    def __getattr__(self, name: str) -> Any:
        self.read.add(name)
        return getattr(self.item, name)


PURE = [check for check in catalogue().values() if not check.takes_look]


@pytest.mark.parametrize("check", PURE, ids=lambda check: check.name)
def test_a_check_of_one_object_alone_reads_only_the_fields_that_it_names(check: Check) -> None:
    read: set[str] = set()
    for example in check.examples:
        (item, *_) = check.kind.objects(example.look(check.kind))
        recording = Recording(item)
        list(check.find(recording, **check.thresholds))
        read |= recording.read
    assert read - {*check.needs, *check.sees, "moid", "name"} == set()


def test_objects_that_agree_in_all_that_matters_are_each_counted_and_each_found() -> None:
    world = look(*(vm(str(number), consolidation_needed=number % 3 == 0) for number in range(9)))
    report = evaluate(world, checks=only("vm_consolidation_needed"))
    assert sorted(finding.object_name for finding in report.findings) == ["0", "3", "6"]
    assert report.tally["vm_consolidation_needed"][State.OK] == 6
