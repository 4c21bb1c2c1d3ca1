"""What the ledger keeps, for tests of measures that are looked at again and again."""

from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from agent.claims.evaluation import evaluate
from agent.claims.month import Month
from agent.model.builds import BuildTable
from agent.model.claim_evidence import Kept, MonthEvidence
from agent.model.contract_claims import Operator, Scope, Target, Unit
from agent.model.facts import Fact, HourFacts
from agent.model.verdict import ClaimResult
from tests.agent.claims.contracts import contract, folder, promise

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
