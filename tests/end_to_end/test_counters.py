"""What Prometheus makes of the counters over an outage of the agent."""

import re
import signal
import time
from contextlib import contextmanager

import pytest

from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.cli.invocation import PASSWORD, running
from tests.agent.collectors.counting import truth_of, vendor_estate
from tests.end_to_end.servers import Agent, prometheus
from tests.end_to_end.test_scraped import free_port

AWAY_S = 1200


@contextmanager
def counting_agent(config_file, storage, port):
    """`checkmeter serve` on a port that stays the same; killed without a chance to say goodbye."""
    arguments = ("serve", f"--config.file={config_file}", f"--storage.path={storage}")
    with running(*arguments, f"--web.listen-address=127.0.0.1:{port}") as process:
        agent = Agent(f"http://127.0.0.1:{port}")
        process.wait_for("msg=listening")
        agent.until(
            lambda: re.search("^vsphere_vm_cpu_ready_seconds_total", agent.get("/metrics")[1], re.MULTILINE), "counted"
        )
        yield agent
        process.end(signal.SIGKILL)


@pytest.mark.needs("prometheus")
def test_increase_over_an_outage_of_the_agent_agrees_with_the_truth(tmp_path):
    estate, clock, moid = vendor_estate()
    with SimulatedVCenter(estate, users={"checkmeter": PASSWORD}) as vcenter:
        (tmp_path / "ca.pem").write_bytes(vcenter.ca_pem)
        (tmp_path / "password").touch(mode=0o600)
        (tmp_path / "password").write_text(PASSWORD)
        config = tmp_path / "checkmeter.yaml"
        config.write_text(
            f"vcenters: [{{name: dc1, host: 127.0.0.1, port: {vcenter.port}, username: checkmeter, "
            "password_file: password, tls: {ca_file: ca.pem}}]\nperformance: {interval: 10s}\n"
        )
        port = free_port()
        series = f'vsphere_vm_cpu_ready_seconds_total{{vm_id="{estate.get(moid, "config.instanceUuid")}"}}'
        with (
            counting_agent(config, tmp_path / "state", port) as agent,
            prometheus(tmp_path, agent, free_port()) as server,
        ):
            server.until(series)
            time.sleep(3)
            before = server.value(series)
            begin = int(clock.now().timestamp())
            agent_is_away = clock.advance(AWAY_S)
        # Prometheus went with the block; it and the agent come back on what they had stored
        with (
            counting_agent(config, tmp_path / "state", port) as agent,
            prometheus(tmp_path, agent, free_port()) as server,
        ):
            server.until(f"{series} > {before}")
            time.sleep(3)
            end = int(agent_is_away.timestamp())
            truth = sum(truth_of(moid, at) for at in range(begin // 20 * 20 + 20, end + 1, 20)) / 1000
            exact = server.value(f"max_over_time({series}[5m]) - min_over_time({series}[5m])")
            assert exact == pytest.approx(truth, abs=1e-6)
            # increase() extrapolates to the ends of its range, by half a scrape interval at most
            assert server.value(f"increase({series}[5m])") == pytest.approx(truth, rel=0.1)
            assert server.value(f"resets({series}[5m])") == 0
