"""Over the wire: every planted fault is found, on the object it was planted on, and nothing else is."""

from collections import Counter

import pytest

from agent.health.catalogue import catalogue
from agent.model.health import HealthReport, Reason
from agent.simulator.planted import PLANTS
from tests.agent.health.planted import DEMO, demonstration, judged, written

NOT_OF_THE_ESTATE = {
    "vcenter_certificate_expiring": "a matter of TLS",
    "vcenter_answers_not_understood": "a fault of the wire",
    "datastore_filling": "of the ledger's past",
    "vcenter_events_late": "of the agent's ledger",
    "vcenter_reading_late": "of the agent's collectors",
    "vcenter_out_of_support": "of the version that is simulated",
    "vm_disk_chain_broken": "of vCenter 9.1, and the simulated one is 8.0.3",
}
"""Each of them has its examples, as all checks."""
ROUNDS = sorted({plant.round for plant in PLANTS})


def found(report: HealthReport) -> set[tuple[str, str]]:
    return {(finding.check, finding.moid) for finding in report.findings}


@pytest.mark.parametrize("number", ROUNDS)
def test_every_planted_fault_is_found_and_nothing_else_is(number: int) -> None:
    plants = [plant for plant in PLANTS if plant.round == number]
    report, wanted = judged(plants)
    before, after = found(demonstration()), found(report)
    planted = {(plant.check, moid) for plant, moids in wanted.items() for moid in moids}
    causes = {cause for plant in plants for cause in plant.causes}
    hidden = {moid for plant, moids in wanted.items() if plant.hides for moid in moids}
    assert planted - after == set(), "planted, but not found"
    assert {(check, moid) for check, moid in after - before - planted if check not in causes} == set(), "not planted"
    silenced = {check for plant in plants for check in plant.silences}
    gone = {(check, moid) for check, moid in before - after if moid not in hidden and check not in silenced}
    assert gone == set(), "not seen any more"
    assert [gap for gap in report.gaps if gap.reason in (Reason.FAILED, Reason.NOT_UNDERSTOOD)] == []


def test_the_demonstration_has_these_faults_and_no_others() -> None:
    assert written(demonstration()) == DEMO.read_text(encoding="utf-8"), (
        "if that is right: python -m tests.agent.health.planted"
    )


def test_every_check_has_its_fault_in_the_demonstration_or_one_to_plant() -> None:
    shown = {check for check, _ in found(demonstration())} | {plant.check for plant in PLANTS}
    assert sorted(name for name in catalogue().keys() - shown if name not in NOT_OF_THE_ESTATE) == []
    assert sorted(plant.check for plant in PLANTS if plant.check not in catalogue()) == []


def test_no_fault_is_planted_for_what_the_demonstration_has_on_the_same_object() -> None:
    assert [name for name, times in Counter(plant.check for plant in PLANTS).items() if times > 1] == []
