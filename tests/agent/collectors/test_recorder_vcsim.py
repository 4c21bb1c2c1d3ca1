"""vcsim, which nobody of this project wrote, recorded and played back."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from agent.clock import SystemClock
from agent.collectors.recorder import Recorder, RecorderSettings
from agent.collectors.single_reading import read_once
from agent.model.inventory import Inventory
from agent.model.labelling import Labelling
from agent.recording.file import RecordingWriter, read_recording
from agent.recording.lines import Header, Samples, Whole
from agent.simulator.replay.player import Player
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.endpoint import Endpoint
from tests.recorded import MOST_BYTES
from tests.vcsim.server import Vcsim

pytestmark = pytest.mark.needs("go")
EVER = datetime(2026, 1, 1, tzinfo=UTC)


class StandingClock(SystemClock):
    """The machine's clock, but it shows one moment."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


def read(endpoint: Endpoint, password: str) -> Inventory:
    found = read_once(endpoint, lambda: password, SystemClock(), lambda _: None, Labelling()).inventory
    assert found is not None
    clocks = {moid: replace(one, ahead_s=0, read_at=EVER) for moid, one in found.host_clocks.items()}
    licences = tuple(replace(one, id="") for one in found.licences or ())
    return replace(
        found, confirmed_at=EVER, quick_read_at=EVER, slow_read_at=EVER, host_clocks=clocks, licences=licences
    )


@pytest.mark.parametrize("name", ["vcsim", "esx"])
def test_the_agent_reads_the_same_from_the_recording_as_from_vcsim(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server: Vcsim = request.getfixturevalue(name)
    endpoint = Endpoint(
        name="dc1", host=server.host, port=server.port, username=server.user, fingerprint=server.fingerprint
    )
    path = tmp_path / "out.cmrec"
    with RecordingWriter(path, MOST_BYTES, SystemClock().monotonic) as writer:
        recorder = Recorder(endpoint, lambda: server.password, SystemClock(), writer.write, RecorderSettings())
        assert recorder.run(0, Event()) == "time"
    original = read(endpoint, server.password)
    lines = list(read_recording(path))
    header, (whole_at_s, last) = lines[0].line, lines[-1]
    assert isinstance(header, Header)
    assert isinstance(last, Whole)
    assert any(isinstance(one.line, Samples) for one in lines)
    player = Player(path, StandingClock(datetime.fromtimestamp(header.started_s + whole_at_s, UTC)))
    assert not player.shift
    with SimulatedVCenter(player.estate, kind=player.kind) as vcenter:
        again = replace(
            endpoint, port=vcenter.port, host="127.0.0.1", username="checkmeter", fingerprint=vcenter.fingerprint_sha256
        )
        replayed = read(again, "simulated")
    differing = [kind for kind in Inventory.__dataclass_fields__ if getattr(replayed, kind) != getattr(original, kind)]
    assert differing == []
