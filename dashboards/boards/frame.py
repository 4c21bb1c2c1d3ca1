"""What frames every dashboard: variables, links, annotations, time range, and how it is written.

Built with the typed builder of Grafana's own SDK and written as classic JSON, `schemaVersion` 39: Grafana 10.4 loads
that as its own, later ones migrate it forward.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import field

from grafana_foundation_sdk.builders import dashboard as dashboard_builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard

from agent.dataclass import dataclass
from dashboards.boards.panels import BLUE, DATASOURCE, GRAY, RED, YELLOW, Panel
from dashboards.boards.promql import HA_RESTARTS, recorded, selected

SCHEMA_VERSION = 39
TAG = "checkmeter"
OBJECTS: Mapping[str, tuple[str, str]] = {
    "cluster": ("Cluster", f"label_values({selected('vsphere_cluster_hosts')}, cluster_name)"),
    "host": ("Host", f"label_values({selected('vsphere_host_vms')}, host_name)"),
    "vm": ("VM", f"label_values({selected('vsphere_vm_cpus')}, vm_name)"),
}
"""Variables that a board may add: name -> label, query."""
NEVER_ALL = {"vm"}
"""Nobody wants five thousand lines in every panel: some are chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of panels under a heading that asks what they answer."""

    id: int
    title: str
    panels: Sequence[Panel] = field(default_factory=tuple)


def dashboard_of(
    name: str,
    title: str,
    description: str,
    rows: Sequence[Row],
    *,
    past: str = "now-6h",
    refresh: str = "30s",
    objects: Sequence[str] = (),
) -> dashboard_builder.Dashboard:
    """A dashboard with the common variables and with links to its sisters that keep variables and time.

    `objects` names further variables, of `OBJECTS`.
    """
    built = (
        dashboard_builder.Dashboard(f"Checkmeter / {title}")
        .uid(f"checkmeter-{name}")
        .description(description)
        .tags([TAG])
        .readonly()
        .timezone("browser")
        .time(past, "now")
        .refresh(refresh)
        .tooltip(dashboard.DashboardCursorSync.CROSSHAIR)
        .with_variable(dashboard_builder.DatasourceVariable("datasource").label("Data source").type("prometheus"))
        .with_variable(_variable("job", "Job", "label_values(checkmeter_vcenter_up, job)"))
        .with_variable(_variable("vcenter", "vCenter", 'label_values(checkmeter_vcenter_up{job=~"$job"}, vcenter)'))
        .link(
            dashboard_builder.DashboardLink("Checkmeter")
            .type(dashboard.DashboardLinkType.DASHBOARDS)
            .tags([TAG])
            .include_vars(True)
            .keep_time(True)
            .placement("")  # above the panels; the SDK would hide the links in a menu that Grafana 10 lacks
        )
    )
    for one in objects:
        built = built.with_variable(_variable(one, *OBJECTS[one]))
    for annotation in _annotations():
        built = built.annotation(annotation)
    for row in rows:
        built = built.with_row(dashboard_builder.Row(row.title).id(row.id))
        for panel in row.panels:
            built = built.with_panel(panel)
    return built


def render(board: dashboard_builder.Dashboard) -> str:
    """The dashboard's JSON as it is committed: same input, same bytes."""
    built = board.build()
    built.schema_version = SCHEMA_VERSION
    return json.dumps(built, cls=JSONEncoder, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _variable(name: str, label: str, query: str) -> dashboard_builder.QueryVariable:
    variable = (
        dashboard_builder.QueryVariable(name)
        .label(label)
        .datasource(DATASOURCE)
        .query({"query": query, "refId": f"variable-{name}"})
        .definition(query)
        .refresh(dashboard.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(dashboard.VariableSort.ALPHABETICAL_CASE_INSENSITIVE_ASC)
        .multi(True)
        .include_all(name not in NEVER_ALL)
    )
    if name in NEVER_ALL:
        return variable
    return variable.all_value(".*").current(dashboard.VariableOption(selected=True, text=["All"], value=["$__all"]))


def _annotations() -> Sequence[dashboard_builder.AnnotationQuery]:
    """What happened, drawn behind every panel: each can be switched off above the panels."""
    restarts = selected("checkmeter_ledger_events_total", HA_RESTARTS)
    return (
        _annotation(
            "Outages",
            f"sum by (vcenter) ({recorded('vsphere:vm_not_up:bool')}) > 0",
            RED,
            "VMs down on {{vcenter}}",
        ),
        _annotation(
            "HA restarts",
            f"sum by (vcenter) (increase({restarts}[$__rate_interval])) > 0",
            YELLOW,
            "vSphere HA restarted VMs of {{vcenter}}",
        ),
        # accepted planned time of a claim grows only while planned work is going on
        _annotation(
            "Planned work",
            'max by (contract, claim) (delta(vsphere_sla_planned_seconds{job=~"$job", period="this_month"}[15m])) > 0',
            BLUE,
            "Planned work counted for {{claim}}",
        ),
        _annotation(
            "Hosts in maintenance",
            f"max by (vcenter, host_name) ({selected('vsphere_host_maintenance_mode')}) == 1",
            GRAY,
            "{{host_name}} in maintenance",
            shown=False,
        ),
    )


def _annotation(
    name: str, expr: str, color: str, text: str, *, shown: bool = True
) -> dashboard_builder.AnnotationQuery:
    return (
        dashboard_builder.AnnotationQuery()
        .name(name)
        .datasource(DATASOURCE)
        .expr(expr)
        .step("60s")
        .icon_color(color)
        .title_format(text)
        .enable(shown)
        .hide(False)
    )
