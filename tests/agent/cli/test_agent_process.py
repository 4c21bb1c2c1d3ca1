import threading
from pathlib import Path

import pytest

from agent.cli.agent_process import AgentProcess
from agent.cli.systemd import Nobody
from agent.clock import SystemClock
from agent.config import load
from agent.errors import AgentError
from agent.simulator.vcenter import SimulatedVCenter

LISTEN = [("127.0.0.1", 0)]


def test_everything_that_is_read_is_on_the_page_once_the_wait_is_over(config_file: Path) -> None:
    with AgentProcess(load(config_file, {}), LISTEN, SystemClock(), config_file.parent / "state") as agent:
        assert agent.wait_until_read(60, threading.Event())
        _, body = agent.rendering.page().body("", "")
        inventory = agent.world().targets["dc1"].inventory
        assert inventory is not None
        names = {vm.name for vm in inventory.vms.values()}
        assert [name for name in names if f'vm_name="{name}"'.encode() not in body] == []


def test_the_wait_for_a_vcenter_that_is_away_ends_in_time(config_file: Path, vcenter: SimulatedVCenter) -> None:
    vcenter.stop()
    with AgentProcess(load(config_file, {}), LISTEN, SystemClock(), config_file.parent / "state") as agent:
        assert not agent.wait_until_read(0.5, threading.Event())
        asked_to_stop = threading.Event()
        asked_to_stop.set()
        assert not agent.wait_until_read(60, asked_to_stop)


@pytest.mark.timeout(60)
def test_an_agent_of_which_a_part_has_ended_ends_as_a_whole(config_file: Path) -> None:
    with AgentProcess(load(config_file, {}), LISTEN, SystemClock(), config_file.parent / "state") as agent:
        agent._server.stop()
        with pytest.raises(AgentError, match="a part of the agent ended by itself: web"):
            agent.supervise(threading.Event(), Nobody())


def test_a_taken_address_leaves_nothing_behind(config_file: Path, vcenter: SimulatedVCenter) -> None:
    with AgentProcess(load(config_file, {}), LISTEN, SystemClock(), config_file.parent / "state") as first:
        taken = [tuple(address) for address in first.addresses]
        with pytest.raises(AgentError, match="another process has the port"):
            AgentProcess(load(config_file, {}), taken, SystemClock(), config_file.parent / "state")
    assert len(vcenter.sessions) == 0
