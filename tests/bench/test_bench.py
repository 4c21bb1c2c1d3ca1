"""That the benchmark runs; its figures are for people to judge, on a machine that does nothing else."""

import json
import subprocess
import sys

import pytest

from tests.agent.cli.invocation import LIMIT_S, ROOT, environment
from tests.bench.programs import telegraf_is_built
from tests.bench.table import ROWS
from tests.exporters.vmware_exporter.side_by_side import INSTALL_S
from tests.exporters.vmware_exporter.side_by_side import environment as vmware_exporter_installed

QUICKLY = ("--settle=0", "--seconds=1", "--scraped=0.3", "--readings=2")


def measured(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", *arguments],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.timeout(INSTALL_S + LIMIT_S)
def test_the_benchmark_measures_all_programs_on_a_small_vcenter_and_prints_how_they_compare(tmp_path):
    vmware_exporter_installed()
    # Telegraf takes minutes to build: `--peers` does that once
    peers = ["vmware_exporter", *(["telegraf"] if telegraf_is_built() else [])]
    figures = tmp_path / "figures.json"
    printed = measured("--vms=20", *(f"--peer={name}" for name in peers), *QUICKLY, f"--json={figures}")
    lines = {line.split("|")[1].strip(): line for line in printed.splitlines() if line.startswith("|")}
    assert all(row.title.strip() in lines for row in ROWS)
    written = json.loads(figures.read_text())
    assert written["failures"] == []
    found = {one["program"].lower(): one for one in written["measurements"]}
    assert found.keys() == {"checkmeter", *peers}
    for program, one in found.items():
        assert (one["server"], one["vms"]) == ("simulated", 20)
        assert one["on"]["cores"] >= 1
        never_nothing = ("first_metrics_s", "start_cpu_s", "peak_memory_mb", "page_mb", "scrape_p50_ms", "series")
        assert all(one[name] > 0 for name in never_nothing), (program, one)
        assert one["scrape_p50_ms"] <= one["scrape_p99_ms"] <= one["scrape_max_ms"]
        assert f" {one['series']:,} |" in lines["series"]
    agent, exporter = found["checkmeter"], found["vmware_exporter"]
    assert agent["page_sent_mb"] < agent["page_mb"]
    assert exporter["calls"]["Login"] == 1, "it reads all of vCenter at each scrape, in a session of its own"
    assert exporter["calls_a_minute"] > exporter["calls"]["Fetch"] > 20
    assert exporter["received_mb_a_minute"] > 0


@pytest.mark.needs("go")
def test_the_benchmark_measures_the_agent_on_vcsim_with_a_contract(vcsim_binary):
    del vcsim_binary  # built by now
    printed = measured("--no-simulated", "--vcsim=20", *QUICKLY)
    assert "20 VMs, vcsim" in printed
    assert "Calls a minute, checkmeter: " in printed
