"""The checks against a simulator that nobody of this project wrote: no check raises, and what it has not is unknown."""

import pytest

from agent.clock import SystemClock
from agent.collectors.one_reading import look_once
from agent.config.builds import load_builds
from agent.health.catalogue import catalogue
from agent.health.runner import evaluate
from agent.model.health import Reason, State
from agent.vcenter.endpoint import Endpoint

pytestmark = pytest.mark.needs("go")


def test_no_check_raises_and_what_vcsim_has_not_is_unknown(vcsim, tmp_path):
    ca_file = tmp_path / "ca.pem"
    ca_file.write_text(vcsim.certificate_pem)
    endpoint = Endpoint(name="vcsim", host=vcsim.host, port=vcsim.port, username=vcsim.user, ca_file=ca_file)
    kinds = {kind for one in catalogue().values() for kind in one.events}
    look = look_once(endpoint, lambda: vcsim.password, SystemClock(), days=1, kinds=kinds, builds=load_builds())
    report = evaluate(look)
    assert [gap for gap in report.gaps if gap.reason is Reason.FAILED] == []
    unknown = {gap.check for gap in report.gaps if gap.reason is Reason.NOT_TOLD}
    # by the notes on what vcsim leaves empty: no clock of hosts, no HA agent, no time of synchronisation
    assert {"host_clock_off", "host_time_unsynchronised", "vm_ha_unprotected"} <= unknown
    assert report.tally["host_not_connected"] == {State.OK: len(look.inventory.hosts)}
    assert report.tally["host_sensor_bad"][State.CRITICAL] == 0
