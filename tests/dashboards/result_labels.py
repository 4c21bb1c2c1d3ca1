"""Which labels the result of a PromQL expression has: what annotations, joins and routing may rely on."""

from collections.abc import Iterable, Mapping
from functools import cache

import promql_parser as promql

from exporters.prometheus.catalogue import families
from exporters.prometheus.process import process_metrics
from tests.dashboards.expressions import RULES, rules

TARGET = frozenset({"job", "instance"})
NOTHING: frozenset[str] = frozenset()
SET_OPERATORS = {"and", "unless"}
KEEPS_LABELS = {"topk", "bottomk"}
RARE_STATES = {
    "vsphere_host_sensor_health_state": {"yellow", "red", "unknown"},
    "vsphere_vm_connection_state": {"disconnected", "inaccessible", "invalid", "orphaned"},
}
"""What vSphere knows beyond the states that are always there; docs/metrics.md calls them "there while they last"."""


OF_OTHERS = {"probe_success": TARGET | {"vcenter", "vm_id", "vm_name"}}
"""What blackbox_exporter offers, with the labels that service discovery adds."""


class UnknownName(AssertionError):
    """An expression names a metric or a label that nothing offers."""


@cache
def exposed() -> Mapping[str, frozenset[str]]:
    """Every metric that Prometheus gets from the agent, with its labels; and `up`, which it makes itself."""
    offered = {family.name: frozenset(section.labels + family.labels) | TARGET for section, family in families()}
    process = {sample.name: TARGET for metric in process_metrics() for sample in metric.samples}
    return offered | process | {"up": TARGET}


@cache
def known() -> Mapping[str, frozenset[str]]:
    """The exposed metrics and the recorded ones."""
    names = dict(exposed()) | OF_OTHERS
    for path in RULES:
        for rule in rules(path):
            if "record" in rule:
                # a recording rule may remember itself: what it adds by that it already has
                names[rule["record"]] = frozenset(rule.get("labels", ()))
                names[rule["record"]] |= result_labels(promql.parse(rule["expr"]), names)
    # Prometheus makes this one: the labels of whatever fires
    names["ALERTS"] = frozenset({"alertname", "alertstate"})
    for path in RULES:
        for rule in rules(path):
            if "alert" in rule:
                names["ALERTS"] |= result_labels(promql.parse(rule["expr"]), names) | frozenset(rule["labels"])
    return names


def result_labels(node: promql.Expr, names: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The labels that the result may have.

    Raises:
        UnknownName: a metric is not in `names`, or a label that is matched, grouped or joined on is not there.
    """
    match node:
        case promql.VectorSelector():
            if node.name not in names:
                raise UnknownName(f"no metric {node.name} in {node.prettify()}")
            return _having(names[node.name], [matcher.name for matcher in node.matchers.matchers], node)
        case promql.MatrixSelector():
            return result_labels(node.vector_selector, names)
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            return result_labels(node.expr, names)
        case promql.Call() if node.func.name == "absent":
            result_labels(node.args[0], names)
            equal = promql.MatchOp.Equal
            return frozenset(matcher.name for matcher in node.args[0].matchers.matchers if matcher.op == equal)
        case promql.Call() if node.func.name == "label_replace":
            return result_labels(node.args[0], names) | {node.args[1].val}
        case promql.Call():
            return NOTHING.union(*(result_labels(argument, names) for argument in node.args))
        case promql.AggregateExpr():
            inner = result_labels(node.expr, names)
            if str(node.op) in KEEPS_LABELS:
                return inner
            if node.modifier is None:
                return NOTHING
            if node.modifier.type == promql.AggModifierType.By:
                return frozenset(node.modifier.labels) & _having(inner, node.modifier.labels, node)
            return inner - frozenset(node.modifier.labels)
        case promql.BinaryExpr():
            return _of_binary(node, names)
        case _:
            return NOTHING


def _of_binary(node: promql.BinaryExpr, names: Mapping[str, frozenset[str]]) -> frozenset[str]:
    left, right = result_labels(node.lhs, names), result_labels(node.rhs, names)
    modifier = node.modifier
    matching = modifier.matching if modifier else None
    on = matching.labels if matching and matching.type == promql.LabelModifierType.Include else ()
    _having(left, on, node)
    _having(right, on, node)
    operator = str(node.op)
    if operator == "or":
        return left | right
    if operator in SET_OPERATORS:
        return left
    grouped = frozenset(modifier.group_labels or () if modifier else ())
    if modifier and modifier.card == promql.VectorMatchCardinality.ManyToOne:
        return left | (grouped & _having(right, grouped, node))
    if modifier and modifier.card == promql.VectorMatchCardinality.OneToMany:
        return right | (grouped & _having(left, grouped, node))
    return frozenset(on) or left or right


def _having(labels: frozenset[str], wanted: Iterable[str], node: promql.Expr) -> frozenset[str]:
    missing = frozenset(wanted) - labels
    if missing:
        raise UnknownName(f"no label {', '.join(sorted(missing))} in {node.prettify()}")
    return labels


def unknown_states(expression: str) -> list[str]:
    """What an expression matches in a state set that has no such state. Rare states beyond the set need `!=`."""
    sets = {
        family.name: (family.labels[0], {*family.states, *RARE_STATES.get(family.name, ())})
        for _, family in families()
        if family.states
    }
    mistakes = []
    for selector, _ in selectors(expression):
        label, states = sets.get(selector.name, ("", set()))
        for matcher in selector.matchers.matchers:
            # alternatives are all the regular expressions there are here
            values = matcher.value.split("|")
            if matcher.name == label and not set(values) <= states:
                mistakes.append(f"{selector.name} is never {matcher.value}, only {sorted(states)}")
    return mistakes


def selectors(expression: str) -> list[tuple[promql.VectorSelector, str | None]]:
    """Every selector of an expression; one with a range comes with the function that is called on it."""
    found: list[tuple[promql.VectorSelector, str | None]] = []
    parents: list[promql.Expr] = []

    def enter(node: promql.Expr) -> None:
        if isinstance(node, promql.VectorSelector):
            ranged = bool(parents) and isinstance(parents[-1], promql.MatrixSelector)
            found.append((node, parents[-2].func.name if ranged else None))
        parents.append(node)

    def leave(node: promql.Expr) -> None:
        parents.pop()

    promql.walk(promql.parse(expression), enter, leave)
    return found
