"""Presets of the panels, so that a board says only what it asks, and all boards look alike.

A panel's id is written by hand and never reused, so that links to a panel survive panels added before it.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from grafana_foundation_sdk.builders import bargauge, prometheus, stat, statetimeline, table, timeseries
from grafana_foundation_sdk.builders import common as common_builder
from grafana_foundation_sdk.builders import dashboard as dashboard_builder
from grafana_foundation_sdk.models import common, dashboard

from agent.dataclass import dataclass

DATASOURCE = common.DataSourceRef(type_val="prometheus", uid="${datasource}")
GREEN, YELLOW, RED, BLUE, GRAY = "green", "yellow", "red", "blue", "text"
NONE = "None"
"""Shown as `empty` where a query finds nothing and that is an answer; without it an empty panel says "No data"."""

Panel: TypeAlias = stat.Panel | table.Panel | timeseries.Panel | statetimeline.Panel | bargauge.Panel
Steps: TypeAlias = Sequence[tuple[str, float | None]]
PLAIN: Steps = ((GREEN, None),)
BAD_FROM_ONE: Steps = ((GREEN, None), (RED, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One PromQL expression; `legend` names its series."""

    expr: str
    legend: str = "__auto"


def number(
    panel_id: int,
    title: str,
    description: str,
    *queries: Query,
    unit: str = "none",
    steps: Steps = PLAIN,
    words: Mapping[str, tuple[str, str]] | None = None,
    span: int = 6,
    empty: str | None = None,
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
        .targets([target(letter, query).instant() for letter, query in lettered(queries)])
        .height(4)
        .span(span)
    )
    if words:
        panel = panel.mappings([meaning(words)])
    return panel if empty is None else panel.no_value(empty)


def bars(
    panel_id: int,
    title: str,
    description: str,
    *queries: Query,
    unit: str = "none",
    steps: Steps = PLAIN,
    most: float | None = None,
    span: int = 12,
    empty: str | None = None,
) -> bargauge.Panel:
    """One bar a series, to compare them; `most` is where a bar ends."""
    panel = (
        bargauge.Panel()
        .id(panel_id)
        .title(title)
        .description(description)
        .datasource(DATASOURCE)
        .unit(unit)
        .min(0)
        .thresholds(thresholds(steps))
        .orientation(common.VizOrientation.HORIZONTAL)
        .display_mode(common.BarGaugeDisplayMode.BASIC)
        .reduce_options(common_builder.ReduceDataOptions().calcs(["lastNotNull"]))
        .targets([target(letter, query).instant() for letter, query in lettered(queries)])
        .height(8)
        .span(span)
    )
    if most is not None:
        panel = panel.max(most)
    return panel if empty is None else panel.no_value(empty)


def lines(
    panel_id: int,
    title: str,
    description: str,
    *queries: Query,
    unit: str = "none",
    limit: float | None = None,
    span: int = 12,
    empty: str | None = None,
    events: bool = False,
) -> timeseries.Panel:
    """How figures went over the time range. `limit` is drawn as a red line; `events` draws a bar for each moment."""
    panel = (
        timeseries.Panel()
        .id(panel_id)
        .title(title)
        .description(description)
        .datasource(DATASOURCE)
        .unit(unit)
        .min(0)
        .fill_opacity(60 if events else 10)
        .draw_style(common.GraphDrawStyle.BARS if events else common.GraphDrawStyle.LINE)
        .legend(
            common_builder.VizLegendOptions()
            .show_legend(True)
            .display_mode(common.LegendDisplayMode.LIST)
            .placement(common.LegendPlacement.BOTTOM)
        )
        .tooltip(common_builder.VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI))
        .targets([target(letter, query).range() for letter, query in lettered(queries)])
        .height(8)
        .span(span)
    )
    if limit is not None:
        panel = panel.thresholds(thresholds(((GREEN, None), (RED, limit)))).thresholds_style(
            common_builder.GraphThresholdsStyleConfig().mode(common.GraphThresholdsStyleMode.LINE)
        )
    return panel if empty is None else panel.no_value(empty)


def strip(
    panel_id: int,
    title: str,
    description: str,
    *queries: Query,
    words: Mapping[str, tuple[str, str]],
    span: int = 12,
    height: int = 4,
    empty: str | None = None,
) -> statetimeline.Panel:
    """A coloured strip of states over the time range, one for each series; a hole is a time nobody measured."""
    panel = (
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
        .targets([target(letter, query).range() for letter, query in lettered(queries)])
        .height(height)
        .span(span)
    )
    return panel if empty is None else panel.no_value(empty)


def thresholds(steps: Steps) -> dashboard_builder.ThresholdsConfig:
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


def lettered(queries: Sequence[Query]) -> list[tuple[str, Query]]:
    """The queries with the letters that Grafana calls them by."""
    return list(zip("ABCDEFGH", queries, strict=False))


def target(letter: str, query: Query) -> prometheus.Dataquery:
    """A query as Grafana has it, neither instant nor range yet."""
    return prometheus.Dataquery().ref_id(letter).datasource(DATASOURCE).expr(query.expr).legend_format(query.legend)
