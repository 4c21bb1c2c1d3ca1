"""A month of a contract: every claim over the time in which it held, judged."""

from collections.abc import Iterable
from dataclasses import replace

from agent.claims.availability import availability
from agent.claims.cpu_ready import cpu_ready
from agent.claims.credits import with_credits
from agent.claims.incident_response import incident_response
from agent.claims.looked_at import looked_at
from agent.claims.month import Month
from agent.claims.planned_use import excluded_times, planned_uses
from agent.claims.seconds import second
from agent.claims.selection import group_of
from agent.claims.terms import ClaimStretch, claim_stretches, in_force, month_of, newest
from agent.model.claim_evidence import MonthEvidence
from agent.model.contract_claims import Measure
from agent.model.contract_folder import ContractFolder
from agent.model.verdict import ClaimResult, MonthResult


def evaluate(
    folder: ContractFolder, name: str, evidence: MonthEvidence, earlier: Iterable[MonthResult] = ()
) -> MonthResult:
    """The month `2026-10` by the terms that held in it.

    `earlier` are months of the same calendar year, whose credits fill the yearly cap.
    """
    month = month_of(folder, name)
    segments = in_force(folder, month)
    results = [_result(stretch, folder, month, evidence) for stretch in claim_stretches(segments)]
    until = second(evidence.until)
    last = segments[-1] if segments else None
    if last is not None:
        results = list(
            with_credits(
                results,
                last.terms,
                month_end=month.last_day,
                report=folder.reports.get(name),
                now=evidence.now or evidence.until,
                earlier=[one for past in earlier for one in past.claims],
            )
        )
    return MonthResult(
        contract=newest(folder).metadata.name,
        month=name,
        start=month.start,
        end=month.end,
        judged_until=min(evidence.until, month.end) if evidence.until > month.start else None,
        revisions=tuple(dict.fromkeys(one.revision for one in segments)),
        claims=tuple(results),
        planned=planned_uses(segments, evidence.servers, until),
        excluded=excluded_times(segments),
        unmatched=tuple(
            sorted(
                one.name
                for one in evidence.servers
                if last is not None and group_of(last.terms.service_groups, one.identities[-1]) is None
            )
        ),
    )


def _result(stretch: ClaimStretch, folder: ContractFolder, month: Month, evidence: MonthEvidence) -> ClaimResult:
    match stretch.claim.measure:
        case Measure.AVAILABILITY:
            found = availability(stretch, evidence, folder.incidents, month.name)
        case Measure.CPU_READY_P95:
            found = cpu_ready(stretch, evidence, month.name)
        case Measure.INCIDENT_RESPONSE:
            found = incident_response(stretch, evidence, folder.incidents, month.name)
        case _:
            found = looked_at(stretch, evidence, month.name)
    report = folder.reports.get(month.name)
    figure = report.figures.get(stretch.claim.id) if report else None
    document = report.document.title if report and report.document else None
    return replace(found, reported=figure, reported_document=document if figure is not None else None)
