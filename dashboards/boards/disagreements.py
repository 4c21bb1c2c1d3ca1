"""Where we and the vendor disagree about last month: for the board on the vendor. Empty without a contract."""

from collections.abc import Sequence

from dashboards.boards.panels import GREEN, NONE, RED, YELLOW, Panel, Query, number
from dashboards.boards.promises import EACH, JOB, NO_CONTRACT, VERDICTS
from dashboards.boards.tables import Column, listing

LAST_MONTH = f'{JOB}, period="last_month"'
EACH_INFO = "max by (contract, claim, clause, measure, unit, service_group, evidence)"


def panels() -> Sequence[Panel]:
    """Score, money, and the table for the meeting."""
    return (false_claims(), breached(), undecided(), credits_due(), table())


def false_claims() -> Panel:
    return number(
        501,
        "False claims",
        "How many targets does the vendor report as met last month although they were certainly missed?",
        Query(expr=f"sum({EACH} (vsphere_claim_false{{{LAST_MONTH}}}))"),
        steps=((GREEN, None), (RED, 1)),
        empty=NO_CONTRACT,
    )


def breached() -> Panel:
    return number(
        502,
        "Breached",
        "How many claims of last month were certainly missed?",
        Query(expr=f'sum({EACH} (vsphere_claim_verdict_state{{{LAST_MONTH}, state="breached"}}))'),
        steps=((GREEN, None), (RED, 1)),
        empty=NO_CONTRACT,
    )


def undecided() -> Panel:
    return number(
        503,
        "Undecided",
        "How many claims of last month can nobody decide from what is known? Ask the vendor for its logs of those gaps.",
        Query(expr=f'sum({EACH} (vsphere_claim_verdict_state{{{LAST_MONTH}, state=~"undecided|no_verdict"}}))'),
        steps=((GREEN, None), (YELLOW, 1)),
        empty=NO_CONTRACT,
    )


def credits_due() -> Panel:
    return number(
        504,
        "Credit that can be claimed",
        "What the breaches of last month are worth after caps, as far as it is certain and still in time.",
        Query(
            expr=f"sum by (currency) (max by (contract, claim, currency) (vsphere_claim_credit{{{LAST_MONTH}}})"
            f" and on (contract, claim) (vsphere_claim_credit_due{{{LAST_MONTH}}} == 1))",
            legend="{{currency}}",
        ),
        empty=NONE,
    )


def table() -> Panel:
    return listing(
        505,
        "What was promised, reported, measured (last month)?",
        "In each claim's own unit. At least, at most: unknown time at its worst and at its best. The report has the evidence.",
        Query(
            expr=f"{EACH} (vsphere_claim_target{{{LAST_MONTH}}}) * on (contract, claim)"
            f" group_left (clause, measure, unit, service_group, evidence)"
            f" {EACH_INFO} (vsphere_claim_info{{{LAST_MONTH}}})"
        ),
        Query(expr=f"{EACH} (vsphere_claim_reported{{{LAST_MONTH}}})"),
        Query(expr=f'{EACH} (vsphere_claim_measured{{{LAST_MONTH}, bound="lower"}})'),
        Query(expr=f'{EACH} (vsphere_claim_measured{{{LAST_MONTH}, bound="upper"}})'),
        Query(expr=f"{EACH} (vsphere_claim_failed_looks{{{LAST_MONTH}}})"),
        Query(expr=f"{EACH} (vsphere_claim_false{{{LAST_MONTH}}})"),
        Query(expr=f"max by (contract, claim, state) (vsphere_claim_verdict_state{{{LAST_MONTH}}}) == 1"),
        columns=(
            Column(field="clause", heading="Clause"),
            Column(field="claim", heading="Claim"),
            Column(field="measure", heading="Measure"),
            Column(field="unit", heading="Unit"),
            Column(field="Value #A", heading="Promised", decimals=3),
            Column(field="Value #B", heading="Reported", decimals=3),
            Column(field="Value #C", heading="At least", decimals=3),
            Column(field="Value #D", heading="At most", decimals=3),
            Column(field="Value #E", heading="Times beyond"),
            Column(field="Value #F", heading="Report", words={"1": ("false", RED), "0": ("fits", GREEN)}),
            Column(field="state", heading="Verdict", words=VERDICTS),
            Column(field="evidence", heading="Evidence"),
        ),
        sort_by="Clause",
        descending=False,
        span=24,
        empty=NO_CONTRACT,
    )
