"""Writes docs/metrics.md from the metrics themselves: `python -m exporters.prometheus.reference > docs/metrics.md`."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from prometheus_client import Metric

from exporters.prometheus.catalogue import sections
from exporters.prometheus.family import Family
from exporters.prometheus.process import process_metrics
from exporters.prometheus.section import Section

_INTRODUCTION = """\
# Metrics

Generated from the code by `python -m exporters.prometheus.reference`; a test holds this page fresh.

Units are base units and stand in the names. What vCenter did not say is absent, never zero. A state set has one
sample a state with the label `state`, 1 for the one that holds. `…_info` and the placement metrics are constant 1
and carry what may change, so that a move never breaks a measurement: join them by id,
`vsphere_vm_memory_active_bytes * on (vcenter, vm_id) group_left (host_name) vsphere_vm_placement_info`.
The page is rendered when something changes, not when it is scraped; the age of its values is
`time() - checkmeter_collector_last_success_timestamp_seconds`. Values that were not refreshed for three intervals
leave the page. The source in brackets is the vCenter property; `[agent]` is the agent's own knowledge.
"""


def markdown() -> str:
    """The whole page."""
    return "\n".join((_INTRODUCTION, *(_section(section) for section in sections()), _process(process_metrics())))


def _section(section: Section[Any, Any]) -> str:
    labels = ", ".join(f"`{label}`" for label in section.labels)
    identity = f"Labels of all: {labels}.\n\n" if labels else ""
    return f"## {section.title}\n\n{identity}{_table(_rows(section.families))}"


def _rows(families: Iterable[Family[Any]]) -> Iterator[tuple[str, ...]]:
    for family in families:
        own = [f"`{label}`" for label in family.labels]
        if family.states:
            own = [f"`{family.labels[0]}`: {', '.join(f'`{state}`' for state in family.states)}"]
        source = ", ".join(f"`{origin.text}`" for origin in family.source)
        yield f"`{family.name}`", family.kind.value, ", ".join(own), family.help, source


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| metric | type | further labels | meaning | source |", "|---|---|---|---|---|"]
    lines += [f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _process(metrics: Iterable[Metric]) -> str:
    rows = (
        (f"`{metric.name}_total`" if metric.type == "counter" else f"`{metric.name}`", metric.type, "",
         metric.documentation, "`/proc`")
        for metric in metrics
    )  # fmt: skip
    return f"## The agent's process\n\nAs the Prometheus client library has them, on Linux.\n\n{_table(rows)}"


if __name__ == "__main__":
    sys.stdout.write(markdown())
