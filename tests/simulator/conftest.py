"""A simulated vCenter with the tiny estate, and a client that is logged in."""

from collections.abc import Iterator

import pytest

from agent.simulator.vcenter import SimulatedVCenter
from tests.simulator.clients import PASSWORD, USER, Client, connected
from tests.simulator.tiny_estate import tiny_estate


@pytest.fixture
def vcenter() -> Iterator[SimulatedVCenter]:
    with SimulatedVCenter(tiny_estate(), users={USER: PASSWORD, "folder": PASSWORD}) as running:
        yield running


@pytest.fixture
def client(vcenter: SimulatedVCenter) -> Iterator[Client]:
    with connected(vcenter) as found:
        yield found
