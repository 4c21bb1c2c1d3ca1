"""An account that sees less finds less, and never says that all is well with what it does not see."""

from dataclasses import replace

import pytest

from agent.health.catalogue import Check, catalogue, source_of_field
from agent.health.example import Given
from agent.health.runner import evaluate
from agent.model.health import HealthReport, Reason, State
from agent.model.inventory import Unreadable
from agent.simulator.access import Access
from tests.agent.health.planted import USER, demonstration, judged

FIELDS = [
    (check, name)
    for check in catalogue().values()
    if check.kind.slot is not None
    for name in dict.fromkeys((*check.needs, *check.sees))
]


@pytest.mark.parametrize(("check", "name"), FIELDS, ids=lambda one: getattr(one, "name", one))
def test_what_a_check_reads_and_is_refused_is_unknown_and_never_ok(check: Check, name: str) -> None:
    example = next(one for one in check.examples if not one.fires)
    moid = str(example.fields.get("moid", f"{check.kind.name}-1"))
    refused = Unreadable(
        vsphere_type=check.kind.record.vsphere_type,
        moid=moid,
        path=source_of_field(check.kind.record, name).collector_path,
        fault="NoPermission",
        privilege="System.Read",
    )
    inventory = {**(example.given.inventory or {}), "unreadable": (refused,)}
    given: Given = replace(example.given, inventory=inventory)
    blind = replace(example, fields={**example.fields, name: None}, given=given)
    report = evaluate(blind.look(check.kind), checks={check.name: check})
    assert report.findings == ()
    assert report.tally[check.name][State.UNKNOWN] == 1
    assert report.tally[check.name][State.OK] <= len(example.others)
    assert [gap.privilege for gap in report.gaps if gap.reason is Reason.NO_PRIVILEGE] == ["System.Read"]


def found(report: HealthReport) -> set[tuple[str, str]]:
    return {(finding.check, finding.moid) for finding in report.findings}


def test_an_account_that_may_only_see_names_says_that_nothing_is_ok() -> None:
    def viewing_only(access: Access) -> None:
        access.privileges[USER] = frozenset({"System.Anonymous", "System.View"})

    report = judged(restrict=viewing_only)[0]
    lost = {check for check, _ in found(demonstration()) - found(report)}
    assert sorted(check for check in lost if report.tally[check][State.UNKNOWN] == 0) == []
    assert sorted(found(report) - found(demonstration())) == []
    refused = [gap for gap in report.gaps if gap.reason is Reason.NO_PRIVILEGE]
    assert {"System.Read"} <= {gap.privilege for gap in refused} <= {"System.Read", "Global.Licenses"}
    assert [gap for gap in report.gaps if gap.reason is Reason.FAILED] == []


def test_an_account_with_one_folder_says_nothing_of_hosts_and_clusters_but_that_it_cannot_see_them() -> None:
    def one_folder_only(access: Access) -> None:
        access.limits[USER] = "group-v31"

    report = judged(restrict=one_folder_only)[0]
    of_the_platform = [check for check in catalogue().values() if check.kind.name in ("host", "cluster")]
    assert [check.name for check in of_the_platform if set(report.tally[check.name]) != {State.UNKNOWN}] == []
    assert {gap.reason for gap in report.gaps if gap.kind in ("host", "cluster")} == {Reason.NOT_VISIBLE}
    assert sorted(found(report) - found(demonstration())) == []
    assert [gap for gap in report.gaps if gap.reason is Reason.FAILED] == []
