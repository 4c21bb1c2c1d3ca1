"""From what really happened, through a vCenter that forgets and an agent that sleeps, to the claim: its bounds hold the truth."""

from itertools import pairwise

from hypothesis import HealthCheck, settings

from agent.claims.evaluation import evaluate
from agent.claims.month import Month
from agent.claims.seconds import second
from agent.model.claim_evidence import Identity, ServerRecord
from agent.model.contract import DownState, DownWhen, Measurement
from tests.agent.claims.contracts import contract, evidence, folder
from tests.agent.ledger.chronicle import EPOCH
from tests.agent.ledger.test_ledger_against_truth import LedgerAgainstTruth
from tests.agent.ledger.true_history import History

OCTOBER = Month.of("2026-10", "Europe/Copenhagen")
BEFORE_S = second(EPOCH) - OCTOBER.seconds[0]
"""Of the month, before the history begins."""
OFF = folder(contract(measurement=Measurement(down_when=(DownWhen(state=DownState.POWERED_OFF),))))


def really_down(history: History, end: int) -> int:
    """Seconds in which it was off or suspended."""
    changes = [*history.truth, (end, "")]
    return sum(
        max(0, min(stop, end) - max(begin, 0)) for (begin, state), (stop, _) in pairwise(changes) if state != "on"
    )


class ClaimsAgainstTruth(LedgerAgainstTruth):
    """The same happenings; at the end the claim is judged for either agent."""

    def teardown(self) -> None:
        super().teardown()
        if self.history.jumps:
            return  # what vCenter's clock told twice has no one length
        for agent in self.history.agents:
            ledger = self.history.ledger(agent)
            until = min(ledger.end, OCTOBER.end)
            server = ServerRecord(
                vcenter="dc1", vm_id="vm-1", ledger=ledger, identities=(Identity(since=EPOCH, name="srv-01"),)
            )
            (found,) = evaluate(OFF, OCTOBER.name, evidence(until, server)).claims
            assert found.tally is not None
            true_s = really_down(self.history, second(until) - second(EPOCH))
            unknown_s = found.tally.unknown_s - BEFORE_S
            assert unknown_s >= 0
            assert found.tally.down_s <= true_s <= found.tally.down_s + unknown_s, agent


TestClaimsAgainstTruth = ClaimsAgainstTruth.TestCase
TestClaimsAgainstTruth.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
