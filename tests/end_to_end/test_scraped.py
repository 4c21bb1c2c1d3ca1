"""The main job, end to end: a vCenter is read, a real Prometheus scrapes, and what is shipped has answers."""

import socket

import pytest
from pyVmomi import vim

from agent.simulator.scenario_hosts import vmotion
from tests.agent.collectors.test_inventory import powered_on_vm
from tests.dashboards.expressions import BOARDS, RULES, dashboard_expressions, load_board, rule_expressions
from tests.end_to_end.servers import prometheus, serving

pytestmark = pytest.mark.needs("prometheus")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def scraped(config_file, tmp_path):
    config_file.write_text(config_file.read_text() + "performance: {interval: 10s}\n")
    with serving(config_file) as agent, prometheus(tmp_path, agent, free_port()) as server:
        server.until('up{job="checkmeter"} == 1')
        server.until('scrape_samples_scraped{job="checkmeter"} > 100')
        yield server


def test_prometheus_has_the_truth_of_the_estate(scraped, vcenter):
    estate = vcenter.estate
    vms = estate.ids(vim.VirtualMachine)
    states = [estate.get(moid, "runtime.powerState") for moid in vms]
    assert scraped.value("count(vsphere_vm_info)") == len(vms)
    for state in ("poweredOn", "poweredOff", "suspended"):
        assert scraped.value(f'sum(vsphere_vm_power_state{{state="{state}"}})') == states.count(state)
    assert scraped.value('sum(vsphere_host_connection_state{state="connected"})') == len(estate.ids(vim.HostSystem))
    datastores = estate.ids(vim.Datastore)
    assert scraped.value("sum(vsphere_datastore_capacity_bytes)") == sum(
        estate.get(moid, "summary.capacity") for moid in datastores
    )
    assert scraped.value("checkmeter_vcenter_up") == 1
    assert scraped.value('scrape_samples_scraped{job="checkmeter"}') == scraped.value("checkmeter_series")


def test_a_measurement_is_joined_with_the_place_that_the_vm_is_at(scraped, vcenter):
    estate = vcenter.estate
    moid = powered_on_vm(estate)
    name = estate.get(moid, "name")
    here = estate.get(moid, "runtime.host")._moId
    cluster = estate.get(here, "parent")._moId
    there = next(host._moId for host in estate.get(cluster, "host") if host._moId != here)
    joined = (
        "vsphere_vm_memory_size_bytes * on (vcenter, vm_id) group_left (host_name)"
        f' vsphere_vm_placement_info{{host_name="{estate.get(there, "name")}", vm_name="{name}"}}'
    )
    assert scraped.query(joined) == []
    vmotion(estate, moid, there)
    assert len(scraped.until(joined)) == 1


def test_every_expression_of_the_shipped_dashboards_and_rules_has_an_answer(scraped):
    scraped.until("vsphere:vm_last_up:timestamp_seconds")
    scraped.until("vsphere:host_network_dropped:ratio_rate5m")  # counters have to grow once
    asked = [one for path in RULES for one in rule_expressions(path)]
    asked += [one for path in BOARDS for one in dashboard_expressions(load_board(path))]
    empty = []
    for one in asked:
        found = scraped.label_values(one.label, one.promql) if one.label else scraped.query(one.promql)
        if not found and not one.may_be_empty:
            empty.append(one.where)
    assert len(asked) > 20
    assert empty == []
