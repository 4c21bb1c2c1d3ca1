"""That the benchmark runs; its figures are for people to judge, on a machine that does nothing else."""

import json
import subprocess
import sys

from tests.agent.cli.invocation import LIMIT_S, ROOT, environment
from tests.bench.measuring import values
from tests.bench.table import ROWS


def test_the_benchmark_measures_a_small_vcenter_and_prints_its_table(tmp_path):
    figures = tmp_path / "figures.json"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.bench", "--vms=20", "--no-vcsim"),
            *("--settle=0", "--seconds=2", "--scraped=0.5", f"--json={figures}"),
        ],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = {line.split("|")[1].strip(): line for line in done.stdout.splitlines() if line.startswith("|")}
    assert all(row.title.strip() in lines for row in ROWS)
    written = json.loads(figures.read_text())
    assert written["machine"]["cores"] >= 1
    (measured,) = written["measurements"]
    assert (measured["server"], measured["vms"]) == ("simulated", 20)
    assert f"{measured['series']:,} |" in lines["series"]
    never_nothing = ("first_metrics_s", "start_agent_cpu_s", "peak_memory_mb", "page_mb", "scrape_p50_ms", "series")
    assert all(measured[name] > 0 for name in never_nothing), measured
    assert measured["page_gzip_mb"] < measured["page_mb"]
    assert measured["scrape_p50_ms"] <= measured["scrape_p99_ms"] <= measured["scrape_max_ms"]


def test_a_metric_is_not_taken_for_another_whose_name_begins_alike():
    page = b'calls_total{method="Login"} 2\ncalls_total_seconds 9\nup 1\n'
    assert values(page, "calls_total") == {'method="Login"': 2.0}
    assert values(page, "up") == {"": 1.0}
