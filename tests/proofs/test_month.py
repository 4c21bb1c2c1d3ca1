"""Half a day of the month's proof, over the night in which clocks go back: see docs/a-month-in-an-hour.md."""

import dataclasses
from datetime import datetime

import pytest

from tests.proofs.month.__main__ import examined
from tests.proofs.month.report import faults, table
from tests.proofs.month.stage import Plan, play

NIGHT = Plan(
    begin=datetime.fromisoformat("2026-10-24T22:00Z"),
    days=0.33,
    vms=20,
    kills=3,
    upgrades=1,
    seed=4,
    past=False,
    grain_s=600,
    sample_s=7200,
)


@pytest.mark.timeout(300)
def test_a_night_of_failures_and_three_killed_agents_is_in_the_ledger_as_it_was(tmp_path):
    played = play(NIGHT, tmp_path)
    compared, judged, verified = examined(played)
    told = "\n".join(table(played, compared, judged, verified))
    assert faults(played, compared, judged, verified) == [], told
    assert (played.kills, played.upgrades, played.sessions_at_end) == (3, 1, 0)
    assert compared.outages >= 5, told
    assert compared.outages_exact + compared.outages_within_bounds >= compared.outages - compared.outages_unknown
    altered = dataclasses.replace(played, truth=played.truth.without_the_first_stop())
    assert examined(altered)[0].wrong, "a truth in which one server never went off must be noticed"
