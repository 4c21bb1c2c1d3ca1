"""Can I trust the numbers? How the meter itself is.

Asked by whoever runs it, and by whoever is told that the meter must be wrong.
"""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from dashboards.boards import agent_ledger, findings
from dashboards.boards.frame import Row, dashboard_of
from dashboards.boards.panels import NONE, Panel, Query, lines, strip
from dashboards.boards.promql import EACH_VCENTER, growth, selected
from dashboards.boards.tables import VCENTER, Column, listing
from dashboards.boards.trust import REACHABLE, trust

EACH_COLLECTOR = "max by (vcenter, collector)"
OF_JOB = 'job=~"$job"'


def board() -> Dashboard:
    return dashboard_of(
        "agent",
        "Agent",
        "Can I trust the numbers?",
        (
            trust(),
            Row(
                id=110, title="What has it seen?", panels=(measured_time(), clock_offset(), collectors(), blind_spots())
            ),
            Row(
                id=200,
                title="Does the ledger hold, and are checks made?",
                panels=(*agent_ledger.panels(), findings.made(), findings.omitted()),
            ),
            Row(
                id=300,
                title="Does it do well?",
                panels=(durations(), failures(), calls(), received(), memory(), processor(), files(), builds()),
            ),
        ),
    )


def measured_time() -> Panel:
    return strip(
        104,
        "When did the meter see vCenter?",
        "Green: vCenter answered. Red: it did not. A hole: the meter itself was away. Only green time is measured time.",
        Query(expr=f"{EACH_VCENTER} ({selected('checkmeter_vcenter_up')})", legend="{{vcenter}}"),
        words=REACHABLE,
        height=8,
    )


def clock_offset() -> Panel:
    return lines(
        111,
        "Do the clocks agree?",
        "vCenter's clock minus the agent's. Times of outages are disputed by as much; from two seconds on it is warned of.",
        Query(
            expr=f"{EACH_VCENTER} (abs({selected('checkmeter_vcenter_clock_offset_seconds')}))", legend="{{vcenter}}"
        ),
        unit="s",
        limit=2,
    )


def collectors() -> Panel:
    return listing(
        112,
        "Is every collector fresh?",
        "Time since each last succeeded, and how often it runs. After three intervals its values leave the page.",
        Query(expr=f"time() - {EACH_COLLECTOR} ({selected('checkmeter_collector_last_success_timestamp_seconds')})"),
        Query(expr=f"{EACH_COLLECTOR} ({selected('checkmeter_collector_interval_seconds')})"),
        Query(expr=f"{EACH_COLLECTOR} ({growth('checkmeter_collector_runs_total')}) * 60"),
        columns=(
            Column(field="collector", heading="Collector"),
            Column(field="Value #A", heading="Last success", unit="s"),
            Column(field="Value #B", heading="Interval", unit="s"),
            Column(field="Value #C", heading="Runs a minute"),
            VCENTER,
        ),
        sort_by="Last success",
    )


def blind_spots() -> Panel:
    return listing(
        113,
        "What may the account not see?",
        "Properties that vCenter refused, with the privilege that is missing. What hangs on them is unknown, not healthy.",
        Query(
            expr=f"max by (vcenter, object, property, privilege) ({selected('checkmeter_unreadable_properties')}) > 0"
        ),
        columns=(
            Column(field="object", heading="Object"),
            Column(field="property", heading="Property"),
            Column(field="privilege", heading="Privilege"),
            Column(field="Value", heading="Objects"),
            VCENTER,
        ),
        sort_by="Objects",
        empty=NONE,
    )


def durations() -> Panel:
    return lines(
        301,
        "How long does a round take?",
        "Duration of each collector's last run. Close to its interval, it can no longer keep pace.",
        Query(
            expr=f"{EACH_COLLECTOR} ({selected('checkmeter_collector_last_duration_seconds')})",
            legend="{{vcenter}}, {{collector}}",
        ),
        unit="s",
    )


def failures() -> Panel:
    return lines(
        302,
        "What went wrong?",
        "Runs that failed because the world did, runs that failed by a mistake of the agent, and failed calls by kind.",
        Query(
            expr=f"sum by (vcenter) (increase({selected('checkmeter_collector_failures_total')}[$__rate_interval]))",
            legend="{{vcenter}}, runs failed",
        ),
        Query(
            expr=f"sum by (vcenter) (increase({selected('checkmeter_collector_bugs_total')}[$__rate_interval]))",
            legend="{{vcenter}}, bugs",
        ),
        Query(
            expr=f"sum by (vcenter, kind) (increase({selected('checkmeter_vcenter_errors_total')}[$__rate_interval]))",
            legend="{{vcenter}}, calls failed: {{kind}}",
        ),
        events=True,
        empty=NONE,
    )


def calls() -> Panel:
    return lines(
        303,
        "What does it cost vCenter?",
        "Calls each second, by method. WaitForUpdatesEx mostly waits.",
        Query(
            expr=f"sum by (method) ({growth('checkmeter_vcenter_calls_total')})",
            legend="{{method}}",
        ),
        unit="reqps",
    )


def received() -> Panel:
    return lines(
        304,
        "What does it cost the network?",
        "Bytes of answers each second, and log-ins each second: one log-in lasts as long as the session.",
        Query(
            expr=f"sum by (vcenter) ({growth('checkmeter_vcenter_received_bytes_total')})",
            legend="{{vcenter}}, received",
        ),
        unit="Bps",
    )


def memory() -> Panel:
    return lines(
        305,
        "Does its memory grow?",
        "Resident memory of the agent's process. It ought to be level after an hour.",
        Query(expr=f"max by (instance) (process_resident_memory_bytes{{{OF_JOB}}})", legend="{{instance}}"),
        unit="bytes",
        span=8,
    )


def processor() -> Panel:
    return lines(
        306,
        "How much processor does it take?",
        "Share of one core.",
        Query(
            expr=f"max by (instance) (rate(process_cpu_seconds_total{{{OF_JOB}}}[$__rate_interval]))",
            legend="{{instance}}",
        ),
        unit="percentunit",
        span=8,
    )


def files() -> Panel:
    return lines(
        307,
        "How many series does it give, and how many files has it open?",
        "Series on the metrics page, and open file descriptors. Neither may climb for ever.",
        Query(expr=f"max by (instance) (checkmeter_series{{{OF_JOB}}})", legend="{{instance}}, series"),
        Query(expr=f"max by (instance) (process_open_fds{{{OF_JOB}}})", legend="{{instance}}, open files"),
        span=8,
    )


def builds() -> Panel:
    return listing(
        308,
        "Which agents run?",
        "Version, and how long each has been running. All ought to run the same.",
        Query(
            expr=f"max by (instance, version, python) (checkmeter_build_info{{{OF_JOB}}})"
            f" * on (instance) group_left () (time() - max by (instance) (checkmeter_start_time_seconds{{{OF_JOB}}}))"
        ),
        columns=(
            Column(field="instance", heading="Agent"),
            Column(field="version", heading="Version"),
            Column(field="python", heading="Python"),
            Column(field="Value", heading="Running for", unit="s"),
        ),
        sort_by="Running for",
        descending=False,
        span=24,
    )
