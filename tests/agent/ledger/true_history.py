"""A true history of one VM, the vCenter that tells of it, and the agents that listen. Times are whole seconds.

What vCenter posts and shows follows what it does: nothing while it is away, stale values while a host is out of sight, a
failure noticed up to a minute late, a stop that it only found posted when it found it.
"""

from dataclasses import dataclass, field, replace

from agent.ledger.combined import SaidBy, combined
from agent.ledger.judgement import Judgement
from agent.ledger.knowledge import Rules
from agent.model.availability import Ledger
from agent.model.event import Event
from agent.model.evidence import (
    Coverage,
    CoveredWindow,
    ObjectEvidence,
    Observation,
    RecordedEvent,
    Span,
    VCenterEvidence,
)
from tests.agent.ledger.chronicle import at

RETENTION = 6 * 3600
OVERLAP, SETTLED = 600, 30
SYNCHRONIZATION = HOST_SILENCE = 60
LONGEST_PAUSE = 3600


@dataclass
class Host:
    alive: bool = True
    linked: bool = True
    """vCenter has its heartbeats"""
    seen: str = "connected"
    booted: int = -100_000


@dataclass
class Vm:
    power: str = "poweredOn"
    boot: int | None = -9000
    suspended: int | None = None
    host: str = "host-1"
    heartbeat: str = "green"


@dataclass
class Agent:
    """What one agent recorded. `watching` since when the stream of updates runs."""

    on: bool = True
    watching: int | None = None
    read_until: int | None = None
    watched: list[Span] = field(default_factory=list)
    away: list[Span] = field(default_factory=list)
    away_since: int | None = None
    windows: list[CoveredWindow] = field(default_factory=list)
    events: dict[int, RecordedEvent] = field(default_factory=dict)
    shown: dict[tuple[str, str], object] = field(default_factory=dict)
    observations: dict[str, list[Observation]] = field(default_factory=dict)


@dataclass
class History:
    """The world. `agents` hear the same vCenter; only their own sleep tells them apart."""

    now: int = 0
    vm: Vm = field(default_factory=Vm)
    shown_vm: Vm = field(default_factory=Vm)
    """what vCenter last learned of it"""
    hosts: dict[str, Host] = field(default_factory=lambda: {"host-1": Host(), "host-2": Host()})
    vcenter: bool = True
    visible: bool = True
    agents: dict[str, Agent] = field(default_factory=lambda: {"sleeper": Agent(), "watcher": Agent()})
    posted: list[tuple[int, Event]] = field(default_factory=list)
    """with when it can be read at the earliest"""
    truth: list[tuple[int, str]] = field(default_factory=lambda: [(-10_000, "on")])
    silences: list[tuple[int, int | None]] = field(default_factory=list)
    excuses: list[tuple[int, int | None, str]] = field(default_factory=list)
    """when nothing could have told, and why; None: still so; `purged` and `restarted` excuse the sleeper only"""
    jumps: list[tuple[int, int]] = field(default_factory=list)
    late_by: int = 0
    sequence: int = 0
    offset: int = 0
    """vCenter's clock less the true time"""

    # what time does

    def wait(self, seconds: int) -> None:
        """Agents that are awake read at least every hour."""
        while seconds > LONGEST_PAUSE:
            seconds -= LONGEST_PAUSE
            self.now += LONGEST_PAUSE
            self._listen()
        self.now += seconds
        self._listen()

    @property
    def clock(self) -> int:
        return self.now + self.offset

    def _listen(self) -> None:
        for agent in self.agents.values():
            if not agent.on:
                continue
            if not self.vcenter:
                if agent.watching is not None:
                    self.unwatch(agent)
                agent.away_since = self.clock if agent.away_since is None else agent.away_since
                continue
            if agent.away_since is not None:
                agent.away.append(Span(start=at(agent.away_since), end=at(self.clock)))
                agent.away_since = None
            if agent.watching is None:
                agent.watching = self.clock
                agent.shown.clear()
            self._push(agent)
            self._read_events(agent)

    def unwatch(self, agent: Agent) -> None:
        if agent.watching is not None and agent.watching < self.clock:
            agent.watched.append(Span(start=at(agent.watching), end=at(self.clock)))
        agent.watching = None

    def _push(self, agent: Agent) -> None:
        vm = self.shown_vm
        values: dict[tuple[str, str], object] = {("vm-1", "@present"): "seen" if self.visible else "gone"}
        if self.visible:
            link = self.hosts[vm.host].seen
            values |= {
                ("vm-1", "runtime.powerState"): vm.power,
                ("vm-1", "runtime.bootTime"): None if vm.boot is None else at(vm.boot),
                ("vm-1", "runtime.suspendTime"): None if vm.suspended is None else at(vm.suspended),
                ("vm-1", "runtime.host"): vm.host,
                ("vm-1", "runtime.connectionState"): "connected" if link == "connected" else "disconnected",
                ("vm-1", "guestHeartbeatStatus"): vm.heartbeat if link == "connected" else "gray",
            }
        for name, host in self.hosts.items():
            values[name, "runtime.connectionState"] = host.seen
            if host.seen == "connected":
                values[name, "runtime.bootTime"] = at(host.booted)
        for (of, path), value in values.items():
            if agent.shown.get((of, path), agent) != value:
                self.sequence += 1
                told = Observation(
                    path=path, value=value, at=at(self.clock), learned_at=at(self.now), sequence=self.sequence
                )  # type: ignore[arg-type]  # values of all paths
                agent.observations.setdefault(of, []).append(told)
        agent.shown |= values

    def _read_events(self, agent: Agent) -> None:
        end = self.clock - SETTLED
        start = max(
            (agent.read_until if agent.read_until is not None else end - RETENTION) - OVERLAP, self.clock - RETENTION
        )
        if end <= start:
            return
        for ready, event in self.posted:
            told = at(start) <= event.created < at(end) and ready <= self.now
            if told and (self.visible or event.vm is None) and event.key not in agent.events:
                agent.events[event.key] = RecordedEvent(event=event, learned_at=at(self.now))
        agent.windows.append(CoveredWindow(start=at(start), end=at(end), learned_at=at(self.now + 0.5)))
        agent.read_until = end

    # what vCenter says

    def post(self, kind: str, *, vm: bool = False, host: str | None = None, user: str | None = None) -> None:
        if not self.vcenter:
            return
        key = 1000 + len(self.posted)
        event = Event(
            key=key,
            chain_id=key,
            kind=kind,
            created=at(self.clock),
            user=user,
            vm="vm-1" if vm else None,
            host=host or self.vm.host,
            cluster="domain-c1",
        )
        self.posted.append((self.now + self.late_by, event))

    def show(self) -> None:
        """VCenter learns the state of the VM, and pushes it, if it sees its host."""
        if self.vcenter and self.hosts[self.vm.host].seen == "connected":
            self.shown_vm = replace(self.vm)
        self._listen()

    # what is true

    def turn(self, state: str) -> None:
        if self.truth[-1][1] != state:
            self.truth.append((self.clock, state))

    def excuse(self, why: str, before: int = 0) -> None:
        self.excuses.append((self.clock - before, None, why))

    def excused(self, why: str, after: int = 0) -> None:
        """It can be told again."""
        self.excuses = [
            (start, self.clock + after if end is None and reason == why else end, reason)
            for start, end, reason in self.excuses
        ]

    # what the agents make of it

    def ledger(self, name: str, *, order: int = 1) -> Ledger:
        """From the evidence in the order of arrival (1), or the other way round (-1)."""
        return self._judgement(name, order).vm("vm-1", at(0), at(self.clock - SETTLED))

    def both(self) -> Ledger:
        """What the ledgers of all agents say together."""
        judged = {name: self._judgement(name, 1) for name in self.agents}
        accounts = [
            SaidBy(label=name, ledger=one.vm("vm-1", at(0), at(self.clock - SETTLED)), read=one.read)
            for name, one in judged.items()
        ]
        return combined(accounts, Rules())

    def _judgement(self, name: str, order: int) -> Judgement:
        agent = self.agents[name]
        watched = list(agent.watched)
        if agent.watching is not None and agent.watching < self.clock:
            watched.append(Span(start=at(agent.watching), end=at(self.clock)))
        events = tuple(agent.events.values())[::order]
        evidence = VCenterEvidence(
            coverage=Coverage(
                windows=tuple(agent.windows)[::order],
                watched=tuple(watched),
                away=tuple(agent.away),
                clock_jumps=tuple(Span(start=at(start), end=at(end)) for start, end in self.jumps),
                oldest_kept=at(self.clock - RETENTION),
                server_starts=tuple(one for one in events if one.event.kind == "ServerStartedSessionEvent"),
            ),
            vms={"vm-1": self._of(agent, "vm-1", tuple(one for one in events if one.event.vm))},
            hosts={
                host: self._of(agent, host, tuple(one for one in events if not one.event.vm and one.event.host == host))
                for host in self.hosts
            },
        )
        return Judgement(evidence)

    def _of(self, agent: Agent, name: str, events: tuple[RecordedEvent, ...]) -> ObjectEvidence:
        seen = agent.observations.get(name, ())
        return ObjectEvidence(object_id=name, events=events, observations=tuple(seen))
