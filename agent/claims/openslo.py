"""Availability claims as OpenSLO objects (openslo/v1), for tools that speak it. What OpenSLO cannot say stays in the contract."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from agent.claims.terms import newest
from agent.model.contract_claims import Measure
from agent.model.contract_folder import ContractFolder

NAME_LIMIT = 63


def slos(folder: ContractFolder) -> Iterator[dict[str, Any]]:
    """One SLO for each availability claim of the newest revision: calendar month, our own seconds as its two counters."""
    contract = newest(folder)
    terms = contract.spec
    for claim in terms.claims:
        if claim.measure != Measure.AVAILABILITY:
            continue
        group = claim.scope.service_group or "all"
        selector = f'contract="{contract.metadata.name}",claim="{claim.id}",period="this_month"'
        begin = datetime(terms.valid_from.year, terms.valid_from.month, 1)  # noqa: DTZ001 - the zone stands beside it
        yield {
            "apiVersion": "openslo/v1",
            "kind": "SLO",
            "metadata": {
                "name": f"{contract.metadata.name}-{claim.id}"[:NAME_LIMIT],
                "displayName": f"{claim.clause} {claim.says or claim.id}",
            },
            "spec": {
                "description": claim.says or f"Clause {claim.clause} of the contract with {terms.parties.vendor}",
                "service": group,
                "indicator": {
                    "metadata": {"name": f"{claim.id}-agreed-time"},
                    "spec": {
                        "ratioMetric": {
                            "counter": True,
                            "bad": _metric(f"sum(vsphere_sla_down_seconds{{{selector}}})"),
                            "total": _metric(f"sum(vsphere_sla_agreed_seconds{{{selector}}})"),
                        }
                    },
                },
                "timeWindow": [
                    {
                        "duration": "1M",
                        "isRolling": False,
                        "calendar": {"startTime": f"{begin:%Y-%m-%d %H:%M:%S}", "timeZone": terms.time_zone},
                    }
                ],
                "budgetingMethod": "Occurrences",
                "objectives": [{"displayName": claim.id, "target": float(claim.target.value / 100)}],
            },
        }


def _metric(query: str) -> dict[str, Any]:
    return {"metricSource": {"type": "Prometheus", "spec": {"query": query}}}
