"""What the contract promises and how it stands this month: for the board on service levels. Empty without a contract."""

from collections.abc import Sequence

from dashboards.boards.panels import BLUE, GRAY, GREEN, RED, YELLOW, Panel, Query, bars, number
from dashboards.boards.tables import Column, listing

JOB = 'job=~"$job"'
THIS_MONTH = f'{JOB}, period="this_month"'
EACH = "max by (contract, claim)"
NO_CONTRACT = "No contract"
VERDICTS = {
    "met": ("met", GREEN),
    "breached": ("breached", RED),
    "undecided": ("undecided", YELLOW),
    "no_verdict": ("no verdict", GRAY),
}
CLAIM = Column(field="claim", heading="Claim")


def panels() -> Sequence[Panel]:
    """Contract, verdicts, availability with both bounds, budget, where time went, servers, past months."""
    return (contract(), judged(), verdicts(), availability(), budget(), time_spent(), servers(), past())


def contract() -> Panel:
    return number(
        501,
        "The contract",
        "Can the contract's files be used, and how many things keep claims from being judged? `checkmeter claims check`.",
        Query(expr=f"min by (instance) (checkmeter_contract_valid{{{JOB}}})", legend="files"),
        words={"1": ("can be used", GREEN), "0": ("mistakes in it", RED)},
        empty=NO_CONTRACT,
    )


def judged() -> Panel:
    return number(
        508,
        "Judged",
        "How long ago were the claims judged last?",
        Query(
            expr=f"time() - max by (instance) (checkmeter_claims_evaluated_timestamp_seconds{{{JOB}}})",
            legend="{{instance}}",
        ),
        unit="s",
        steps=((GREEN, None), (YELLOW, 3600), (RED, 86400)),
        empty=NO_CONTRACT,
    )


def verdicts() -> Panel:
    return number(
        502,
        "Verdicts so far this month",
        "How many claims are met, breached, undecided or without a verdict, as of now?",
        Query(
            expr="count by (state) (max by (contract, claim, state)"
            f" (vsphere_claim_verdict_state{{{THIS_MONTH}}}) == 1)",
            legend="{{state}}",
        ),
        steps=((BLUE, None),),
        span=12,
        empty=NO_CONTRACT,
    )


def availability() -> Panel:
    return listing(
        503,
        "Is each promise of availability kept, this month so far?",
        "Of agreed time. Lower: unknown time counts as down; upper: as up. Between them lies what nobody can prove.",
        Query(expr=f"{EACH} (vsphere_sla_target_ratio{{{THIS_MONTH}}})"),
        Query(expr=f'{EACH} (vsphere_sla_availability_ratio{{{THIS_MONTH}, bound="lower"}})'),
        Query(expr=f'{EACH} (vsphere_sla_availability_ratio{{{THIS_MONTH}, bound="upper"}})'),
        Query(expr=f"{EACH} (vsphere_claim_coverage_ratio{{{THIS_MONTH}}})"),
        Query(expr=f"max by (contract, claim, state) (vsphere_claim_verdict_state{{{THIS_MONTH}}}) == 1"),
        columns=(
            CLAIM,
            Column(field="Value #A", heading="Promised", unit="percentunit", decimals=3),
            Column(field="Value #B", heading="At least", unit="percentunit", decimals=3),
            Column(field="Value #C", heading="At most", unit="percentunit", decimals=3),
            Column(field="Value #D", heading="Known", unit="percentunit", decimals=2),
            Column(field="state", heading="Verdict", words=VERDICTS),
        ),
        sort_by="At least",
        descending=False,
        empty=NO_CONTRACT,
    )


def budget() -> Panel:
    return listing(
        504,
        "How much may still be down this month?",
        "What the promise leaves for the whole month, and what is left. Below zero it is broken, whatever comes.",
        Query(expr=f"{EACH} (vsphere_sla_budget_seconds{{{THIS_MONTH}}})"),
        Query(expr=f"{EACH} (vsphere_sla_budget_remaining_seconds{{{THIS_MONTH}}})"),
        columns=(
            CLAIM,
            Column(field="Value #A", heading="For the month", unit="s"),
            Column(field="Value #B", heading="Left", unit="s", steps=((RED, None), (YELLOW, 0), (GREEN, 600))),
        ),
        sort_by="Left",
        descending=False,
        empty=NO_CONTRACT,
    )


def time_spent() -> Panel:
    return listing(
        505,
        "Where did the time go?",
        "Agreed, down, unknown; and what was taken out of it: planned work and other exclusions. Of the worst server, per VM.",
        Query(expr=f"{EACH} (vsphere_sla_agreed_seconds{{{THIS_MONTH}}})"),
        Query(expr=f"{EACH} (vsphere_sla_down_seconds{{{THIS_MONTH}}})"),
        Query(expr=f"{EACH} (vsphere_sla_unknown_seconds{{{THIS_MONTH}}})"),
        Query(expr=f"{EACH} (vsphere_sla_planned_seconds{{{THIS_MONTH}}})"),
        Query(expr=f"{EACH} (vsphere_sla_excluded_seconds{{{THIS_MONTH}}})"),
        columns=(
            CLAIM,
            Column(field="Value #A", heading="Agreed", unit="s"),
            Column(field="Value #B", heading="Down", unit="s"),
            Column(field="Value #C", heading="Unknown", unit="s"),
            Column(field="Value #D", heading="Planned", unit="s"),
            Column(field="Value #E", heading="Excluded", unit="s"),
        ),
        sort_by="Down",
        empty=NO_CONTRACT,
    )


def servers() -> Panel:
    return listing(
        506,
        "How many servers of each claim?",
        "Servers by what the ledger says of each, this month so far.",
        Query(expr=f"max by (contract, claim, verdict) (vsphere_sla_vms{{{THIS_MONTH}}}) > 0"),
        columns=(
            CLAIM,
            Column(field="verdict", heading="Verdict", words=VERDICTS),
            Column(field="Value", heading="Servers"),
        ),
        sort_by="Claim",
        descending=False,
        span=6,
        empty=NO_CONTRACT,
    )


def past() -> Panel:
    return bars(
        507,
        "And in the months before?",
        "Availability of the months that are over, at least so much. At most the last thirteen.",
        Query(
            expr=f'max by (month, claim) (vsphere_sla_month_availability_ratio{{{JOB}, bound="lower"}})',
            legend="{{month}}, {{claim}}",
        ),
        unit="percentunit",
        most=1,
        span=6,
        empty=NO_CONTRACT,
    )
