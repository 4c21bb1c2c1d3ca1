"""Presets of the panels, so that a board says only what it asks, and all boards look alike.

A panel's id is written by hand and never reused, so that links to a panel survive panels added before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from grafana_foundation_sdk.builders import common as common_builder
from grafana_foundation_sdk.builders import dashboard as dashboard_builder
from grafana_foundation_sdk.builders import prometheus, stat, statetimeline, table, timeseries
from grafana_foundation_sdk.models import common, dashboard
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

DATASOURCE = common.DataSourceRef(type_val="prometheus", uid="${datasource}")
# The selectors that every query carries. Recorded series are merged over agents: they have no job.
SELECTED = 'job=~"$job", vcenter=~"$vcenter"'
SELECTED_RECORDED = 'vcenter=~"$vcenter"'

GREEN, YELLOW, RED = "green", "yellow", "red"
EMPTY_IS_GOOD = "None"
"""Shown where a query finds nothing and that is the good news; without it an empty panel says "No data"."""

Panel: TypeAlias = stat.Panel | table.Panel | timeseries.Panel | statetimeline.Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One PromQL expression; `legend` names its series, in a table `column` names its values."""

    expr: str
    legend: str = "__auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A table's column: the label or `Value #X` it shows, its heading, and how its values read."""

    field: str
    heading: str
    unit: str | None = None
    steps: Sequence[tuple[str, float | None]] = ()


def number(
    panel_id: int,
    title: str,
    description: str,
    *queries: Query,
    unit: str = "none",
    steps: Sequence[tuple[str, float | None]] = ((GREEN, None),),
    words: Mapping[str, tuple[str, str]] | None = None,
    span: int = 6,
) -> stat.Panel:
    """A figure now, one for each series. `words` says what a value means: value -> (text, colour)."""
    panel = (
        stat.Panel()
        .id(panel_id)
        .title(title)
        .description(description)
        .datasource(DATASOURCE)
        .unit(unit)
        .thresholds(thresholds(steps))
        .graph_mode(common.BigValueGraphMode.NONE)
        .color_mode(common.BigValueColorMode.BACKGROUND)
        .reduce_options(common_builder.ReduceDataOptions().calcs(["lastNotNull"]))
        .targets([_target(letter, query).instant() for letter, query in _lettered(queries)])
        .height(4)
        .span(span)
    )
    return panel.mappings([meaning(words)]) if words else panel


def listing(
    panel_id: int,
    title: str,
    description: str,
    *queries: Query,
    columns: Sequence[Column],
    sort_by: str,
    descending: bool = True,
    empty_is_good: bool = False,
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
        .targets(
            [_target(letter, query).instant().format(PromQueryFormat.TABLE) for letter, query in _lettered(queries)]
        )
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
        properties = _column_properties(column)
        if properties:
            panel = panel.override_by_name(column.heading, properties)
    return panel.no_value(EMPTY_IS_GOOD) if empty_is_good else panel


def lines(
    panel_id: int, title: str, description: str, *queries: Query, unit: str = "none", span: int = 12
) -> timeseries.Panel:
    """How figures went over the time range."""
    return (
        timeseries.Panel()
        .id(panel_id)
        .title(title)
        .description(description)
        .datasource(DATASOURCE)
        .unit(unit)
        .min(0)
        .fill_opacity(10)
        .legend(
            common_builder.VizLegendOptions()
            .show_legend(True)
            .display_mode(common.LegendDisplayMode.LIST)
            .placement(common.LegendPlacement.BOTTOM)
        )
        .tooltip(common_builder.VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI))
        .targets([_target(letter, query).range() for letter, query in _lettered(queries)])
        .height(8)
        .span(span)
    )


def strip(
    panel_id: int, title: str, description: str, *queries: Query, words: Mapping[str, tuple[str, str]], span: int = 12
) -> statetimeline.Panel:
    """A coloured strip of states over the time range, one for each series; a hole is a time nobody measured."""
    return (
        statetimeline.Panel()
        .id(panel_id)
        .title(title)
        .description(description)
        .datasource(DATASOURCE)
        .unit("none")
        .mappings([meaning(words)])
        .show_value(common.VisibilityMode.NEVER)
        .row_height(0.8)
        .fill_opacity(80)
        .targets([_target(letter, query).range() for letter, query in _lettered(queries)])
        .height(4)
        .span(span)
    )


def thresholds(steps: Sequence[tuple[str, float | None]]) -> dashboard_builder.ThresholdsConfig:
    """Colours from (colour, from this value on); the first has no lower limit."""
    return (
        dashboard_builder.ThresholdsConfig()
        .mode(dashboard.ThresholdsMode.ABSOLUTE)
        .steps([dashboard.Threshold(color=color, value=value) for color, value in steps])
    )


def meaning(words: Mapping[str, tuple[str, str]]) -> dashboard.ValueMap:
    """What values mean: value -> (text, colour)."""
    return dashboard.ValueMap(
        {
            value: dashboard.ValueMappingResult(text=text, color=color, index=place)
            for place, (value, (text, color)) in enumerate(words.items())
        }
    )


def _lettered(queries: Sequence[Query]) -> list[tuple[str, Query]]:
    return list(zip("ABCDEFGH", queries, strict=False))


def _target(letter: str, query: Query) -> prometheus.Dataquery:
    return prometheus.Dataquery().ref_id(letter).datasource(DATASOURCE).expr(query.expr).legend_format(query.legend)


def _column_properties(column: Column) -> list[dashboard.DynamicConfigValue]:
    properties = []
    if column.unit is not None:
        properties.append(dashboard.DynamicConfigValue(id_val="unit", value=column.unit))
    if column.steps:
        properties.append(dashboard.DynamicConfigValue(id_val="thresholds", value=thresholds(column.steps).build()))
        properties.append(
            dashboard.DynamicConfigValue(
                id_val="custom.cellOptions", value={"type": "color-background", "mode": "basic"}
            )
        )
    return properties
