"""Metrics and health checks that a contract names, as figures that the ledger can keep: gauges of single objects."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from agent.model.facts import FOUND, UNTOLD, Figure
from agent.model.health import HealthReport, State
from agent.model.world import Target
from exporters.prometheus.catalogue import INVENTORY, PERFORMANCE
from exporters.prometheus.family import Family, Kind
from exporters.prometheus.section import Section, Sight

CHECK = "check:"
EVERY_OBJECT = "*"


def recordable() -> frozenset[str]:
    """The metrics that a contract can name: what counters have counted grows for ever and tells nothing by itself."""
    return frozenset(
        family.name
        for section in (*INVENTORY, *PERFORMANCE)
        for family in section.families
        if family.kind is Kind.GAUGE and _kind_of(section) is not None
    )


def figures(target: Target, now: datetime, names: Collection[str]) -> Iterator[Figure]:
    """What is told now of each object under these names; nothing of what is stale."""
    inventory = target.visible_inventory(now)
    if inventory is None or not names:
        return
    sight = Sight(vcenter=target.name, inventory=inventory, performance=target.performance, health=target.health)
    for section in (*INVENTORY, *PERFORMANCE):
        kind = _kind_of(section)
        wanted = [one for one in section.families if one.name in names and one.kind is Kind.GAUGE]
        if kind is not None and wanted:
            yield from _of_section(section, wanted, kind, sight)
    if target.health is not None:
        yield from _of_checks(target.health, names)


def _of_section(section: Section[Sight, Any], wanted: list[Family[Any]], kind: str, sight: Sight) -> Iterator[Figure]:
    for subject in section.subjects(sight):
        _, object_id, name, *more = subject.labels
        for family in wanted:
            for labels, value in family.samples(subject.record):
                if value is None:
                    continue
                own = [text for text in (*more, *labels) if text]
                key = "/".join((object_id, *own))
                shown = f"{name} ({', '.join(own)})" if own else name
                yield Figure(family.name, kind, key, shown, float(value), float(value))


def _of_checks(report: HealthReport, names: Collection[str]) -> Iterator[Figure]:
    """Of how many objects a check found something, and of how many it could not tell."""
    for check, tally in report.tally.items():
        if CHECK + check in names:
            found = sum(tally.get(state, 0) for state in (State.INFO, State.WARNING, State.CRITICAL))
            for kind, count in ((FOUND, found), (UNTOLD, tally.get(State.UNKNOWN, 0))):
                yield Figure(CHECK + check, kind, EVERY_OBJECT, EVERY_OBJECT, count, count)


def _kind_of(section: Section[Any, Any]) -> str | None:
    """`vm` of a section whose objects are told apart by `vm_id`."""
    if len(section.labels) >= 3 and section.labels[1].endswith("_id"):
        return section.labels[1].removesuffix("_id")
    return None
