"""Will the promise be kept this month? Downtime and unknown time as the ledger has judged them.

All figures are finished by the agent, from evidence; Prometheus only shows them. It would miscount: it forgets, and a
failed scrape looks like a machine that was up.
"""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from dashboards.boards import promises
from dashboards.boards.frame import Row, dashboard_of
from dashboards.boards.panels import GREEN, NONE, RED, YELLOW, Panel, Query, lines, number, strip
from dashboards.boards.promql import EACH_NAMED_VM, EACH_VCENTER, EACH_VM, PLACED, recorded, selected
from dashboards.boards.tables import CLUSTER, VCENTER, VM, Column, listing
from dashboards.boards.trust import trust

DOWN = "vsphere_vm_ledger_month_down_seconds"
UNKNOWN = "vsphere_vm_ledger_month_unknown_seconds"
THREE_NINES_OF_A_MONTH_S = 2592


def board() -> Dashboard:
    return dashboard_of(
        "sla",
        "Service level",
        "Will the promise be kept this month?",
        (
            trust(),
            Row(id=500, title="Does the contract hold?", panels=promises.panels()),
            Row(
                id=200,
                title="This month so far (calendar month, UTC)",
                panels=(outages(), down_in_total(), worst(), judged_until(), worst_list(), states()),
            ),
            Row(
                id=300,
                title="Where did it go?",
                panels=(outages_over_time(), down_over_time(), by_cluster(), unknown_list(), measured(), in_all()),
            ),
        ),
        past="now/M",
        refresh="5m",
    )


def outages() -> Panel:
    return number(
        201,
        "Outages",
        "How many outages of machines has this month had, those that last too? `checkmeter ledger outages` lists them.",
        Query(expr=f"{EACH_VCENTER} ({selected('checkmeter_ledger_month_outages')})", legend="{{vcenter}}"),
        steps=((GREEN, None), (YELLOW, 1)),
    )


def down_in_total() -> Panel:
    return number(
        202,
        "Downtime of all machines",
        "How long were machines certainly not up this month, added up? Planned or not: the contract decides, not this.",
        Query(expr=f"sum by (vcenter) ({EACH_VM} ({selected(DOWN)}))", legend="{{vcenter}}"),
        unit="s",
        steps=((GREEN, None), (YELLOW, 1)),
    )


def worst() -> Panel:
    return number(
        203,
        "Worst machine",
        "How long was the worst machine down this month? 43 minutes are what 99.9 % of a month leave.",
        Query(expr=f"max by (vcenter) ({selected(DOWN)})", legend="{{vcenter}}"),
        unit="s",
        steps=((GREEN, None), (YELLOW, THREE_NINES_OF_A_MONTH_S / 2), (RED, THREE_NINES_OF_A_MONTH_S)),
    )


def judged_until() -> Panel:
    return number(
        204,
        "Judged until",
        "How old is the newest judgement of the ledger? What happened since is not in the figures here yet.",
        Query(
            expr=f"time() - {EACH_VCENTER} ({selected('checkmeter_ledger_judged_until_timestamp_seconds')})",
            legend="{{vcenter}}",
        ),
        unit="s",
        steps=((GREEN, None), (YELLOW, 900), (RED, 3600)),
    )


def worst_list() -> Panel:
    return listing(
        205,
        "Which machines were down longest?",
        "The fifteen worst of this month, with the time of which nothing is known: that may be down as well.",
        Query(expr=f"topk(15, {EACH_NAMED_VM} ({selected(DOWN)}) > 0)"),
        Query(
            expr=f"{EACH_NAMED_VM} ({selected(UNKNOWN)}) and on (vcenter, vm_id)"
            f" topk(15, {EACH_NAMED_VM} ({selected(DOWN)}) > 0)"
        ),
        columns=(
            VM,
            Column(
                field="Value #A",
                heading="Down",
                unit="s",
                steps=((YELLOW, None), (RED, THREE_NINES_OF_A_MONTH_S)),
            ),
            Column(field="Value #B", heading="Unknown", unit="s"),
            VCENTER,
        ),
        sort_by="Down",
        empty=NONE,
    )


def states() -> Panel:
    per = "max by (vcenter, vm_id, vm_name, state)"
    not_up = selected("vsphere_vm_ledger_state_since_timestamp_seconds", 'state=~"down|suspended|guest_silent"')
    return listing(
        206,
        "Which machines are not up now, by the ledger?",
        "With the cause behind it: `checkmeter ledger vm NAME` prints the evidence.",
        Query(expr=f"(time() - {per} ({not_up})) {PLACED}"),
        columns=(
            VM,
            Column(field="state", heading="State"),
            Column(field="Value", heading="For", unit="s"),
            CLUSTER,
            VCENTER,
        ),
        sort_by="For",
        descending=False,
        empty=NONE,
    )


def outages_over_time() -> Panel:
    return lines(
        301,
        "When did outages come?",
        "Outages of this month, counted up. Back to zero with each month (UTC).",
        Query(expr=f"{EACH_VCENTER} ({selected('checkmeter_ledger_month_outages')})", legend="{{vcenter}}"),
    )


def down_over_time() -> Panel:
    return lines(
        302,
        "How does downtime add up?",
        "Downtime of the ten worst machines. The line is what 99.9 % of a month leave to each.",
        Query(expr=f"topk(10, {EACH_NAMED_VM} ({selected(DOWN)}) > 0)", legend="{{vm_name}}"),
        unit="s",
        limit=THREE_NINES_OF_A_MONTH_S,
        empty=NONE,
    )


def by_cluster() -> Panel:
    return lines(
        303,
        "Where was the downtime?",
        "Downtime of this month by the cluster that machines are in now.",
        Query(
            expr="sum by (cluster_name) (max by (vcenter, vm_id)"
            f" ({selected(DOWN)}) * on (vcenter, vm_id) group_left (cluster_name) {recorded('vsphere:vm_placement:info')})",
            legend="{{cluster_name}}",
        ),
        unit="s",
        span=8,
    )


def unknown_list() -> Panel:
    return listing(
        304,
        "Of which machines is least known?",
        "Time of this month in which nothing could tell. Above a few minutes a claim cannot be decided.",
        Query(expr=f"topk(15, {EACH_NAMED_VM} ({selected(UNKNOWN)}) > 0)"),
        columns=(VM, Column(field="Value", heading="Unknown", unit="s"), VCENTER),
        sort_by="Unknown",
        empty=NONE,
        span=8,
    )


def measured() -> Panel:
    return strip(
        305,
        "When was it measured?",
        "Green: the meter saw vCenter. Red or a hole: what is known of that time was learned later, from events.",
        Query(expr=f"{EACH_VCENTER} ({selected('checkmeter_vcenter_up')})", legend="{{vcenter}}"),
        words={"1": ("measured", GREEN), "0": ("not reached", RED)},
        span=8,
        height=8,
    )


def in_all() -> Panel:
    return listing(
        306,
        "And since the ledger began?",
        "Downtime and unknown time of every month together, the worst fifteen. What is learned later may lower both.",
        Query(expr=f"topk(15, {EACH_NAMED_VM} ({selected('vsphere_vm_ledger_down_seconds')}) > 0)"),
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_ledger_unknown_seconds')}) and on (vcenter, vm_id)"
            f" topk(15, {EACH_NAMED_VM} ({selected('vsphere_vm_ledger_down_seconds')}) > 0)"
        ),
        columns=(
            VM,
            Column(field="Value #A", heading="Down", unit="s"),
            Column(field="Value #B", heading="Unknown", unit="s"),
            VCENTER,
        ),
        sort_by="Down",
        empty=NONE,
        span=24,
    )
