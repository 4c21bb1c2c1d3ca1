"""A simulated vCenter, a configuration that points at it, and logging as it was before."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.cli.invocation import PASSWORD


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, uvicorn, hook = (
        root.handlers[:],
        root.level,
        logging.getLogger("uvicorn").level,
        threading.excepthook,
    )
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("uvicorn").setLevel(uvicorn)
    threading.excepthook = hook


@pytest.fixture
def vcenter() -> Iterator[SimulatedVCenter]:
    estate = Estate(5, SystemClock().now)
    municipality(estate, vms=20)
    with SimulatedVCenter(estate, users={"checkmeter": PASSWORD}) as simulated:
        yield simulated


@pytest.fixture
def config_file(vcenter: SimulatedVCenter, tmp_path: Path) -> Path:
    (tmp_path / "ca.pem").write_bytes(vcenter.ca_pem)
    (tmp_path / "dc1.password").touch(mode=0o600)
    (tmp_path / "dc1.password").write_text(PASSWORD)
    file = tmp_path / "checkmeter.yaml"
    file.write_text(
        f"vcenters:\n  - name: dc1\n    host: 127.0.0.1\n    port: {vcenter.port}\n    username: checkmeter\n"
        "    password_file: dc1.password\n    tls:\n      ca_file: ca.pem\n"
    )
    return file
