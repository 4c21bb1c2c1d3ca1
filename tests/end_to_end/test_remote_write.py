"""What could not be scraped is in real stores afterwards, at its own times, to the unit."""

import contextlib
import threading
import time

import pytest

from agent.clock import SystemClock
from agent.collectors.loop import guarded
from exporters.remote_write.receiver import Receiver
from exporters.remote_write.writer import RemoteWriter
from tests.agent.collectors.counting import Agent, vendor
from tests.end_to_end.stores import WRITE_PATH, receiving_prometheus, victoria_metrics
from tests.end_to_end.test_scraped import free_port

AWAY_S = 28 * 60
LOOKBACK_S = 300
LABELS = {"job": "checkmeter", "instance": "dc1"}


def caught_up(dc, folder, address):
    """An agent counts, is away, and catches up; what its writer published when all was said."""
    published = []
    database = folder / "checkmeter.db"
    before = Agent(dc.ca_file, dc.vcenter.port, database).start()
    before.round()
    before.stop()
    dc.time.advance(AWAY_S)
    receiver = Receiver(url=address + WRITE_PATH, version="test")
    writer = RemoteWriter(receiver, folder / "late", LABELS, SystemClock(), publish=published.append, guard=guarded)
    stop = threading.Event()
    thread = threading.Thread(target=writer.run, args=(stop,))
    with contextlib.closing(_Ending(Agent(dc.ca_file, dc.vcenter.port, database, late=writer).start())) as agent:
        agent.agent.round()
        thread.start()
        end = time.monotonic() + 20
        while not (published and (published[-1].sent or published[-1].refused) and not published[-1].waiting_bytes):
            assert time.monotonic() < end, published
            time.sleep(0.05)
        stop.set()
        thread.join(15)
    return published[-1]


class _Ending:
    """Closes an agent with its block."""

    def __init__(self, agent):
        self.agent = agent

    def close(self):
        self.agent.stop()


def stored(server, dc):
    """The samples of one VM's ready time: vendor's time in whole slots -> milliseconds."""
    offset = dc.time.now().timestamp() - SystemClock().now().timestamp()
    selector = (
        f'vsphere_vm_cpu_ready_seconds_total{{vm_id="{dc.vm_id}",job="checkmeter",instance="dc1",vcenter="dc1"}}[1h]'
    )
    end = time.monotonic() + 20
    while not (found := server.query(selector)):
        assert time.monotonic() < end, "nothing was stored"
        time.sleep(0.2)
    (series,) = found
    return {round((float(at) + offset) / 20) * 20: round(float(value) * 1000) for at, value in series["values"]}


@pytest.mark.parametrize(
    "store",
    [
        pytest.param(receiving_prometheus, marks=pytest.mark.needs("prometheus")),
        pytest.param(victoria_metrics, marks=pytest.mark.needs("victoria-metrics")),
    ],
)
def test_a_store_has_every_minute_of_an_outage_with_what_vcenter_had_measured_by_then(tmp_path, store):
    with vendor(tmp_path) as dc, store(tmp_path, free_port()) as server:
        away_from = dc.now()
        status = caught_up(dc, tmp_path, server.address)
        assert (status.refused, status.dropped, status.problem) == (0, 0, None)
        samples = stored(server, dc)
        assert samples == {at: dc.sum(dc.began - LOOKBACK_S - 20, at) for at in samples}
        assert len([at for at in samples if at > away_from]) >= AWAY_S // 60


@pytest.mark.needs("prometheus")
def test_a_prometheus_that_takes_no_old_samples_is_named_and_nothing_waits_for_ever(tmp_path):
    with vendor(tmp_path) as dc, receiving_prometheus(tmp_path, free_port(), window="0s") as server:
        caught_up(dc, tmp_path, server.address)  # the first samples of a series are never too old
        (tmp_path / "checkmeter.db").unlink()
        dc.time.advance(60)
        status = caught_up(dc, tmp_path, server.address)
        assert status.refused > 0
        assert "out_of_order_time_window" in status.problem.cure
