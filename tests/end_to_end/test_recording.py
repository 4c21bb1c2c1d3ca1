"""The whole agent reads a vCenter, and its anonymised recording: every sample on the page is the same, names aside."""

import gzip
import re
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.cli.reading import Reading
from agent.config import Config, load
from agent.model.world import Target
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from exporters.prometheus.page import Cache, render
from tests.recorded import PASSWORD, recording_of, replayed
from tests.simulator.simulated_time import SimulatedTime

BETWEEN_SAMPLES_S = 7
MOMENT = SimulatedTime().advance(BETWEEN_SAMPLES_S)
PATIENCE_S = 60


class StandingClock:
    """It is always one moment, so that the same was measured whoever asks when; nobody waits long."""

    def now(self) -> datetime:
        return MOMENT

    def monotonic(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        return stop.wait(min(seconds, 0.2))


def configuration(vcenter: SimulatedVCenter, folder: Path) -> Config:
    (folder / "ca.pem").write_bytes(vcenter.ca_pem)
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text(PASSWORD)
    file = folder / "checkmeter.yaml"
    file.write_text(
        f"vcenters:\n  - {{name: dc1, host: 127.0.0.1, port: {vcenter.port}, username: checkmeter, password_file: password,\n"
        "     tls: {ca_file: ca.pem}}\n"
    )
    config = load(file, {})
    paces = {"interval": timedelta(seconds=1), "slow_interval": timedelta(seconds=2)}
    return config.model_copy(update={"vcenters": (config.vcenters[0].model_copy(update=paces),)})


def everything_was_read(target: Target) -> bool:
    """Twice at the least, and judged."""
    done = [one.runs for name, one in target.collectors.items() if name in {"quick", "slow", "performance", "events"}]
    return (
        len(done) == 4
        and min(done) > 1
        and target.health is not None
        and target.ledger.judged_until is not None
        and target.ledger.event_lag_s is not None
        and target.ledger.event_lag_s < 60
    )


def samples(vcenter: SimulatedVCenter, folder: Path) -> Mapping[str, list[str]]:
    """What the agent shows of a vCenter, once it has read everything: by metric the values in order."""
    folder.mkdir()
    clock = StandingClock()
    reading = Reading(configuration(vcenter, folder), clock, folder / "checkmeter.db")
    reading.start()
    try:
        end = time.monotonic() + PATIENCE_S
        while not everything_was_read(reading.world().targets["dc1"]):
            assert time.monotonic() < end, reading.world().targets["dc1"].collectors
            time.sleep(0.1)
        shown = [vsphere_samples(reading, clock)]
        while len(shown) < 2 or shown[-1] != shown[-2]:  # judged and rendered from what was read last
            assert time.monotonic() < end, "it changes on and on"
            time.sleep(0.5)
            shown.append(vsphere_samples(reading, clock))
        return shown[-1]
    finally:
        reading.stop(10)


def vsphere_samples(reading: Reading, clock: StandingClock) -> Mapping[str, list[str]]:
    """Without the agent's own: those count its calls and runs."""
    page = render(reading.world(), clock.now(), Cache())
    found = defaultdict(list)
    for line in gzip.decompress(page.gzip_text).decode().splitlines():
        told = re.fullmatch(r"(vsphere_\w+)(?:\{.*\})? (\S+)", line)
        if told:
            found[told[1]].append(told[2])
    return {name: sorted(values) for name, values in found.items()}


@pytest.mark.timeout(180)
def test_the_whole_agent_shows_the_same_of_an_anonymised_recording(tmp_path: Path) -> None:
    clock = SimulatedTime()
    clock.advance(BETWEEN_SAMPLES_S)
    estate = Estate(3, clock.now)
    municipality(estate, vms=20)
    with SimulatedVCenter(estate) as vcenter:
        path = recording_of(vcenter, clock, tmp_path, anonymised=True)
        original = samples(vcenter, tmp_path / "original")
    with replayed(path, clock) as (vcenter, _):
        replay = samples(vcenter, tmp_path / "replay")
    assert len(original) > 200
    assert {
        "vsphere_vm_ledger_down_seconds",
        "vsphere_vm_guest_heartbeats_total",
        "vsphere_vm_network_receive_bytes_total",
    } <= set(original)
    differing = {name for name in {*original, *replay} if original.get(name) != replay.get(name)}
    assert differing == set()
