"""What frames every dashboard: variables, links, time range, and how it is written.

Built with the typed builder of Grafana's own SDK and written as classic JSON, `schemaVersion` 39: Grafana 10.4 loads
that as its own, later ones migrate it forward.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from grafana_foundation_sdk.builders import dashboard as dashboard_builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard

from dashboards.boards.panels import DATASOURCE, Panel

SCHEMA_VERSION = 39
TAG = "checkmeter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of panels under a heading that asks what they answer."""

    id: int
    title: str
    panels: Sequence[Panel] = field(default_factory=tuple)


def dashboard_of(
    uid: str, title: str, description: str, rows: Sequence[Row], *, past: str = "now-6h"
) -> dashboard_builder.Dashboard:
    """A dashboard with the common variables and with links to its sisters that keep variables and time."""
    built = (
        dashboard_builder.Dashboard(title)
        .uid(uid)
        .description(description)
        .tags([TAG])
        .readonly()
        .timezone("browser")
        .time(past, "now")
        .refresh("30s")
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
    return (
        dashboard_builder.QueryVariable(name)
        .label(label)
        .datasource(DATASOURCE)
        .query({"query": query, "refId": f"variable-{name}"})
        .definition(query)
        .refresh(dashboard.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(dashboard.VariableSort.ALPHABETICAL_CASE_INSENSITIVE_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".*")
        .current(dashboard.VariableOption(selected=True, text=["All"], value=["$__all"]))
    )
