"""Plays the story: a simulated vCenter in this process, the real agent in another, and time handed out to both."""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from pyVmomi import vim

from agent.simulator.counters import counters
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.cli.invocation import PASSWORD
from tests.proofs.month.agenda import Agenda
from tests.proofs.month.agent_life import AgentLife
from tests.proofs.month.happenings import Happenings
from tests.proofs.month.quiet import until_quiet
from tests.proofs.month.scene import DAY_S, HOUR_S, Scene
from tests.proofs.month.story import plan
from tests.proofs.month.story_clock import StoryCondition, StoryTime
from tests.proofs.month.truth import Truth
from tests.proofs.month.vcenter_story import VCenterStory

ANSWER_S = 120.0
"""vCenter ends a wait without changes on this grid; the agent takes twice as long a silence for a gap."""
VERSIONS = ("1.1.0", "2.0.0")
UNEVENTFUL = timedelta(days=29)
"""vCenter keeps events for 30 days."""
AGENT_CLOCK_S = (40.0, -25.0)
"""How far ahead of the true time the clock of the agent's machine is set, one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to play. `look_s` is how often the agent reads what is not pushed, `grain_s` the grid of its other waits."""

    begin: datetime
    days: float
    vms: int
    kills: int
    upgrades: int
    seed: int
    past: bool = True
    """vCenter tells of the weeks before, of which the truth says nothing; else they were uneventful"""
    look_s: float = 600.0
    grain_s: float = 1200.0
    sample_s: float = 6 * HOUR_S
    calm_days: float = 5.0
    """at the begin and at the end nobody kills the agent for so long: does a long life grow?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """How heavy everything was at a moment."""

    passed_s: float
    version: str
    age_s: float
    """of the agent's process"""
    memory_mb: float
    files: int
    threads: int
    sessions: int
    ledger_mb: float


@dataclass
class Played:
    """What is left of it."""

    plan: Plan
    truth: Truth
    database: Path
    end: datetime
    samples: list[Sample] = field(default_factory=list)
    kills: int = 0
    upgrades: int = 0
    exit_codes: list[int] = field(default_factory=list)
    """of the agent, when it was asked to end"""
    sessions_at_end: int = 0
    bugs: list[str] = field(default_factory=list)
    agent_cpu_s: float = 0.0
    real_s: float = 0.0
    agent_away: list[tuple[datetime, datetime]] = field(default_factory=list)


def _configuration(vcenter: SimulatedVCenter, folder: Path, look_s: float) -> None:
    (folder / "ca.pem").write_bytes(vcenter.ca_pem)
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text(PASSWORD)
    look = f"{look_s:.0f}s"
    (folder / "checkmeter.yaml").write_text(
        f"vcenters:\n  - name: dc1\n    host: 127.0.0.1\n    port: {vcenter.port}\n    username: checkmeter\n"
        f"    password_file: password\n    tls:\n      ca_file: ca.pem\n    interval: {look}\n    slow_interval: 1h\n"
        f"performance:\n  interval: {look}\nhealth:\n  interval: {look}\n"
    )


def _level_load(estate: Estate) -> None:
    """Every counter that says nothing of who ran when reads the same all month: made up ones cost half of the CPU."""
    for moid in estate.ids(vim.VirtualMachine, vim.HostSystem):
        for counter in counters().values():
            if not counter.name.startswith("sys."):
                estate.performance[moid, counter.name] = lambda _instance, _at, level=counter.low: level


class Stage:
    """Where it is played. `tell` is told how far it is."""

    def __init__(self, plan_: Plan, folder: Path, tell: Callable[[str], None]) -> None:
        self._plan, self._tell = plan_, tell
        self._rng = random.Random(f"month-{plan_.seed}")
        self._time = StoryTime(folder / "time", plan_.begin)
        self._estate = Estate(plan_.seed, self._time.now)
        self._lock = self._estate.lock = StoryCondition(self._time, ANSWER_S)
        municipality(self._estate, vms=plan_.vms)
        _level_load(self._estate)
        if not plan_.past:
            del self._estate.events[1:], self._estate.event_scopes[1:]
            self._estate.events[0].createdTime = plan_.begin - UNEVENTFUL
        self._agenda = Agenda(self._time)
        happenings = Happenings(self._estate, self._rng)
        self._scene = Scene(happenings, self._agenda, self._rng)
        self._vcenter = SimulatedVCenter(self._estate, users={"checkmeter": PASSWORD})
        self._story = VCenterStory(self._vcenter, self._scene, look_s=plan_.grain_s, blink_s=ANSWER_S)
        self._life = AgentLife(self._time, folder, grain=plan_.grain_s)
        self._folder = folder
        self._played = Played(plan_, happenings.truth, self._life.database, plan_.begin)
        self._away_since: datetime | None = None

    def play(self) -> Played:
        began, seconds = time.monotonic(), self._plan.days * DAY_S
        with self._vcenter, contextlib.closing(self._life):
            _configuration(self._vcenter, self._folder, self._plan.look_s)
            plan(self._scene, self._story, seconds)
            self._plan_kills(seconds)
            self._agenda.at(self._plan.sample_s, self._every_sample)
            self._life.start()
            with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C: what was played until then is judged
                self._until(seconds)
            if self._life.process is None:
                self._start()
            self._quiet()
            self._played.end = self._estate.now()
            self._sample()
            self._end_agent()
            self._story.forget()
            self._played.sessions_at_end = len(self._vcenter.sessions)
        played = self._played
        played.bugs, played.agent_cpu_s = self._life.bugs(), self._life.cpu_s
        played.real_s = time.monotonic() - began
        return played

    # time

    def _until(self, end: float) -> None:
        while self._time.passed < end:
            self._quiet()
            self._go(min(end, self._agenda.due, self._time.agent_due, self._lock.due))
            self._agenda.do_what_is_due()

    def _quiet(self) -> None:
        until_quiet([os.getpid(), *([self._life.pid] if self._life.pid else [])])

    def _go(self, passed: float) -> None:
        self._time.go(max(passed, self._time.passed))
        if passed >= self._lock.due:
            with self._lock:
                self._lock.notify_all()

    # the agent's life

    def _plan_kills(self, seconds: float) -> None:
        """At any moment; half of them while the agent works."""
        calm = min(self._plan.calm_days * DAY_S, seconds / 4)
        for number in range(self._plan.kills):
            moment = self._rng.uniform(calm, seconds - calm)
            at_work = number % 2 == 0
            if at_work:
                moment = moment // self._plan.grain_s * self._plan.grain_s
            self._agenda.at(moment, partial(self._kill, at_work=at_work))
        versions = VERSIONS[: self._plan.upgrades]
        for number, version in enumerate(versions):
            moment = calm + (seconds - 2 * calm) * (number + 1) / (len(versions) + 1)
            self._agenda.at(moment, partial(self._upgrade, version))
        for ahead in AGENT_CLOCK_S:
            self._agenda.at(self._rng.uniform(0, seconds), partial(self._set_agent_clock, ahead))

    def _set_agent_clock(self, ahead_s: float) -> None:
        self._time.set_agent_clock(ahead_s)
        self._played.truth.told["clock of the agent set"] += 1

    def _kill(self, *, at_work: bool) -> None:
        if self._life.process is None:
            self._agenda.after(self._rng.uniform(600, 7200), partial(self._kill, at_work=at_work))
            return
        if at_work:
            time.sleep(self._rng.uniform(0.0, 0.15))
        self._life.end(signal.SIGKILL)
        self._played.kills += 1
        self._story.forget_later(list(self._vcenter.sessions))
        self._away_since = self._estate.now()
        pause = self._rng.choice((5.0, 60.0, 600.0, 3600.0, 6 * HOUR_S)) * self._rng.uniform(0.5, 1.5)
        self._agenda.after(pause, self._start)

    def _upgrade(self, version: str) -> None:
        if self._life.process is None:
            self._agenda.after(HOUR_S, partial(self._upgrade, version))
            return
        self._end_agent()
        self._played.upgrades += 1
        self._life.version = version
        self._away_since = self._estate.now()
        self._agenda.after(90, self._start)

    def _end_agent(self) -> None:
        self._quiet()
        self._played.exit_codes.append(self._life.end(signal.SIGTERM))

    def _start(self) -> None:
        if self._away_since is not None:
            self._played.agent_away.append((self._away_since, self._estate.now()))
            self._story.seen_again(self._away_since)
        self._life.start()

    # how heavy it is

    def _every_sample(self) -> None:
        if self._life.process is not None:
            self._sample()
        self._agenda.after(self._plan.sample_s, self._every_sample)

    def _sample(self) -> None:
        self._quiet()
        self._life.get("/metrics")
        weight = self._life.weight()
        sample = Sample(
            passed_s=self._time.passed,
            version=self._life.version,
            age_s=self._time.passed - self._life.since,
            memory_mb=weight.memory_mb,
            files=weight.files,
            threads=weight.threads,
            sessions=len(self._vcenter.sessions),
            ledger_mb=self._life.ledger_bytes() / 1e6,
        )
        self._played.samples.append(sample)
        self._tell(
            f"day {sample.passed_s / DAY_S:5.2f}: {sample.memory_mb:5.1f} MB, {sample.files} files, {sample.threads} "
            f"threads, {sample.sessions} sessions, ledger {sample.ledger_mb:6.2f} MB, {self._played.kills} kills"
        )


def play(plan_: Plan, folder: Path, tell: Callable[[str], None] = lambda _line: None) -> Played:
    """All of it; the ledger is in `folder` afterwards."""
    return Stage(plan_, folder, tell).play()
