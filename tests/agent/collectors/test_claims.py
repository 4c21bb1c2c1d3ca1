"""The claims collector: what it publishes, and what it does when the contract or the ledger cannot be used."""

import threading
from datetime import UTC, datetime
from pathlib import Path

from agent.collectors.claims import ClaimsJudge, pause_after
from agent.collectors.slot import WorldSlot
from agent.model.builds import BuildTable
from agent.model.claims_status import ClaimsStatus
from agent.model.verdict import Verdict
from agent.model.world import World
from tests.agent.claims.test_folder import CONTRACT, written
from tests.agent.ledger.written import write
from tests.simulator.simulated_time import SimulatedTime


def judged(state: Path, contract: Path, seconds: float = 15) -> ClaimsStatus:
    clock = SimulatedTime(seconds)
    slot = WorldSlot(World(version="1", started_at=datetime(2026, 11, 9, tzinfo=UTC)))
    ClaimsJudge(state / "checkmeter.db", contract, slot, clock, BuildTable()).run(threading.Event())
    status = slot.read()[1].claims
    assert status is not None
    return status


def made(folder: Path, **changed: str) -> Path:
    folder.mkdir()
    return written(folder, **changed)


def test_this_month_the_last_one_and_month_after_month_before_are_judged(tmp_path: Path) -> None:
    write(tmp_path)
    contract = made(tmp_path / "contract", contract_yaml=CONTRACT.replace('["^ad"]', '["^srv"]'))
    status = judged(tmp_path, contract)
    assert (status.contract, status.display_name, status.valid) == ("drift", "Driftsaftale", True)
    assert (status.this_month, status.last_month) == ("2026-11", "2026-10")
    october = status.months["2026-10"].claims[0]
    assert (october.verdict, october.false_claim) == (Verdict.BREACHED, True)
    assert status.months["2026-11"].claims[0].complete is False
    assert [one.month for one in status.history] == ["2026-10"], "before that the ledger has no server"


def test_a_mistake_in_the_contract_is_told_and_what_was_judged_stays_for_a_while(tmp_path: Path) -> None:
    write(tmp_path)
    contract = made(tmp_path / "contract", contract_yaml=CONTRACT.replace("value: 99.9,", "value: much,"))
    status = judged(tmp_path, contract)
    assert (status.valid, status.evaluated_at, status.months) == (False, None, {})
    assert "spec.claims[0].target.value: must be a number" in status.problems[0]


def test_a_folder_without_a_contract_and_a_ledger_that_cannot_be_opened_are_problems(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "kind: VendorContract" in judged(tmp_path, tmp_path / "empty").problems[0]
    contract = made(tmp_path / "contract")
    (tmp_path / "checkmeter.db").mkdir()
    status = judged(tmp_path, contract)
    assert (status.valid, len(status.problems)) == (True, 1)


def test_figures_that_cannot_be_judged_anew_leave_after_an_hour(tmp_path: Path) -> None:
    write(tmp_path)
    contract = made(tmp_path / "contract")
    clock = SimulatedTime(float("inf"))
    slot = WorldSlot(World(version="1", started_at=clock.now()))
    judge = ClaimsJudge(tmp_path / "checkmeter.db", contract, slot, clock, BuildTable())

    def status_after(seconds: float) -> ClaimsStatus:
        stop = threading.Event()
        clock._seconds_to_run = clock.monotonic() + seconds
        judge.run(stop)
        status = slot.read()[1].claims
        assert status is not None
        return status

    assert status_after(15).months
    (contract / "contract.yaml").write_text("kind: [")
    assert status_after(1800).months
    assert status_after(3600).months == {}


def test_of_months_before_the_last_one_only_figures_stay_in_memory(tmp_path: Path) -> None:
    write(tmp_path)
    contract = made(tmp_path / "contract", contract_yaml=CONTRACT.replace('["^ad"]', '["^srv"]'))
    clock = SimulatedTime(15)
    clock.advance(10 * 86_400)  # December: October is the month before the last
    slot = WorldSlot(World(version="1", started_at=clock.now()))
    judge = ClaimsJudge(tmp_path / "checkmeter.db", contract, slot, clock, BuildTable())
    clock._seconds_to_run = clock.monotonic() + 3 * 310
    judge.run(threading.Event())
    kept = {name: result for name, (_, result) in judge._past.items()}
    october = kept["2026-10"].claims[0]
    assert (october.objects, october.bounds is not None) == ((), True)
    assert kept["2026-11"].claims[0].objects != ()


def test_what_takes_long_is_judged_more_rarely_but_every_twenty_minutes() -> None:
    assert [pause_after(seconds) for seconds in (0.1, 0.5, 1.0, 2.0, 30.0, 100.0)] == [300, 300, 600, 1200, 1200, 2000]
