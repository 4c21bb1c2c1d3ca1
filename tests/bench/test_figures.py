"""The benchmark's arithmetic, and that the documents show what was kept."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pyVmomi import vim

from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from tests.bench.churn import Churn
from tests.bench.client import read
from tests.bench.document import FIGURES, PAGE, written
from tests.bench.figures import Figures, keep, load
from tests.bench.goals import GOALS, judged
from tests.bench.measuring import Failure, Measurement
from tests.bench.table import table, text

AGENT = Measurement(
    program="checkmeter",
    server="simulated",
    vms=80,
    first_metrics_s=0.4,
    start_cpu_s=0.5,
    start_server_cpu_s=0.2,
    cpu_s_a_minute=0.05,
    server_cpu_s_a_minute=0.3,
    peak_memory_mb=61.0,
    calls_a_minute=4.0,
    received_mb_a_minute=0.1,
    series=5000,
    page_mb=0.7,
    page_sent_mb=0.1,
    scrapes=100,
    scrape_p50_ms=1.0,
    scrape_p99_ms=3.0,
    scrape_max_ms=9.0,
    calls={"WaitForUpdatesEx": 3.0, "QueryPerf": 1.0},
)
TELEGRAF = replace(AGENT, program="Telegraf", cpu_s_a_minute=0.08, calls_a_minute=39.0)
EXPORTER = replace(AGENT, program="vmware_exporter", cpu_s_a_minute=0.3, calls_a_minute=93.0)


def verdicts(*group):
    return {goal.title.partition(":")[0] + goal.peer: goal.verdict(group) for goal in GOALS}


def test_a_goal_beside_a_peer_is_a_share_of_what_the_peer_needed_in_the_same_run():
    small = verdicts(AGENT, EXPORTER, TELEGRAF)
    assert small["CPU, s a minuteTelegraf"] == "yes: 0.050 of 0.080"
    assert small["CPU, s a minutevmware_exporter"] == "yes: 0.050 of 0.060"
    assert small["calls a minuteTelegraf"] == ""
    large = verdicts(*(replace(one, vms=1000) for one in (AGENT, EXPORTER, TELEGRAF)))
    assert large["CPU, s a minuteTelegraf"] == "**no**: 0.050 of 0.020"
    assert large["CPU, s a minutevmware_exporter"] == "**no**: 0.050 of 0.015"
    assert large["calls a minuteTelegraf"] == "**no**: 4.0 of 3.9"


def test_a_goal_in_figures_of_its_own_holds_without_peers_and_only_for_the_sizes_it_names():
    assert verdicts(AGENT)["peak memory, MB"] == "**no**: 61 of 60"
    assert verdicts(AGENT)["first metrics, s"] == "yes: 0.40 of 0.50"
    assert verdicts(AGENT)["CPU, s a minuteTelegraf"] == ""
    assert set(verdicts(replace(AGENT, vms=10_000)).values()) == {""}


def test_ratios_say_how_many_times_the_agents_a_peers_figure_is():
    (line,) = [line for line in table((AGENT, EXPORTER, TELEGRAF)).splitlines() if "SOAP" in line]
    assert [cell.strip() for cell in line.split("|")[2:-1]] == ["4.0", "93.0", "39.0", "23", "9.75"]


def test_a_peer_that_failed_is_told_and_not_dropped():
    failed = Failure(program="Telegraf", server="simulated", vms=80, why="it ended with 1")
    printed = text(Figures(measurements=(AGENT,), failures=(failed,)))
    assert "Telegraf could not be measured: it ended with 1" in printed


def test_a_new_figure_takes_the_place_of_the_one_it_repeats_and_a_failure_does_too(tmp_path):
    file = tmp_path / "figures.json"
    keep(Figures(measurements=(AGENT, TELEGRAF, replace(AGENT, vms=1000))), file)
    again = Figures(
        measurements=(replace(AGENT, series=6000),),
        failures=(Failure(program="Telegraf", server="simulated", vms=80, why="no"),),
    )
    keep(load(file).followed_by(again), file)
    kept = load(file)
    assert [(one.program, one.vms, one.series) for one in kept.measurements] == [
        ("checkmeter", 80, 6000),
        ("checkmeter", 1000, 5000),
    ]
    assert kept.failures == again.failures


def test_series_are_the_samples_of_a_page():
    assert read(b'# HELP up Whether.\n# TYPE up gauge\nup 1\nup{a="b"} 0\n\n# EOF\n').series == 2


@pytest.mark.parametrize(("percent", "expected"), [(0, 0), (10, 0.1), (100, 1)])
def test_a_share_of_the_virtual_machines_changes_each_minute(percent, expected):
    estate = Estate(1, lambda: datetime(2026, 11, 24, tzinfo=UTC))
    municipality(estate, vms=20)
    reporting = [vm for vm in estate.ids(vim.VirtualMachine) if estate.get(vm, "guest.disk")]
    before = {vm: estate.get(vm, "summary.quickStats") for vm in reporting}
    churn = Churn(estate, percent, seed=random.Random(1).randrange(9))
    begin = datetime(2026, 11, 24, 8, tzinfo=UTC)
    changes = sum(churn.step(begin + timedelta(seconds=second)) for second in range(61))
    assert changes == pytest.approx(expected * len(reporting), abs=1)
    changed = [vm for vm in reporting if estate.get(vm, "summary.quickStats") is not before[vm]]
    assert len(changed) == changes


def test_the_document_shows_the_figures_that_were_kept():
    page = PAGE.read_text()
    assert page == written(page, load(FIGURES)), "write it anew: python -m tests.bench.document"
    assert judged(load(FIGURES)) in page
