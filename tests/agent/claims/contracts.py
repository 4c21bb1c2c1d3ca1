"""Contracts, servers and ledgers for tests: small ones, made in one call."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from agent.claims.seconds import instant, second
from agent.model.availability import Cause, Evidence, EvidenceKind, Interval, Ledger, State
from agent.model.claim_evidence import Identity, MonthEvidence, ServerRecord
from agent.model.contract import (
    Aggregation,
    Contract,
    ContractMetadata,
    ContractTerms,
    ExclusionReason,
    Measurement,
    Parties,
    Selector,
    ServiceGroup,
)
from agent.model.contract_claims import Claim, Operator, Scope, Target, Unit
from agent.model.contract_folder import ContractFolder
from agent.model.contract_time import ServiceCalendar

ALWAYS = ServiceCalendar(always=True)
ALL_REASONS = tuple(ExclusionReason)


def at(text: str) -> datetime:
    """An instant: 2026-10-14T03:20Z or with an offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


def promise(percent: str = "99.9", **more: Any) -> Claim:
    """An availability."""
    fields: dict[str, Any] = {
        "id": "avail",
        "clause": "7.5.1",
        "measure": "availability",
        "scope": Scope(service_group="core"),
        "target": Target(op=Operator.AT_LEAST, value=Fraction(percent), unit=Unit.PERCENT),
    }
    return Claim(**(fields | more))


def contract(
    *claims: Claim,
    calendar: ServiceCalendar = ALWAYS,
    aggregation: Aggregation = Aggregation.PER_VM,
    measurement: Measurement | None = None,
    revision: int = 1,
    **terms: Any,
) -> Contract:
    """One group, `core`, of all servers."""
    group = ServiceGroup(id="core", select=Selector(names=("",)), calendar="hours", aggregation=aggregation)
    fields: dict[str, Any] = {
        "parties": Parties(customer="Eksempel Kommune", vendor="Drift A/S"),
        "valid_from": date(2020, 1, 1),
        "time_zone": "Europe/Copenhagen",
        "calendars": {"hours": calendar},
        "measurement": measurement or Measurement(),
        "exclusions": ALL_REASONS,
        "service_groups": (group,),
        "claims": claims or (promise(),),
    }
    return Contract(
        api_version="checkmeter/v1",
        kind="VendorContract",
        metadata=ContractMetadata(name="drift", revision=revision),
        spec=ContractTerms(**(fields | terms)),
    )


def folder(*contracts: Contract, **more: Any) -> ContractFolder:
    """The files about it."""
    return ContractFolder(contracts=contracts or (contract(),), **more)


def interval(start: datetime, end: datetime, state: State = State.DOWN, **more: Any) -> Interval:
    """With an event as evidence, learned when it happened."""
    cause = {State.DOWN: Cause.POWER_OFF, State.UNKNOWN: Cause.AGENT_OFF, State.GUEST_SILENT: Cause.HANG}.get(state)
    evidence = Evidence(kind=EvidenceKind.EVENT, name="VmPoweredOffEvent", at=start, learned_at=start, event_key=4711)
    fields = {"cause": cause, "evidence": (evidence,) if state is not State.UNKNOWN else (), "learned_at": start}
    return Interval(start=start, end=end, state=state, **(fields | more))


def ledger(start: datetime, end: datetime, parts: Iterable[Interval] = (), object_id: str = "vm-1") -> Ledger:
    """Up wherever `parts`, which do not overlap, say nothing else."""
    found: list[Interval] = []
    reached = start
    for part in sorted(parts, key=lambda one: one.start):
        if part.start > reached:
            found.append(Interval(start=reached, end=part.start, state=State.UP))
        found.append(part)
        reached = part.end
    if reached < end:
        found.append(Interval(start=reached, end=end, state=State.UP))
    return Ledger(object_id=object_id, start=start, end=end, intervals=tuple(found))


def server(name: str, start: datetime, end: datetime, parts: Iterable[Interval] = ()) -> ServerRecord:
    """Called `name` for ever; `vm_id` is the same."""
    return ServerRecord(
        vcenter="dc1",
        vm_id=name,
        ledger=ledger(start, end, parts, name),
        identities=(Identity(since=start, name=name, folder="/DC1/vm/Prod"),),
    )


def evidence(until: datetime, *servers: ServerRecord, **more: Any) -> MonthEvidence:
    """Of the month up to `until`."""
    return MonthEvidence(until=until, servers=servers, **more)


def seconds(start: str, length: int) -> tuple[datetime, datetime]:
    """A stretch that begins then and lasts so many seconds."""
    begin = at(start)
    return begin, instant(second(begin) + length)


def renamed(record: ServerRecord, since: datetime, **identity: Any) -> ServerRecord:
    """With another identity from then on."""
    last = record.identities[-1]
    return replace(record, identities=(*record.identities, replace(last, since=since, **identity)))
