"""Notes what comes of each fault."""

import pytest

from tests.faults.outcomes import Recorder


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Recorder(), "faults")
