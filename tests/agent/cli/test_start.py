"""What the start of the agent brings into memory."""

import subprocess
import sys

import pytest

LOADED = """
import sys, agent.cli.serve
from agent.config.health import HealthConfig
agent.cli.reading.health_rules(HealthConfig())
print(*sys.modules, sep='\\n')
"""


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    """The modules that are there once the command is ready to serve."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=60)
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
    ],
)
def test_what_only_few_ask_for_is_not_loaded_at_the_start(loaded: frozenset[str], module: str) -> None:
    assert "exporters.prometheus.page" in loaded
    assert module not in loaded
