"""Measures that are looked at again and again: the worst of every moment, judged by what the contract asks for."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from agent.claims.look_values import backup_time, patch_lag
from agent.claims.seconds import second
from agent.model.builds import BuildTable, Release
from agent.model.contract_claims import Except, Operator, Scope, Source, Unit
from agent.model.datastore import Datastore
from agent.model.facts import ClusterHour, DatastoreHour, Fact, HourFacts
from agent.model.host import HostSystem
from agent.model.snapshot import SnapshotNode
from agent.model.verdict import Reason, Verdict
from agent.model.virtual_machine import CustomValue, VirtualMachine
from tests.agent.claims.contracts import at, server
from tests.agent.claims.kept_looks import END, HOURS, START, ZONE, every_hour, fact, kept, promised, result


def cluster_hours(*bad: int, tolerated=1, without=()) -> tuple[HourFacts, ...]:
    def hour(n: int) -> HourFacts:
        lost = ClusterHour(
            fewest_hosts=2, least_failures_tolerated=0 if n in bad else tolerated, most_vcpus=90, fewest_cores=20
        )
        return HourFacts(start=START + timedelta(hours=n), rounds=60, clusters={"c1": lost})

    return tuple(hour(n) for n in range(HOURS) if n not in without)


N_PLUS_1 = promised("host-failures-tolerated", Operator.AT_LEAST, "1", Unit.HOSTS, sample="every-hour")


def test_a_cluster_that_could_not_lose_a_host_for_an_hour_breaks_the_promise() -> None:
    found = result(N_PLUS_1, [kept(hours=cluster_hours(100))])
    assert (found.verdict, found.looks, found.looks_failed) == (Verdict.BREACHED, HOURS, 1)
    assert found.objects[0].worst_at == START + timedelta(hours=100)
    assert found.bounds == (0, 0)


def test_a_promise_may_be_missed_in_the_share_that_the_contract_leaves() -> None:
    lenient = promised("host-failures-tolerated", Operator.AT_LEAST, "1", Unit.HOSTS, must_hold_percent=Fraction(99))
    assert result(lenient, [kept(hours=cluster_hours(*range(7)))]).verdict is Verdict.MET
    assert result(lenient, [kept(hours=cluster_hours(*range(8)))]).verdict is Verdict.BREACHED


def test_a_running_month_may_still_make_up_for_a_share_that_is_missed_so_far() -> None:
    lenient = promised("host-failures-tolerated", Operator.AT_LEAST, "1", Unit.HOSTS, must_hold_percent=Fraction(99))
    until = START + timedelta(hours=100)
    seven = result(lenient, [kept(hours=cluster_hours(*range(7))[:100])], until=until)
    eight = result(lenient, [kept(hours=cluster_hours(*range(8))[:100])], until=until)
    assert (seven.verdict, seven.reason) == (Verdict.UNDECIDED, Reason.MONTH_RUNS)
    assert eight.verdict is Verdict.BREACHED, "of 745 hours 7 may be missed"


def test_hours_in_which_nobody_looked_are_unknown_and_too_many_of_them_leave_no_verdict() -> None:
    few = result(N_PLUS_1, [kept(hours=cluster_hours(without=range(7)))])
    many = result(N_PLUS_1, [kept(hours=cluster_hours(without=range(8)))])
    assert (few.verdict, few.looks_unknown) == (Verdict.MET, 7)
    assert (many.verdict, many.reason) == (Verdict.NO_VERDICT, Reason.LOW_COVERAGE)
    certain = result(N_PLUS_1, [kept(hours=cluster_hours(50, without=range(8)))])
    assert certain.verdict is Verdict.BREACHED, "what was seen to be missed is missed, whatever else was"


def test_what_vcenter_does_not_say_is_no_zero() -> None:
    found = result(N_PLUS_1, [kept(hours=cluster_hours(tolerated=None))])
    assert (found.verdict, found.reason, found.bounds) == (Verdict.NO_VERDICT, Reason.NOT_RECORDED, None)


def test_nothing_kept_is_told_from_nothing_there() -> None:
    assert result(N_PLUS_1).reason is Reason.NOT_RECORDED
    assert result(N_PLUS_1, [kept()]).reason is Reason.NO_OBJECTS


def test_overcommitment_is_an_exact_ratio() -> None:
    claim = promised("vcpu-per-core", Operator.AT_MOST, "4.5", Unit.RATIO)
    found = result(claim, [kept(hours=cluster_hours())])
    assert (found.verdict, found.bounds) == (Verdict.MET, (Fraction(9, 2), Fraction(9, 2)))


def test_a_datastore_is_named_and_may_be_left_out() -> None:
    hours = every_hour(datastores={"d1": DatastoreHour(least_free_bytes=19, capacity_bytes=100)})
    facts = {"datastores": {"d1": (fact(START, _datastore("VMFS-01")),)}}
    claim = promised("datastore-free", Operator.AT_LEAST, "20", Unit.PERCENT)
    assert result(claim, [kept(hours=hours, facts=facts)]).objects[0].name == "VMFS-01"
    spared = promised("datastore-free", Operator.AT_LEAST, "20", Unit.PERCENT, except_=Except(names=("^vmfs",)))
    assert result(spared, [kept(hours=hours, facts=facts)]).reason is Reason.NO_OBJECTS


def _datastore(name: str):
    return Datastore(moid="d1", name=name)


SNAPSHOTS = promised("snapshot-max-age", Operator.AT_MOST, "72", Unit.HOURS, scope=Scope(service_group="core"))


def with_snapshot(created: datetime) -> VirtualMachine:
    return VirtualMachine(moid="vm-1", name="ad01", snapshots=(SnapshotNode(name="before patch", created=created),))


@pytest.mark.parametrize(("hours", "verdict"), [(72, Verdict.MET), (73, Verdict.BREACHED)])
def test_a_snapshot_is_followed_to_the_moment_that_it_was_deleted(hours, verdict) -> None:
    taken = at("2026-10-05T08:30Z")
    facts = (
        fact(START, VirtualMachine(moid="vm-1", name="ad01")),
        fact(taken, with_snapshot(taken)),
        fact(taken + timedelta(hours=hours), VirtualMachine(moid="vm-1", name="ad01")),
    )
    found = result(SNAPSHOTS, [kept(facts={"vms": {"ad01": facts}})], servers=[server("ad01", START, END)])
    assert found.verdict is verdict
    assert found.bounds == (hours, hours)
    assert found.objects[0].detail == "snapshot 'before patch' of 2026-10-05 08:30 UTC"


def test_a_snapshot_is_not_held_longer_against_anybody_than_it_was_certainly_there() -> None:
    taken = at("2026-10-05T08:00Z")
    last_seen, seen_gone = taken + timedelta(hours=70), taken + timedelta(hours=90)
    off = range(int((last_seen - START).total_seconds() // 3600), int((seen_gone - START).total_seconds() // 3600))
    gone = Fact(
        at=seen_gone,
        learned_at=seen_gone,
        unchanged_until=last_seen,
        record=VirtualMachine(moid="vm-1", name="ad01"),
    )
    facts = {"vms": {"ad01": (fact(taken, with_snapshot(taken)), gone)}}
    found = result(SNAPSHOTS, [kept(facts=facts, hours=every_hour(without=off))], servers=[server("ad01", START, END)])
    assert found.bounds == (70, 70), "it may have been deleted any time after"
    stays = {"vms": {"ad01": (fact(taken, with_snapshot(taken)),)}}
    cut = every_hour(without=range(int((taken - START).total_seconds() // 3600) + 71, HOURS))
    found = result(SNAPSHOTS, [kept(facts=stays, hours=cut)], servers=[server("ad01", START, END)])
    assert found.bounds == (71, 71), "up to when the agent looked"


def test_tools_that_are_not_current_are_counted_over_all_servers() -> None:
    def vm(name: str, status: str | None) -> tuple[Fact, ...]:
        return (fact(START, VirtualMachine(moid=name, name=name, tools_version_status=status)),)

    vms = {
        "a": vm("a", "guestToolsNeedUpgrade"),
        "b": vm("b", "guestToolsNotInstalled"),
        "c": vm("c", "guestToolsCurrent"),
    }
    claim = {n: promised("tools-not-current", Operator.AT_MOST, n, Unit.VMS) for n in ("1", "2", "3")}
    assert result(claim["2"], [kept(facts={"vms": vms})]).verdict is Verdict.MET
    assert result(claim["1"], [kept(facts={"vms": vms})]).objects[0].detail == "a, b"
    vms["d"] = vm("d", None)
    assert result(claim["2"], [kept(facts={"vms": vms})]).verdict is Verdict.NO_VERDICT, "it may be the third"
    assert result(claim["3"], [kept(facts={"vms": vms})]).verdict is Verdict.MET, "even if it is"
    assert result(claim["1"], [kept(facts={"vms": vms})]).verdict is Verdict.BREACHED, "even if it is not"


def test_a_backup_that_left_no_trace_for_too_long_breaks_the_promise() -> None:
    claim = promised("backup-age", Operator.AT_MOST, "26", Unit.HOURS, source=Source(custom_attribute="Last Backup"))

    def vm(text: str) -> VirtualMachine:
        return VirtualMachine(moid="vm-1", name="ad01", custom_values=(CustomValue(key=7, value=text),))

    days = [START.date() + timedelta(days=n) for n in range(32)]
    daily = tuple(fact(datetime(day.year, day.month, day.day, 2, tzinfo=UTC), vm(f"{day} 02:30:00")) for day in days)
    facts = {"vms": {"ad01": daily}}
    found = result(claim, [kept(facts=facts, custom_fields={7: "Last Backup"})])
    assert (found.verdict, found.bounds) == (Verdict.MET, (Fraction(51, 2), Fraction(51, 2))), (
        "seen at 02:00 UTC, made at 00:30 UTC the day before"
    )
    missed = {"vms": {"ad01": (*daily[:10], *daily[11:])}}
    assert result(claim, [kept(facts=missed, custom_fields={7: "Last Backup"})]).verdict is Verdict.BREACHED
    assert result(claim, [kept(facts=facts)]).verdict is Verdict.NO_VERDICT, "the attribute is not there"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Veeam Backup: Job [Daily], Time: [10/14/2026 2:05:11 AM], Host: [b1]", "2026-10-14T00:05:11Z"),
        ("2026-10-14T02:05:11Z", "2026-10-14T02:05:11Z"),
        ("last: 2026-10-14 02:05 +0200", "2026-10-14T00:05Z"),
        ("14 days ago", None),
        ("2026-13-45 02:05:11", None),
    ],
)
def test_the_time_of_a_backup_is_found_in_many_forms(text, when) -> None:
    assert backup_time(text, ZONE) == (at(when) if when else None)


BUILDS = BuildTable(
    dated=date(2026, 9, 30),
    releases={
        ("esxi", "100"): Release(name="ESXi 8.0 Update 3a", released=date(2026, 7, 1)),
        ("esxi", "101"): Release(name="ESXi 8.0 Update 3b", released=date(2026, 9, 20)),
        ("esxi", "70"): Release(name="ESXi 7.0 Update 3z", released=date(2026, 9, 25)),
    },
)


def test_patch_lag_counts_from_the_first_release_that_a_host_lacks() -> None:
    def lag(build: str, day: str):
        host = HostSystem(moid="h", name="esx1", version="8.0.3", build=build)
        return patch_lag(host, second(at(f"{day}T12:00Z")), builds=BUILDS)[0]

    assert [lag("100", "2026-09-19"), lag("100", "2026-10-20"), lag("101", "2026-10-20")] == [0, 30, 0]
    assert lag("99", "2026-10-20") is None, "a build that the table does not know"
    assert lag("101", "2027-03-01") is None, "the table is too old to know whether there is a newer one"
