"""What the health checks say: `checkmeter health` prints the same with evidence and advice."""

from collections.abc import Sequence

from dashboards.boards.panels import GREEN, NONE, RED, YELLOW, Panel, Query, number
from dashboards.boards.promql import EACH_VCENTER, selected
from dashboards.boards.tables import VCENTER, Column, listing

EACH_CHECK = "max by (vcenter, check)"
GRAVE = 'severity=~"critical|warning"'
SEVERITY = Column(
    field="severity",
    heading="Severity",
    words={"critical": ("critical", RED), "warning": ("warning", YELLOW)},
)


def panels() -> Sequence[Panel]:
    """Counts, and the list of what stands."""
    return (critical(), warning(), undecided(), acknowledged(), standing())


def critical() -> Panel:
    return number(
        501,
        "Critical findings",
        "Of how many objects do health checks say something critical that nobody acknowledged?",
        Query(expr=f"sum({EACH_CHECK} ({selected('vsphere_health_findings', severity='critical')}))"),
        steps=((GREEN, None), (RED, 1)),
    )


def warning() -> Panel:
    return number(
        502,
        "Warnings",
        "The same for warnings.",
        Query(expr=f"sum({EACH_CHECK} ({selected('vsphere_health_findings', severity='warning')}))"),
        steps=((GREEN, None), (YELLOW, 1)),
    )


def undecided() -> Panel:
    return number(
        503,
        "Not known",
        "How often could a check not be made, because the account may not see what it needs? Not known is not healthy.",
        Query(expr=f"sum({EACH_CHECK} ({selected('vsphere_health_findings', severity='unknown')}))"),
        steps=((GREEN, None), (YELLOW, 1)),
    )


def acknowledged() -> Panel:
    return number(
        504,
        "Acknowledged",
        "How many findings has somebody acknowledged, with a reason and until a day?",
        Query(expr=f"sum({EACH_CHECK} ({selected('vsphere_health_acknowledged_findings')}))"),
    )


def standing(panel_id: int = 505) -> Panel:
    per = "max by (vcenter, check, severity, entity_type, entity_name)"
    return listing(
        panel_id,
        "What did the health checks find?",
        "Critical and warning, the longest open first. What each means and what to ask the vendor: docs/checks.md.",
        Query(
            expr=f"{per} (time() - {selected('vsphere_health_finding_since_timestamp_seconds', GRAVE)})"
            f" or {per} (0 * {selected('vsphere_health_finding', GRAVE)})"
        ),
        columns=(
            SEVERITY,
            Column(field="check", heading="Check"),
            Column(field="entity_name", heading="On"),
            Column(field="Value", heading="Open for", unit="s"),
            VCENTER,
        ),
        sort_by="Open for",
        empty=NONE,
        span=24,
    )


def made() -> Panel:
    """For the board of the agent: the checks themselves."""
    return number(
        209,
        "Health checks made",
        "How long ago were all health checks made?",
        Query(
            expr=f"time() - {EACH_VCENTER} ({selected('checkmeter_health_evaluated_timestamp_seconds')})",
            legend="{{vcenter}}",
        ),
        unit="s",
        steps=((GREEN, None), (YELLOW, 600), (RED, 3600)),
        span=4,
    )


def omitted() -> Panel:
    """For the board of the agent: whether the list is whole."""
    return number(
        210,
        "Findings without a series",
        "How many objects with findings are left out of the metrics, because they are too many? The page has all.",
        Query(expr=f"{EACH_VCENTER} ({selected('checkmeter_health_omitted_findings')})", legend="{{vcenter}}"),
        steps=((GREEN, None), (YELLOW, 1)),
        span=4,
    )
