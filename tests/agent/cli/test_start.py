"""What the start of the agent brings into memory."""

import subprocess
import sys

import pytest

LOADED = """
import sys, pathlib, agent.cli.serve
from agent.clock import SystemClock
from agent.config import Config
given = {"name": "dc1", "host": "127.0.0.1", "username": "x", "password_file": "password"}
config = Config.model_validate({"vcenters": [given], "claims": {"folder": "/nowhere"}})
agent.cli.agent_process.AgentProcess(config, [("127.0.0.1", 0)], SystemClock(), pathlib.Path(sys.argv[1]))
print(*sys.modules, sep='\\n')
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The modules that are there once the command is ready to serve."""
    command = [sys.executable, "-c", LOADED, tmp_path_factory.mktemp("state")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return frozenset(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "xlsxwriter",
        "exporters.workbook.catalogue",
        "holidays",
        "dateutil",
        "agent.claims.evaluation",
        "trustme",
        "exporters.status_page.page",
        "jinja2",
        "agent.health.checks.vm_snapshot_old",
        "exporters.vmware_exporter.page",
        "agent.collectors.performance",
        "agent.collectors.events",
        "agent.collectors.judging",
        "agent.collectors.health",
        "agent.collectors.claims",
        "agent.health.runner",
        "agent.ledger.judgement",
    ],
)
def test_what_the_first_page_does_without_is_not_loaded_before_it(loaded: frozenset[str], module: str) -> None:
    assert "exporters.prometheus.page" in loaded
    assert module not in loaded
