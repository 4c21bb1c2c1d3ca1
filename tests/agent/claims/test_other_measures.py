"""CPU ready, the vendor's own list, metrics and health checks by their names."""

from datetime import timedelta
from fractions import Fraction

from agent.claims.cpu_ready import percentile
from agent.model.claim_evidence import SpreadPart
from agent.model.contract_claims import Operator, Scope, Unit
from agent.model.contract_files import ReceivedIncident, VendorIncident
from agent.model.facts import Figure, HourFacts
from agent.model.verdict import Verdict
from tests.agent.claims.contracts import at, server
from tests.agent.claims.kept_looks import END, HOURS, START, every_hour, kept, promised, result


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
