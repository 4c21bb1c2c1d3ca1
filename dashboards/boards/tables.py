"""The table preset, its columns, and the links from a name in it to the board of that object."""

from collections.abc import Mapping, Sequence

from grafana_foundation_sdk.builders import common as common_builder
from grafana_foundation_sdk.builders import table
from grafana_foundation_sdk.models import dashboard
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from agent.dataclass import dataclass
from dashboards.boards.panels import DATASOURCE, Query, Steps, lettered, meaning, target, thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A table's column: the label or `Value #X` it shows, its heading, and how its values read.

    `opens` is the uid of the board that a click leads to, and its variable that takes the value.
    """

    field: str
    heading: str
    unit: str | None = None
    decimals: int | None = None
    steps: Steps = ()
    words: Mapping[str, tuple[str, str]] | None = None
    opens: tuple[str, str] | None = None


VM = Column(field="vm_name", heading="VM", opens=("checkmeter-vm", "vm"))
HOST = Column(field="host_name", heading="Host", opens=("checkmeter-hosts", "host"))
CLUSTER = Column(field="cluster_name", heading="Cluster")
DATASTORE = Column(field="datastore_name", heading="Datastore")
VCENTER = Column(field="vcenter", heading="vCenter")
ALARM_FOR = (
    Column(field="alarm_name", heading="Alarm"),
    Column(field="entity_name", heading="On"),
    Column(field="Value", heading="For", unit="s"),
    VCENTER,
)
"""An alarm, what it stands on, and for how long."""


def listing(
    panel_id: int,
    title: str,
    description: str,
    *queries: Query,
    columns: Sequence[Column],
    sort_by: str,
    descending: bool = True,
    empty: str | None = None,
    span: int = 12,
) -> table.Panel:
    """A table with one line an object: the queries are merged on the labels they share; other fields are dropped."""
    panel = (
        table.Panel()
        .id(panel_id)
        .title(title)
        .description(description)
        .datasource(DATASOURCE)
        .unit("none")
        .targets([target(letter, query).instant().format(PromQueryFormat.TABLE) for letter, query in lettered(queries)])
        .with_transformation(dashboard.DataTransformerConfig(id_val="merge", options={}))
        .with_transformation(
            dashboard.DataTransformerConfig(
                id_val="filterFieldsByName", options={"include": {"names": [column.field for column in columns]}}
            )
        )
        .with_transformation(
            dashboard.DataTransformerConfig(
                id_val="organize",
                options={
                    "indexByName": {column.field: place for place, column in enumerate(columns)},
                    "renameByName": {column.field: column.heading for column in columns},
                },
            )
        )
        .sort_by([common_builder.TableSortByFieldState().display_name(sort_by).desc(descending)])
        .height(8)
        .span(span)
    )
    for column in columns:
        properties = _properties(column)
        if properties:
            panel = panel.override_by_name(column.heading, properties)
    return panel if empty is None else panel.no_value(empty)


def _properties(column: Column) -> list[dashboard.DynamicConfigValue]:
    properties = []
    if column.unit is not None:
        properties.append(dashboard.DynamicConfigValue(id_val="unit", value=column.unit))
    if column.decimals is not None:
        properties.append(dashboard.DynamicConfigValue(id_val="decimals", value=column.decimals))
    if column.steps:
        properties.append(dashboard.DynamicConfigValue(id_val="thresholds", value=thresholds(column.steps).build()))
    if column.words:
        properties.append(dashboard.DynamicConfigValue(id_val="mappings", value=[meaning(column.words)]))
    if column.steps or column.words:
        properties.append(
            dashboard.DynamicConfigValue(
                id_val="custom.cellOptions", value={"type": "color-background", "mode": "basic"}
            )
        )
    if column.opens is not None:
        properties.append(dashboard.DynamicConfigValue(id_val="links", value=[_link(*column.opens)]))
    return properties


def _link(uid: str, variable: str) -> dict[str, str]:
    return {
        "title": f"Open ${{__value.text}} on {uid}",
        "url": f"/d/{uid}?${{__url_time_range}}&${{datasource:queryparam}}&${{job:queryparam}}&${{vcenter:queryparam}}"
        f"&var-{variable}=${{__value.raw}}",
    }
