"""What could not be scraped during an outage is handed on minute by minute, with what the counters stood at then."""

import pytest

from agent.clock import SystemClock
from agent.collectors.performance import PerformanceSettings
from tests.agent.collectors.counting import READY, USES, Agent, vendor

LOOKBACK_S = 300


class Kept:
    """Keeps what it is handed."""

    def __init__(self):
        self.found, self.flushed = [], 0

    def add(self, samples):
        self.found.append(samples)

    def flush(self):
        self.flushed += 1


@pytest.fixture
def dc(tmp_path):
    with vendor(tmp_path) as found:
        yield found


@pytest.fixture
def agent_of(dc, tmp_path):
    """Starts one agent after the other on one database."""
    started = []

    def start(**options):
        if started:
            started.pop().stop()
        started.append(Agent(dc.ca_file, dc.vcenter.port, tmp_path / "checkmeter.db", **options).start())
        return started[0]

    yield start
    for agent in started:
        agent.stop()


def offset(dc):
    """The vendor's clock minus that of this machine, seconds."""
    return dc.time.now().timestamp() - SystemClock().now().timestamp()


def test_each_minute_of_an_outage_has_the_total_that_vcenter_had_measured_by_then(dc, agent_of):
    agent_of().round()
    away_from = dc.now()
    dc.time.advance(28 * 60)
    kept = Kept()
    agent = agent_of(late=kept)
    agent.round()
    late = next(one for one in kept.found if one.entity == dc.vm_id)
    times = [round((at_s + offset(dc)) / 20) * 20 for at_s, _ in late.moments]
    assert times == sorted(times)
    assert len([at for at in times if at > away_from]) == pytest.approx(28, abs=1)
    begun = dc.began - LOOKBACK_S - 20
    stood = [item.totals[READY, ""] for _, item in late.moments]
    assert stood == [dc.sum(begun, at) for at in times]
    assert stood[-1] == agent.counted(dc.vm_id) == dc.sum(begun, dc.now())
    assert kept.flushed == 1


def test_an_agent_that_was_never_away_hands_nothing_on(dc, agent_of):
    kept = Kept()
    agent = agent_of(late=kept)
    for _ in range(4):
        agent.round()
        dc.time.advance(60)
    assert kept.found == []


def test_handing_on_changes_nothing_of_what_is_counted(dc, agent_of, tmp_path):
    agent_of(late=Kept()).round()
    dc.time.advance(40 * 60)
    kept = Kept()
    agent = agent_of(late=kept, settings=PerformanceSettings(counters=USES))
    agent.round()
    dc.time.advance(60)
    agent.round()
    assert agent.counted(dc.vm_id) == dc.sum(dc.began - LOOKBACK_S - 20, dc.now())
    assert agent.of(dc.vm_id).lost_s == 0
    assert len(kept.found) == len({one.entity for one in kept.found}) > 1
