"""Notes what comes of each fault; whatever it is, no agent may write a traceback."""

from collections.abc import Iterator

import pytest

from tests.agent.cli.invocation import Running
from tests.faults.outcomes import Recorder
from tests.faults.served_agent import started

_looked_at: dict[Running, int] = {}
"""how much of what an agent wrote was looked at after the tests before"""


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Recorder(), "faults")


@pytest.fixture(autouse=True)
def _no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Of the agents in processes of their own by what they wrote, of those in this process by what they logged."""
    yield
    for one in started:
        new = one.output[_looked_at.get(one, 0) :]
        _looked_at[one] = _looked_at.get(one, 0) + len(new)
        assert "Traceback" not in new, new[-6000:]
    logged = [record for when in ("setup", "call") for record in caplog.get_records(when) if record.exc_info]
    assert not logged, [(record.getMessage(), record.exc_text, record.exc_info) for record in logged]
