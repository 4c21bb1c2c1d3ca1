"""The queries of the dashboards and rules that vmware_exporter ships, asked of a real Prometheus that scrapes the agent."""

import csv
import re
from pathlib import Path

import pytest

from tests.end_to_end.servers import Agent, Prometheus, prometheus
from tests.exporters.vmware_exporter.comparison import simulated
from tests.exporters.vmware_exporter.side_by_side import agent, free_port

HERE = Path(__file__).parent
QUERIES = [
    tuple(line.split("\t"))
    for line in (HERE / "shipped_queries.tsv").read_text().splitlines()
    if not line.startswith("#")
]
FAMILIES = {row["name"] for row in csv.DictReader((HERE / "families.csv").read_text().splitlines())}
UNHEARD_OF = {
    "vmware_host_mem_usage_average",
    "vmware_host_net_bytesRX_average",
    "vmware_host_net_bytesTX_average",
    "vmware_host_net_droppedRX_summation",
    "vmware_host_net_droppedTX_summation",
    "vmware_host_net_errorRX_summation",
    "vmware_host_net_errorTX_summation",
}
"""Names in its dashboards that vmware_exporter itself never had."""


def names(query: str) -> set[str]:
    return set(re.findall(r"vmware_\w+", query))


def test_its_dashboards_ask_for_nothing_that_is_not_served_but_what_it_never_had_itself():
    asked = {name for _, query in QUERIES for name in names(query)}
    assert asked - FAMILIES == UNHEARD_OF


@pytest.fixture(scope="module")
def scraped(tmp_path_factory) -> "Prometheus":
    folder = tmp_path_factory.mktemp("shipped-queries")
    with simulated() as vcenter, agent(vcenter, folder) as address:
        job = (
            "  - job_name: vmware_vcenter\n    metrics_path: /metrics/vmware_exporter\n"
            f"    static_configs:\n      - targets: ['{address}']\n"
        )
        with prometheus(folder, Agent(f"http://{address}"), free_port(), job) as server:
            server.until('up{job="vmware_vcenter"} == 1')
            server.until('scrape_samples_scraped{job="vmware_vcenter"} > 100')
            yield server


@pytest.mark.needs("prometheus")
def test_every_query_that_can_have_an_answer_has_one(scraped):
    host = scraped.query("vmware_host_power_state == 1")[0]["metric"]["host_name"]
    unanswered = []
    for file, query in QUERIES:
        listed = re.fullmatch(r"label_values\((?:(\w+), ?)?(\w+)\)", query)
        if listed:
            found = scraped.label_values(listed[2], listed[1] or '{__name__=~"vmware_.+"}')
        else:
            filled = query.replace("$hostname", host).replace("$cluster", ".+")
            found = scraped.query(filled.replace("$esxhost", ".+").replace("$vm", ".+"))
        if not found:
            unanswered.append((file, query))
    rules = [one for one in unanswered if one[0].endswith(".yml")]
    assert [one for one in unanswered if one not in rules and not names(one[1]) & UNHEARD_OF] == []
    assert all("vmware_vm_mem_usage_average" in query or "snapshots >=" in query for _, query in rules), (
        "only those whose threshold no machine of the estate crosses"
    )
