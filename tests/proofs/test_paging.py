"""The documented proof holds: simulator, agent, Prometheus, Alertmanager, receiver."""

import pytest

from tests.proofs.paging import proven, wanted


@pytest.mark.needs("prometheus")
@pytest.mark.needs("alertmanager")
@pytest.mark.timeout(240)
def test_a_lost_host_and_a_full_datastore_page_once_each_and_no_machine_of_the_host_does(tmp_path):
    outcome = proven(tmp_path)
    assert outcome.pages("on-call") == wanted(outcome)
    assert outcome.pages("vendor") >= wanted(outcome)
    assert set(outcome.held_back) <= set(outcome.vms)
    assert len(outcome.held_back) > 1
