"""Every PromQL expression that the dashboards and rules ask Prometheus, with Grafana's variables put in."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
BOARDS = tuple(sorted((ROOT / "dashboards/grafana").glob("*.json")))
RULES = tuple(sorted((ROOT / "dashboards/prometheus/rules").glob("*.yml")))

# What Grafana itself defines, as it is for a six-hour view on a scrape interval of 30 s.
BUILT_IN = {"__rate_interval": "2m", "__interval": "30s", "__range": "6h", "__range_s": "21600"}
# Recordings of what ought not to be.
EMPTY_IS_GOOD = {"vsphere:vm_lost_datastore:info"}
# Recordings of what blackbox_exporter measures, where there is one.
FROM_PROBES = {"vsphere:vm_probe:min", "vsphere:vm_up_but_unreachable:bool"}
LABEL_VALUES = re.compile(r"label_values\((?:(?P<selector>.+),\s*)?(?P<label>\w+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """One question to Prometheus. `where` says who asks it; `written` is the text before substitution."""

    where: str
    written: str
    promql: str
    instant: bool
    may_be_empty: bool
    label: str | None = None
    """For a variable: the label whose values are asked for, on the series that `promql` selects."""


def dashboard_expressions(board: Mapping[str, Any]) -> Iterator[Expression]:
    """Of panels, variables and annotations of one dashboard.

    A panel may be empty when it has a text for that ("None").

    Raises:
        KeyError: an expression names a variable that the dashboard does not define.
    """
    variables = {one["name"]: one.get("allValue", ".*") for one in board["templating"]["list"]} | BUILT_IN
    title = board["title"]
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            query = variable["query"]["query"]
            asked = LABEL_VALUES.fullmatch(query)
            assert asked is not None, f"{title}: variable {variable['name']} is no label_values(): {query}"
            yield Expression(
                where=f"{title} / ${variable['name']}",
                written=asked["selector"],
                promql=substituted(asked["selector"], variables),
                instant=True,
                may_be_empty=False,
                label=asked["label"],
            )
    for annotation in board.get("annotations", {}).get("list", []):
        if annotation.get("expr"):
            yield Expression(
                where=f"{title} / annotation {annotation['name']}",
                written=annotation["expr"],
                promql=substituted(annotation["expr"], variables),
                instant=False,
                may_be_empty=True,
            )
    for panel in panels(board):
        for target in panel.get("targets", []):
            yield Expression(
                where=f"{title} / {panel['title']} / {target['refId']}",
                written=target["expr"],
                promql=substituted(target["expr"], variables),
                instant=bool(target.get("instant")),
                may_be_empty="noValue" in panel["fieldConfig"]["defaults"],
            )


def rule_expressions(path: Path) -> Iterator[Expression]:
    """Of recording and alerting rules; an alert's is empty while it does not fire."""
    for rule in rules(path):
        yield Expression(
            where=f"{path.name} / {rule.get('record') or rule['alert']}",
            written=rule["expr"],
            promql=rule["expr"],
            instant=True,
            may_be_empty="alert" in rule or rule["record"] in EMPTY_IS_GOOD | FROM_PROBES,
        )


def load_board(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


@cache
def load_yaml(path: Path) -> Any:
    """Read once, as the large ones take seconds: not to be changed."""
    return YAML(typ="safe").load(path)


def panels(board: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All panels that show something, those in collapsed rows too."""
    for panel in board["panels"]:
        if panel["type"] == "row":
            yield from panel.get("panels", [])
        else:
            yield panel


def rules(path: Path) -> Iterator[dict[str, Any]]:
    for group in load_yaml(path)["groups"]:
        yield from group["rules"]


def substituted(text: str, variables: Mapping[str, str]) -> str:
    """`$name`, `${name}` and `${name:format}` replaced."""
    return re.sub(r"\$(?:\{(\w+)(?::\w+)?\}|(\w+))", lambda match: variables[match[1] or match[2]], text)
