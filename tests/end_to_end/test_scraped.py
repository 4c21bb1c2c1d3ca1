"""The main job, end to end: a vCenter is read, a real Prometheus scrapes, and what is shipped has answers."""

import re
import socket
import time

import pytest
from pyVmomi import vim

from agent.cli.demo import PASSWORD, USER, _configuration
from agent.cli.demo_month.cast import month_before
from agent.cli.demo_month.papers import write_papers
from agent.cli.demo_month.reading import read_once
from agent.cli.demo_month.recording import record_month
from agent.cli.endpoints import endpoint
from agent.cli.simulation import Simulation
from agent.clock import SystemClock
from agent.config import load
from agent.simulator.scenario_hosts import vmotion
from tests.agent.collectors.test_inventory import powered_on_vm
from tests.dashboards.expressions import BOARDS, RULES, dashboard_expressions, load_board, rule_expressions
from tests.end_to_end.servers import PATIENCE_S, prometheus, serving

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


@pytest.fixture
def under_contract(tmp_path):
    """An agent that has watched the demonstration's last month, and has the contract and the vendor's papers."""
    clock = SystemClock()
    with Simulation(user=USER, password=PASSWORD, scenario=False).run(clock) as vcenter:
        config = _configuration(tmp_path, vcenter)
        (target,) = load(config).vcenters
        inventory, told = read_once(endpoint(target), PASSWORD, clock, month_before(clock.now()).until)
        state = tmp_path / "state"
        state.mkdir()
        month, past, parts = record_month(state / "checkmeter.db", "demo", inventory, told, clock.now())
        write_papers(tmp_path / "contract", past, parts, month)
        config.write_text(config.read_text() + f"claims: {{folder: {tmp_path}/contract}}\n")
        with serving(config, f"--storage.path={state}") as agent, prometheus(tmp_path, agent, free_port()) as server:
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


@pytest.fixture
def scraped_twice(config_file, tmp_path):
    """As if two agents watched the same vCenter, which nothing may count twice or stumble over."""
    config_file.write_text(config_file.read_text() + "performance: {interval: 10s}\n")
    with serving(config_file) as agent, prometheus(tmp_path, agent, free_port(), twice=True) as server:
        server.until('count(up{job="checkmeter"} == 1) == 2')
        yield server


def unanswered(server, asked):
    """Where an expression has no result, after everything had time to be read, judged and recorded."""
    deadline = time.monotonic() + PATIENCE_S
    while asked and time.monotonic() < deadline:
        asked = [
            one
            for one in asked
            if not (server.label_values(one.label, one.promql) if one.label else server.query(one.promql))
        ]
        time.sleep(1)
    return [one.where for one in asked]


def test_every_expression_of_the_shipped_dashboards_and_rules_has_an_answer(scraped_twice):
    asked = [one for path in RULES for one in rule_expressions(path)]
    asked += [one for path in BOARDS for one in dashboard_expressions(load_board(path))]
    assert len(asked) > 200
    assert unanswered(scraped_twice, [one for one in asked if not one.may_be_empty]) == []
    for one in asked:
        if one.may_be_empty:
            scraped_twice.query(one.promql)  # Prometheus understands it
    assert scraped_twice.rule_errors() == {}


def test_with_a_contract_every_panel_about_claims_has_an_answer(under_contract):
    under_contract.until('vsphere_claim_verdict_state{period="last_month"}')
    of_claims = re.compile(r"vsphere_(claim|sla|billing|incidents)|checkmeter_(contract|claims)_")
    asked = [
        one
        for path in BOARDS
        for one in dashboard_expressions(load_board(path))
        # planned work goes on at times only; and the demonstration's bill is wrong about processors only
        if of_claims.search(one.promql)
        and "annotation" not in one.where
        and "billing_difference_memory" not in one.promql
        if "billing_difference_disk" not in one.promql
    ]
    assert len(asked) > 40
    assert unanswered(under_contract, asked) == []
    # the demonstration's vendor is not honest, and that shows
    assert under_contract.value('sum(vsphere_claim_false{period="last_month"})') >= 1
    under_contract.until('ALERTS{alertname="VsphereClaimFalse", alertstate="firing"}')
