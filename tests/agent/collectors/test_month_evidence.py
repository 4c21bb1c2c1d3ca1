"""From a ledger on the disk to verdicts: what the agent wrote down is what claims are judged from."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from agent.claims.evaluation import evaluate
from agent.collectors.month_evidence import month_evidence
from agent.ledger.database import Database
from agent.ledger.facts import FactWriter
from agent.ledger.hour_facts import record_hours
from agent.ledger.store import LedgerStore
from agent.model.about import About
from agent.model.builds import BuildTable
from agent.model.claim_evidence import MonthEvidence
from agent.model.contract import Aggregation, Measurement, Selector, ServiceGroup
from agent.model.contract_claims import Operator, Target, Unit
from agent.model.contract_folder import ContractFolder
from agent.model.facts import HourFacts
from agent.model.folder import Datacenter, Folder
from agent.model.inventory import Inventory
from agent.model.labelling import with_tags
from agent.model.tag_pair import TagPair
from agent.model.verdict import Verdict
from agent.model.virtual_machine import CustomValue, VirtualMachine
from tests.agent.claims.contracts import contract, folder, promise
from tests.agent.ledger.written import BEGIN, END, ERP, EVENTS, write

DARK_S = 2 * 3600
"""The local month begins two hours before the ledger does."""


def inventory(parent: str = "group-v3", **changes: str) -> Inventory:
    vm = VirtualMachine(
        moid="vm-1",
        name=changes.get("name", "srv-01"),
        instance_uuid=ERP,
        parent=parent,
        custom_values=(CustomValue(key=7, value="core"),),
    )
    return Inventory(
        about=About(instance_uuid="uuid-1"),
        root_folder="group-d1",
        confirmed_at=BEGIN,
        custom_fields={7: "SLA"},
        vms={"vm-1": vm},
        folders={
            "group-d1": Folder(moid="group-d1", name="Datacenters"),
            "group-v1": Folder(moid="group-v1", name="vm", parent="datacenter-1"),
            "group-v2": Folder(moid="group-v2", name="Prod", parent="group-v1"),
            "group-v3": Folder(moid="group-v3", name="Core", parent="group-v2"),
        },
        datacenters={"datacenter-1": Datacenter(moid="datacenter-1", name="DC1", parent="group-d1")},
    )


def gathered(file: Path, terms: ContractFolder, now: datetime = END, name: str = "2026-10") -> MonthEvidence:
    database = Database(file)
    try:
        with database.reading() as connection:
            return month_evidence(connection, terms, name, now, BuildTable())
    finally:
        database.close()


def keep(file: Path, seen: Inventory, at: datetime) -> None:
    database = Database(file)
    FactWriter(database, LedgerStore(database).vcenter("uuid-1", "dc1", BEGIN)).keep(seen, at, at)
    database.close()


def test_what_the_ledger_holds_of_a_month_becomes_a_verdict(tmp_path: Path) -> None:
    terms = folder(contract(promise("99"), aggregation=Aggregation.POOLED))
    evidence = gathered(write(tmp_path), terms)
    assert [one.name for one in evidence.servers] == ["srv-01", "srv-02"]
    (found,) = evaluate(terms, "2026-10", evidence).claims
    assert found.tally is not None
    assert found.tally.down_s == 252 + 3600
    assert found.tally.unknown_s == 2 * DARK_S
    assert (found.verdict, found.complete) == (Verdict.MET, True)
    keys = [
        piece.event_key
        for one in found.objects
        for out in one.outages
        for part in out.intervals
        for piece in part.evidence
    ]
    assert {4711, 4715, 5000, 5002} <= set(keys)


def test_servers_are_grouped_by_folder_and_attribute_as_they_were_at_each_time(tmp_path: Path) -> None:
    file = write(tmp_path, EVENTS)
    keep(file, inventory(), BEGIN + timedelta(hours=3))
    keep(file, inventory(parent="group-v2", name="srv-01-old"), BEGIN + timedelta(days=10))
    by_folder = ServiceGroup(id="core", select=Selector(folders=("/DC1/vm/Prod/Core/**",)), calendar="hours")
    terms = folder(contract(promise("50"), service_groups=(by_folder,)))
    evidence = gathered(file, terms)
    first = next(one for one in evidence.servers if one.vm_id == ERP)
    assert [(one.name, one.folder, one.attributes) for one in first.identities] == [
        ("srv-01", "/DC1/vm/Prod/Core", {"SLA": "core"}),
        ("srv-01-old", "/DC1/vm/Prod", {"SLA": "core"}),
    ]
    (found,) = evaluate(terms, "2026-10", evidence).claims
    assert found.tally is not None
    assert found.tally.agreed_s == DARK_S + 10 * 86_400
    by_attribute = ServiceGroup(id="core", select=Selector(attributes={"SLA": "^core$"}), calendar="hours")
    terms = folder(
        contract(promise("50"), service_groups=(by_attribute,), measurement=Measurement(min_coverage_percent=0))
    )
    (found,) = evaluate(terms, "2026-10", gathered(file, terms)).claims
    assert len(found.objects) == 1


def test_servers_are_grouped_by_tag_from_when_the_tag_was_on(tmp_path: Path) -> None:
    file = write(tmp_path, EVENTS)
    keep(file, with_tags(inventory(), {}), BEGIN + timedelta(hours=3))
    gold = {"vm-1": (TagPair(category="Tier", tag="gold"),)}
    keep(file, with_tags(inventory(), gold), BEGIN + timedelta(days=10))
    by_tag = ServiceGroup(id="core", select=Selector(tags=("Tier:gold",)), calendar="hours")
    terms = folder(contract(promise("50"), service_groups=(by_tag,), measurement=Measurement(min_coverage_percent=0)))
    evidence = gathered(file, terms)
    first = next(one for one in evidence.servers if one.vm_id == ERP)
    assert [one.tags for one in first.identities] == [(), ("Tier:gold",)]
    (found,) = evaluate(terms, "2026-10", evidence).claims
    assert len(found.objects) == 1
    assert found.tally is not None
    assert found.tally.agreed_s < 22 * 86_400


def test_a_running_month_ends_where_the_ledger_does_unless_that_was_long_ago(tmp_path: Path) -> None:
    until = datetime(2026, 10, 20, tzinfo=UTC)
    file = write(tmp_path, until=until)
    soon, late = until + timedelta(minutes=5), until + timedelta(hours=5)
    assert gathered(file, folder(), soon).until == until
    assert gathered(file, folder(), late).until == late, "what is missing since is unknown"


def test_a_month_that_no_ledger_reaches_has_no_evidence(tmp_path: Path) -> None:
    terms = folder()
    file = write(tmp_path)
    future = gathered(file, terms, name="2027-01")
    assert (future.servers, evaluate(terms, "2027-01", future).judged_until) == ((), None)


def test_cpu_ready_is_added_up_apart_for_the_time_before_and_after_a_server_moved(tmp_path: Path) -> None:
    file = write(tmp_path)
    moved = BEGIN + timedelta(days=10)
    keep(file, inventory(), BEGIN)
    keep(file, inventory(parent="group-v2"), moved)
    database = Database(file)
    vcenter = LedgerStore(database).vcenter("uuid-1", "dc1", BEGIN)
    seen = [
        HourFacts(start=BEGIN + timedelta(hours=n), rounds=60, cpu_ready={ERP: {1 if n < 240 else 9: 3600}})
        for n in range(31 * 24)
    ]
    record_hours(database, vcenter, seen, {ERP: "vm-1"}, BEGIN)
    database.close()
    core = ServiceGroup(id="core", select=Selector(folders=("/DC1/vm/Prod/Core",)), calendar="hours")
    target = Target(op=Operator.AT_MOST, value=Fraction(5), unit=Unit.PERCENT)
    terms = folder(contract(promise(measure="cpu-ready-p95", target=target), service_groups=(core,)))
    evidence = gathered(file, terms)
    assert [(part.start, part.spread) for part in evidence.kept[0].cpu_ready[ERP]] == [
        (BEGIN, {1: 240 * 3600}),
        (moved, {9: 503 * 3600}),
    ]
    assert not any(one.cpu_ready for one in evidence.kept[0].hours)
    (found,) = evaluate(terms, "2026-10", evidence).claims
    assert (found.verdict, found.bounds) == (Verdict.MET, (1, 2)), "what it was like after it had left is not counted"
