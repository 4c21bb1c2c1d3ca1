"""The counters that are read for vmware_exporter's names: their newest samples, beside what is counted."""

from agent.cli.endpoints import performance_settings
from agent.collectors.performance_kind import MeasuredObject, PerformanceKind
from agent.config import PerformanceConfig
from agent.model.counter_uses import DEFAULT_COUNTERS, GRIDS
from agent.model.performance import CounterDefinition, Performance
from agent.model.vmware_exporter_counters import VMWARE_EXPORTER_COUNTERS, with_newest
from agent.vcenter.performance import EntityAnswer
from exporters.prometheus.metrics.performance import sections_for
from exporters.prometheus.section import Sight
from tests.worlds import INVENTORY

NOW_S = 1_795_510_800
DEFINITIONS = {
    "cpu.ready.summation": CounterDefinition(id=1, name="cpu.ready.summation", unit="millisecond", stats_type="delta"),
    "cpu.idle.summation": CounterDefinition(id=2, name="cpu.idle.summation", unit="millisecond", stats_type="delta"),
    "net.received.average": CounterDefinition(
        id=3, name="net.received.average", unit="kiloBytesPerSecond", stats_type="rate"
    ),
}


def counted():
    kind = PerformanceKind("vm", GRIDS["vm"], with_newest(DEFAULT_COUNTERS["vm"], "vm"), DEFINITIONS)
    kind.plan([MeasuredObject(entity="a", moid="vm-1", on_since_s=None)], NOW_S, None)
    times = (NOW_S - 40, NOW_S, NOW_S - 20)
    kind.take(EntityAnswer("vm-1", 20, times, ((1, ""), (2, ""), (3, "")), ("10,30,20", "7,-1,9", "1,5,3")))
    return kind, kind.published(["a"], NOW_S)["a"]


def test_what_is_counted_anyway_has_its_newest_sample_too():
    _, found = counted()
    assert found.totals["cpu.ready.summation", ""] == 60
    assert found.gauges["cpu.ready.summation", ""].latest == 30


def test_what_is_read_for_those_names_alone_is_not_added_up_nor_written():
    kind, found = counted()
    assert found.gauges["cpu.idle.summation", ""].latest == 9, "the newest that is a sample; -1 is none"
    assert found.gauges["net.received.average", ""].latest == 5
    assert {name for name, _ in found.totals} == {"cpu.ready.summation"}
    assert {name for totals in kind.changed().values() for name, _ in totals.series} == {"cpu.ready.summation"}


def test_what_is_read_for_those_names_alone_makes_no_metric_of_our_own():
    uses = {"vm": with_newest(DEFAULT_COUNTERS["vm"], "vm")}
    performance = Performance(definitions=DEFINITIONS, uses=uses)
    section = sections_for([Sight(vcenter="dc1", inventory=INVENTORY, performance=performance)])[0]
    assert {family.name for family in section.families} == {
        "vsphere_vm_cpu_ready_seconds_total",
        "vsphere_vm_cpu_ready_peak_seconds",
    }


def test_only_a_vcenter_that_is_served_under_those_names_is_asked_for_more():
    plain = performance_settings(PerformanceConfig())
    more = performance_settings(PerformanceConfig(), vmware_exporter=True)
    assert plain is not None
    assert more is not None
    for kind, names in VMWARE_EXPORTER_COUNTERS.items():
        assert {use.name for use in more.counters[kind]} == {use.name for use in plain.counters[kind]} | set(names)
    assert len(more.counters["vm"]) == len(plain.counters["vm"]) + 15
    assert len(more.counters["host"]) == len(plain.counters["host"]) + 10
    assert not any(use.newest for uses in plain.counters.values() for use in uses)
