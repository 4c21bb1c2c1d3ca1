"""The health collector: what it publishes, with and without a ledger, and while a file has a mistake."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.clock import SystemClock
from agent.collectors.health import HealthCollector, HealthRules
from agent.collectors.slot import WorldSlot
from agent.errors import ConfigError
from agent.health.example import NOON, Example, Given
from agent.health.settings import CheckSettings, HealthSettings
from agent.health.subjects import VM
from agent.ledger.database import Database
from agent.ledger.findings import finding_periods
from agent.ledger.recorded import vcenters
from agent.model.builds import BuildTable
from agent.model.health import State
from agent.model.world import World

CHECK = "vm_question_pending"


class StandingClock(SystemClock):
    """A clock that is set by hand."""

    def __init__(self):
        self.at = NOON

    def now(self):
        """The time it was set to."""
        return self.at


def target(question):
    fields = {"template": False, "question": question}
    return Example(fields=fields, shown={}, others=(), given=Given(), fires=True).look(VM).target


@pytest.fixture
def started(tmp_path):
    """A collector on one VM that waits for an answer, its slot, its clock and its database file."""
    clock = StandingClock()
    slot = WorldSlot(World(version="0", started_at=NOON, targets={"example": target("Retry?")}))
    collectors = []

    def make(settings=HealthSettings, file=tmp_path / "ledger.db"):
        rules = HealthRules(settings=settings, builds=BuildTable(), kinds=frozenset)
        collectors.append(HealthCollector(["example"], file, slot, clock, rules))
        return collectors[-1]

    yield make, slot, clock, tmp_path / "ledger.db"
    for one in collectors:
        if one._database is not None:
            one._database.close()


def found(slot):
    report = slot.read()[1].targets["example"].health
    return [one for one in report.findings if one.check == CHECK]


def test_a_finding_is_published_with_since_when_it_stands_also_after_a_restart(started):
    make, slot, clock, file = started
    make()._round()
    assert [(one.state, one.since) for one in found(slot)] == [(State.CRITICAL, NOON)]
    clock.at = NOON + timedelta(seconds=30)
    make()._round()
    assert [one.since for one in found(slot)] == [NOON]
    slot.update("example", lambda _: target(None))
    clock.at = NOON + timedelta(seconds=60)
    make()._round()
    assert found(slot) == []
    with Database(file).reading() as connection:
        (known,) = vcenters(connection)
        periods = finding_periods(connection, known.seq, NOON, NOON + timedelta(days=1))
    assert [(one.opened, one.closed is None) for one in periods if one.check == CHECK] == [(NOON, False)]


def test_without_a_ledger_the_checks_are_made_all_the_same(started, tmp_path):
    make, slot, _, _ = started
    make(file=tmp_path / "no such folder" / "ledger.db")._round()
    assert [one.state for one in found(slot)] == [State.CRITICAL]


def test_a_mistake_in_a_file_leaves_the_last_good_settings_in_force(started):
    make, slot, _, _ = started
    answers = [HealthSettings(checks={CHECK: CheckSettings(enabled=False)}), ConfigError("known.yaml:1:1: no")]

    def settings():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    collector = make(settings)
    collector._round()
    collector._round()
    assert found(slot) == []


def test_of_a_vcenter_that_is_silent_nothing_is_said(started):
    make, slot, clock, _ = started
    collector = make()
    collector._round()
    clock.at = NOON + timedelta(hours=1)
    collector._round()
    assert slot.read()[1].targets["example"].health is None


def test_a_vcenter_that_is_not_read_whole_yet_is_not_judged(started):
    make, slot, _, _ = started
    slot.update("example", lambda one: replace(one, inventory=replace(one.inventory, slow_read_at=None)))
    make()._round()
    assert slot.read()[1].targets["example"].health is None
