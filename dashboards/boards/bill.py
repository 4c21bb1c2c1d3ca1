"""Is last month's bill right, and did the vendor tell of every outage? Empty without a contract."""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from dashboards.boards.disagreements import LAST_MONTH
from dashboards.boards.frame import Row, dashboard_of
from dashboards.boards.panels import GREEN, NONE, RED, YELLOW, Panel, Query, number
from dashboards.boards.tables import Column, listing
from dashboards.boards.trust import trust

NO_BILL = "No bill"
EACH_BILL = "max by (contract)"
EACH_LINE = "max by (contract, line, vm_id, vm_name)"
VERDICTS = {
    "absent": ("not there", RED),
    "duplicate": ("billed twice", RED),
    "different": ("wrong size", RED),
    "unbilled": ("not billed", YELLOW),
    "unknown": ("not known", YELLOW),
}


def board() -> Dashboard:
    return dashboard_of(
        "bill",
        "Bill and incidents",
        "Is last month's bill right, and did the vendor tell of every outage?",
        (
            trust(),
            Row(
                id=200,
                title="What did the vendor not tell?",
                panels=(incidents(), unreported(), shortened(), late()),
            ),
            Row(id=300, title="Is the bill right?", panels=(contested(), price(), verdicts(), totals(), lines())),
        ),
        past="now/M",
        refresh="5m",
    )


def incidents() -> Panel:
    return number(
        201,
        "Incidents of last month",
        "How many did both sides see, only we, only the vendor? What was planned or done by the customer is left out.",
        Query(
            expr=f'sum by (match) (max by (contract, match) (vsphere_incidents{{{LAST_MONTH}, match!="excused"}}))',
            legend="{{match}}",
        ),
        steps=((GREEN, None),),
        span=6,
        empty="No contract",
    )


def unreported() -> Panel:
    return _seconds(
        202,
        "Not reported",
        "How long did the incidents last together that are not on the vendor's list?",
        "vsphere_incidents_unreported_seconds",
    )


def shortened() -> Panel:
    return _seconds(
        203,
        "Made shorter",
        "How much shorter than measured did the vendor make an incident, at most?",
        "vsphere_incidents_shortened_seconds",
    )


def late() -> Panel:
    return _seconds(
        204,
        "Begun later",
        "How much later than measured does the vendor let an incident begin, at most?",
        "vsphere_incidents_late_start_seconds",
    )


def _seconds(panel_id: int, title: str, description: str, metric: str) -> Panel:
    return number(
        panel_id,
        title,
        description,
        Query(expr=f"{EACH_BILL} ({metric}{{{LAST_MONTH}}})", legend="{{contract}}"),
        unit="s",
        steps=((GREEN, None), (YELLOW, 60)),
        span=6,
        empty=NONE,
    )


def price() -> Panel:
    return number(
        302,
        "Billed",
        "What does last month's bill amount to, as far as its lines have prices?",
        Query(
            expr=f"sum by (currency) (max by (contract, currency) (vsphere_billing_price{{{LAST_MONTH}}}))",
            legend="{{currency}}",
        ),
        span=6,
        empty=NO_BILL,
    )


def verdicts() -> Panel:
    return number(
        303,
        "Lines of the bill",
        "How many lines are as measured, how many are not?",
        Query(
            expr=f"sum by (verdict) (max by (contract, verdict) (vsphere_billing_lines{{{LAST_MONTH}}})) > 0",
            legend="{{verdict}}",
        ),
        span=12,
        empty=NO_BILL,
    )


def contested() -> Panel:
    return number(
        301,
        "Contested of the bill",
        "What do the lines of last month's bill amount to that are not as measured?",
        Query(
            expr=f"sum by (currency) (max by (contract, currency) (vsphere_billing_contested_price{{{LAST_MONTH}}}))",
            legend="{{currency}}",
        ),
        steps=((GREEN, None), (RED, 1)),
        span=6,
        empty=NO_BILL,
    )


def totals() -> Panel:
    return listing(
        304,
        "What was billed, what was measured (last month)?",
        "All servers together. By the contract's basis and day rule.",
        Query(expr=f"{EACH_BILL} (vsphere_billing_billed_cpus{{{LAST_MONTH}}})"),
        Query(expr=f"{EACH_BILL} (vsphere_billing_measured_cpus{{{LAST_MONTH}}})"),
        Query(expr=f"{EACH_BILL} (vsphere_billing_billed_memory_bytes{{{LAST_MONTH}}})"),
        Query(expr=f"{EACH_BILL} (vsphere_billing_measured_memory_bytes{{{LAST_MONTH}}})"),
        Query(expr=f"{EACH_BILL} (vsphere_billing_billed_disk_bytes{{{LAST_MONTH}}})"),
        Query(expr=f"{EACH_BILL} (vsphere_billing_measured_disk_bytes{{{LAST_MONTH}}})"),
        columns=(
            Column(field="contract", heading="Contract"),
            Column(field="Value #A", heading="vCPU billed"),
            Column(field="Value #B", heading="measured"),
            Column(field="Value #C", heading="Memory billed", unit="bytes"),
            Column(field="Value #D", heading="measured ", unit="bytes"),
            Column(field="Value #E", heading="Disk billed", unit="bytes"),
            Column(field="Value #F", heading="measured  ", unit="bytes"),
        ),
        sort_by="Contract",
        descending=False,
        span=24,
        empty=NO_BILL,
    )


def lines() -> Panel:
    return listing(
        305,
        "Which lines of the bill are not right (last month)?",
        "Billed minus measured. The report says on which day a size changed, and who changed it.",
        Query(expr=f"max by (contract, line, vm_id, vm_name, state) (vsphere_billing_line_state{{{LAST_MONTH}}}) == 1"),
        Query(expr=f"{EACH_LINE} (vsphere_billing_difference_cpus{{{LAST_MONTH}}})"),
        Query(expr=f"{EACH_LINE} (vsphere_billing_difference_memory_bytes{{{LAST_MONTH}}})"),
        Query(expr=f"{EACH_LINE} (vsphere_billing_difference_disk_bytes{{{LAST_MONTH}}})"),
        columns=(
            Column(field="line", heading="Line"),
            Column(field="vm_name", heading="Server"),
            Column(field="state", heading="Verdict", words=VERDICTS),
            Column(field="Value #B", heading="vCPU too many"),
            Column(field="Value #C", heading="Memory too much", unit="bytes"),
            Column(field="Value #D", heading="Disk too much", unit="bytes"),
        ),
        sort_by="Server",
        descending=False,
        span=24,
        empty=NONE,
    )
