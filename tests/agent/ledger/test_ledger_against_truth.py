"""Histories made at random, told as a vCenter tells them, and the ledger held against the truth."""

from datetime import datetime
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from agent.model.availability import Interval, Ledger, State
from tests.agent.ledger.chronicle import EPOCH, line
from tests.agent.ledger.happening_rules import PAUSES, HappeningRules
from tests.agent.ledger.true_history import HOST_SILENCE, OVERLAP, RETENTION, SYNCHRONIZATION, History

TRUE_STATES = {State.UP: "on", State.GUEST_SILENT: "on", State.DOWN: "off", State.SUSPENDED: "suspended"}


def seconds(moment: datetime) -> int:
    return round((moment - EPOCH).total_seconds())


def true_states(history: History, start: int, end: int) -> set[str]:
    changes = [*history.truth, (10**9, "")]
    return {state for (begin, state), (stop, _) in pairwise(changes) if begin < end and start < stop and begin < stop}


def outside(jumps: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """What is left of an interval without the times that vCenter's clock skipped or told twice."""
    pieces = [(start, end)]
    for begin, stop in jumps:
        cut = [piece for a, b in pieces for piece in ((a, min(b, begin)), (max(a, stop), b))]
        pieces = [(a, b) for a, b in cut if a < b]
    return pieces


def is_excused(history: History, one: Interval, *, only_sleeper: bool) -> bool:
    """Whether excuses, joined, span an unknown interval."""
    at, end = seconds(one.start), seconds(one.end)
    for start, stop, why in sorted(history.excuses, key=lambda excuse: excuse[0]):
        if why in ("purged", "restarted", "slept") and not only_sleeper:
            continue
        if start <= at < (10**9 if stop is None else stop):
            at = 10**9 if stop is None else stop
    return at >= end


def check_truth(history: History, ledger: Ledger, *, only_sleeper: bool) -> None:
    line(ledger)
    for one in ledger.intervals:
        start, end = seconds(one.start), seconds(one.end)
        if one.state is State.UNKNOWN:
            assert is_excused(history, one, only_sleeper=only_sleeper), (
                f"{start}-{end} {one.cause}: something could have told {history.excuses}"
            )
            continue
        found = {state for piece in outside(history.jumps, start, end) for state in true_states(history, *piece)}
        assert found <= {TRUE_STATES[one.state]}, f"{start}-{end} is called {one.state}, in truth {found}"
        if one.state is State.GUEST_SILENT:
            for a, b in outside(history.jumps, start, end):
                assert any(c <= a and (d is None or b <= d) for c, d in history.silences), f"{a}-{b} silent"


def power_line(ledger: Ledger) -> list[tuple[datetime, str, str | None]]:
    """The ledger without its guest layer, which only who watched can know to the second."""
    found: list[tuple[datetime, str, str | None]] = []
    for one in ledger.intervals:
        said = (str(State.UP), None) if one.state is State.GUEST_SILENT else (str(one.state), one.cause)
        if not found or found[-1][1:] != said:
            found.append((one.start, *said))
    return found


class LedgerAgainstTruth(HappeningRules):
    """And who can see it: agents, vCenter, permissions, clocks."""

    @precondition(lambda self: self.history.agents["sleeper"].on and self.history.vcenter)
    @rule()
    def the_agent_stops(self) -> None:
        self.history.wait(0)
        sleeper = self.history.agents["sleeper"]
        self.history.now += 1
        self.history.unwatch(sleeper)
        sleeper.on, self.slept_since = False, sleeper.read_until or 0

    @precondition(lambda self: not self.history.agents["sleeper"].on)
    @rule(pause=st.sampled_from([10, 3000, 9000, 30_000]))
    def the_agent_starts(self, pause: int) -> None:
        history = self.history
        history.wait(pause)
        history.agents["sleeper"].on = True
        kept = history.clock - RETENTION
        if self.slept_since < kept:
            self.same_for_both = False
        blind = [start for start, stop, _ in history.excuses if stop is None or stop >= self.slept_since - OVERLAP]
        if not history.visible or any(stop is None for _, stop, _ in history.excuses):
            blind.append(self.slept_since - OVERLAP - HOST_SILENCE)
        if blind:
            history.excuses.append((min(blind), history.clock + SYNCHRONIZATION, "slept"))
        if self.slept_since - OVERLAP < kept:
            history.excuses.append((self.slept_since - OVERLAP - 2 * HOST_SILENCE, kept + SYNCHRONIZATION, "purged"))
        history.wait(0)
        history.wait(OVERLAP + 2 * HOST_SILENCE)

    @precondition(lambda self: self.all_hosts_seen())
    @rule()
    def vcenter_stops(self) -> None:
        history = self.history
        history.wait(0)
        self.same_for_both = False
        if not history.agents["sleeper"].on:
            last = max((one.created for _, one in history.posted), default=EPOCH)
            history.excuses.append((min(seconds(last), history.clock), history.clock, "restarted"))
        history.excuse("vcenter", before=HOST_SILENCE)
        history.vcenter = False
        history.wait(0)
        history.wait(1)

    @precondition(lambda self: not self.history.vcenter)
    @rule(found_after=st.integers(0, SYNCHRONIZATION))
    def vcenter_starts(self, found_after: int) -> None:
        history = self.history
        history.vcenter = True
        stopped = next(start for start, end, why in history.excuses if why == "vcenter" and end is None)
        if stopped < history.clock - RETENTION + OVERLAP:
            history.excuse("vcenter", before=history.clock - stopped + OVERLAP)
        history.post("ServerStartedSessionEvent")
        self.found(found_after)
        history.show()
        history.wait(1)
        history.excused("vcenter", after=SYNCHRONIZATION)

    @precondition(lambda self: not self.history.vcenter and self.is_on())
    @rule(pause=PAUSES)
    def ha_restarts_it_while_vcenter_is_away(self, pause: int) -> None:
        self.end_silence()
        self.history.turn("off")
        self.history.wait(pause)
        self.start(self.other())

    @precondition(lambda self: self.history.vcenter and self.history.visible)
    @rule()
    def permission_is_withdrawn(self) -> None:
        history = self.history
        history.wait(0)
        history.wait(61)
        self.same_for_both = False
        history.excuse("hidden", before=OVERLAP + 3 * HOST_SILENCE)
        history.visible = False
        history.wait(0)

    @precondition(lambda self: not self.history.visible)
    @rule()
    def permission_is_granted(self) -> None:
        history = self.history
        history.wait(1)
        history.visible = True
        for agent in history.agents.values():
            agent.shown = {key: value for key, value in agent.shown.items() if key[0] != "vm-1"}
        history.wait(0)
        history.excused("hidden", after=HOST_SILENCE)

    @precondition(lambda self: self.all_hosts_seen() and self.history.agents["sleeper"].on)
    @rule(step=st.sampled_from([-90, -7, 60, 400]))
    def the_clock_steps(self, step: int) -> None:
        history = self.history
        # A step eats from the overlap in which late events are found: none may be under way. Before a step back nothing
        # has happened in the time that is told again; much may, after it.
        late = max((ready - history.now for ready, _ in history.posted), default=0)
        history.wait(max(1, late, 2 * HOST_SILENCE - step))
        before = history.clock
        for agent in history.agents.values():
            history.unwatch(agent)
        history.offset += step
        jump = (min(before, history.clock), max(before, history.clock) + 1)
        history.jumps.append(jump)
        history.excuses.append((jump[0] - 2 * HOST_SILENCE, jump[1] + 2 * HOST_SILENCE, "clock"))
        self.same_for_both = False
        history.wait(0)

    def teardown(self) -> None:
        history = self.history
        if not history.vcenter:
            self.vcenter_starts(0)
        if not history.visible:
            self.permission_is_granted()
        if not history.agents["sleeper"].on:
            self.the_agent_starts(10)
        for _ in range(3):
            history.wait(700)
        for name in history.agents:
            ledger = history.ledger(name)
            check_truth(history, ledger, only_sleeper=name == "sleeper")
            assert history.ledger(name, order=-1) == ledger
        both = history.both()
        check_truth(history, both, only_sleeper=False)
        assert [one for one in both.contradictions if one.ledgers is not None] == []
        if self.same_for_both:
            assert power_line(history.ledger("sleeper")) == power_line(history.ledger("watcher"))


TestLedgerAgainstTruth = LedgerAgainstTruth.TestCase
TestLedgerAgainstTruth.settings = settings(
    max_examples=1000,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
