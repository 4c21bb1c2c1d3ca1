"""Measures that are looked at again and again: the worst of every moment, judged by what the contract asks for."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from agent.claims.cpu_ready import percentile
from agent.claims.evaluation import evaluate
from agent.claims.look_values import backup_time, patch_lag
from agent.claims.month import Month
from agent.claims.seconds import second
from agent.model.builds import BuildTable, Release
from agent.model.claim_evidence import Kept, MonthEvidence, SpreadPart
from agent.model.contract_claims import Except, Operator, Scope, Source, Target, Unit
from agent.model.contract_files import ReceivedIncident, VendorIncident
from agent.model.datastore import Datastore
from agent.model.facts import ClusterHour, DatastoreHour, Fact, Figure, HourFacts
from agent.model.host import HostSystem
from agent.model.snapshot import SnapshotNode
from agent.model.verdict import ClaimResult, Reason, Verdict
from agent.model.virtual_machine import CustomValue, VirtualMachine
from tests.agent.claims.contracts import at, contract, folder, promise, server

OCTOBER = Month.of("2026-10", "Europe/Copenhagen")
START, END = OCTOBER.start, OCTOBER.end
HOURS = 745
ZONE = ZoneInfo("Europe/Copenhagen")


def promised(measure: str, op: Operator, value: str, unit: Unit, **more):
    return promise(
        id="it",
        measure=measure,
        scope=more.pop("scope", Scope()),
        target=Target(op=op, value=Fraction(value), unit=unit),
        **more,
    )


def result(claim, kept=(), *, servers=(), until=END, builds=None, incidents=()) -> ClaimResult:
    evidence = MonthEvidence(until=until, servers=tuple(servers), kept=tuple(kept), builds=builds or BuildTable())
    files = folder(contract(claim), incidents=tuple(incidents))
    (found,) = evaluate(files, "2026-10", evidence).claims
    return found


def every_hour(*, without=(), **fields) -> tuple[HourFacts, ...]:
    return tuple(
        HourFacts(start=START + timedelta(hours=n), rounds=60, **fields) for n in range(HOURS) if n not in without
    )


def fact(when: datetime, record) -> Fact:
    return Fact(at=when, learned_at=when, unchanged_until=None, record=record)


def kept(**more) -> Kept:
    return Kept(**({"vcenter": "dc1", "hours": every_hour()} | more))


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


def test_a_percentile_lies_between_two_whole_per_cent() -> None:
    assert percentile({0: 94, 3: 1, 9: 5}) == (3, 4)
    assert percentile({0: 1}) == (0, 1)


def test_cpu_ready_is_judged_for_each_server_by_its_own_month() -> None:
    month = HOURS * 3600
    spread = {name: (SpreadPart(START, {percent: month}),) for name, percent in (("ad01", 1), ("sql01", 7))}
    claim = promised("cpu-ready-p95", Operator.AT_MOST, "5", Unit.PERCENT, scope=Scope(service_group="core"))
    servers = [server(name, START, END) for name in ("ad01", "sql01")]
    found = result(claim, [kept(cpu_ready=spread)], servers=servers)
    assert [(one.name, one.bounds, one.verdict) for one in found.objects] == [
        ("sql01", (7, 8), Verdict.BREACHED),
        ("ad01", (1, 2), Verdict.MET),
    ]


def test_the_vendors_own_list_decides_on_how_fast_they_began() -> None:
    def incident(name: str, minutes: int | None, priority: int = 1) -> ReceivedIncident:
        told = at("2026-10-14T10:00Z")
        begun = None if minutes is None else told + timedelta(minutes=minutes)
        one = VendorIncident(
            id=name, from_=told, to=told + timedelta(hours=2), priority=priority, reported_at=told, responded_at=begun
        )
        return ReceivedIncident(incident=one, file="vendor/incidents.csv")

    claim = promised("incident-response", Operator.AT_MOST, "30", Unit.MINUTES, scope=Scope(priority=1))
    some = [incident("A", 30), incident("B", 31), incident("C", 300, priority=2), incident("D", None)]
    found = result(claim, incidents=some)
    assert (found.verdict, found.bounds, found.evidence) == (Verdict.BREACHED, (31, 31), "vendor-only")
    assert [one.name for one in found.objects] == ["B", "A", "D"]
    assert result(claim, incidents=some[:1]).verdict is Verdict.MET
    assert result(claim, incidents=[some[0], some[3]]).verdict is Verdict.NO_VERDICT


def test_any_metric_of_the_agent_may_be_promised_by_its_name() -> None:
    def hour(n: int) -> HourFacts:
        seen = Figure(
            "vsphere_datastore_latency_seconds", "datastore", "d1", "VMFS-01", 0.001, 0.021 if n == 3 else 0.02
        )
        return HourFacts(start=START + timedelta(hours=n), rounds=60, figures={seen[:3]: seen})

    hours = tuple(map(hour, range(HOURS)))
    claim = {
        limit: promised("vsphere_datastore_latency_seconds", Operator.AT_MOST, limit, Unit.NONE)
        for limit in ("0.02", "0.021")
    }
    found = result(claim["0.02"], [kept(hours=hours)])
    assert (found.verdict, found.looks_failed, found.bounds) == (Verdict.BREACHED, 1, (Fraction("0.021"),) * 2)
    assert found.objects[0].worst_at == START + timedelta(hours=3)
    assert result(claim["0.021"], [kept(hours=hours)]).verdict is Verdict.MET


def test_a_health_check_may_be_promised_to_find_nothing() -> None:
    def hours(found: int, untold: int) -> tuple[HourFacts, ...]:
        seen = [
            Figure("check:vm_snapshot_old", *one)
            for one in (("found", "*", "*", 0, found), ("untold", "*", "*", 0, untold))
        ]
        return every_hour(figures={one[:3]: one for one in seen})

    claim = promised("check:vm_snapshot_old", Operator.AT_MOST, "0", Unit.FINDINGS)
    assert result(claim, [kept(hours=hours(0, 0))]).verdict is Verdict.MET
    assert result(claim, [kept(hours=hours(2, 3))]).verdict is Verdict.BREACHED
    assert result(claim, [kept(hours=hours(0, 5))]).verdict is Verdict.NO_VERDICT, "nobody could tell of five"
