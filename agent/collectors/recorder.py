"""Records what a vCenter answers over a stretch of time: one thread, one session, everything that the agent reads.

The readers are the agent's own; a listener on the stub writes down what goes past. So a recording holds what the agent
asks for, and nothing else.
"""

import logging
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import timedelta

from agent import __version__
from agent.clock import Clock
from agent.collectors.event_recorder import EventRecorder
from agent.collectors.inventory_reading import InventoryReading
from agent.collectors.loop import RunLog
from agent.collectors.sample_recorder import SampleRecorder
from agent.dataclass import dataclass
from agent.errors import LoginRefused, NotPermitted, NotTrusted, Refused, Undecodable, VCenterError
from agent.model.cluster import ComputeResource
from agent.model.counter_uses import DEFAULT_COUNTERS
from agent.model.folder import Datacenter, Folder
from agent.model.host import HostSystem
from agent.model.inventory import Inventory
from agent.model.performance import CounterUse
from agent.model.resource_pool import ResourcePool
from agent.recording.lines import Header, HostClock, Line, Note, Tags, Whole
from agent.vcenter.changes import Paths
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.heard_answers import HeardAnswers
from agent.vcenter.property_reader import view_spec
from agent.vcenter.session import Session, connect
from agent.vcenter.tags import read_tags
from agent.vcenter.tapped_stub import TappedStub
from agent.vcenter.transport import Transport

log = logging.getLogger("checkmeter.record")

_STRUCTURE: Paths = {
    Folder: ("childEntity",),
    Datacenter: ("vmFolder", "hostFolder", "datastoreFolder", "networkFolder"),
    ComputeResource: ("host", "resourcePool"),
    ResourcePool: ("resourcePool", "vm"),
    HostSystem: ("vm",),
}
"""How the inventory hangs together; the agent itself does without, but other programs follow it from the top."""
_RETRY_S = 5.0
_MAX_WAIT_S = 30
_HISTORICAL_EVERY_S = 150.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderSettings:
    """What to record beside the inventory."""

    events_back: timedelta = timedelta(days=1)
    events_every_s: float = 20.0
    performance_every_s: float = 60.0
    counters: Mapping[str, Sequence[CounterUse]] | None = field(default_factory=lambda: DEFAULT_COUNTERS)
    """None: no counters"""
    instances: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """groups of counters, by kind of object, that are wanted instance by instance"""
    categories: Sequence[str] = ()
    """of tags"""


class Recorder:
    """Records one vCenter once."""

    def __init__(
        self,
        endpoint: Endpoint,
        password: Callable[[], str],
        clock: Clock,
        write: Callable[[Line], None],
        settings: RecorderSettings,
        *,
        anonymised: bool = False,
    ) -> None:
        """`write` takes the lines; `anonymised` is what the header says of them."""
        self._endpoint, self._password, self._clock = endpoint, password, clock
        self._write, self._settings, self._anonymised = write, settings, anonymised
        self.heard = HeardAnswers(write)
        self._transport = Transport(endpoint, clock)
        self._stub = TappedStub(self._transport, self.heard)
        self._reading = InventoryReading(endpoint.name, clock)
        self._logs = [RunLog(name, endpoint.slow_interval_s, clock) for name in ("quick", "slow")]
        self._events = EventRecorder(settings.events_back, write)
        self._samples = None
        if settings.counters is not None:
            self._samples = SampleRecorder(settings.counters, settings.instances, write)
        self._clocks: dict[str, float] = {}
        self._ahead_s = 0.0
        self._due: dict[str, float] = {}
        self._unread = set(self._jobs())
        self.whole = False
        """whether everything was read once"""

    def run(self, seconds: float, stop: threading.Event) -> str:
        """Record for `seconds` or until `stop` is set; what was written is whole at any moment.

        Returns:
            A word of `agent.recording.lines.ENDINGS`.

        Raises:
            VCenterError: it cannot be read from the start.
            FileFull, AgentError: what `write` raises.
        """
        session = self._open()
        try:
            self._begin(session)
            ends = self._clock.monotonic() + seconds
            while True:
                try:
                    return self._follow(session, ends, stop)
                except (LoginRefused, NotTrusted):
                    return "lost"
                except VCenterError as error:
                    again = self._reconnected(session, error, ends, stop)
                    if again is None:
                        return "stopped" if stop.is_set() else "lost"
                    session = again
        finally:
            session.close()

    def interrupt(self) -> None:
        """Wake the thread from waiting on vCenter, so that it sees that it is to stop."""
        self._transport.interrupt()

    def _open(self) -> Session:
        try:
            return connect(self._stub, self._endpoint.username, self._password(), self._clock)
        except BaseException:
            self._transport.close()
            raise

    def _begin(self, session: Session) -> None:
        """The header, and everything once."""
        self._ahead_s = session.clock_offset_s()
        self._write(
            Header(
                program=__version__,
                started_s=self._clock.now().timestamp(),
                clock_ahead_s=round(self._ahead_s, 3),
                kind="esxi" if session.about.api_type == "HostAgent" else "vcenter",
                api=self._stub.soap_version,
                anonymised=self._anonymised,
                about=self.heard.about,
            )
        )
        self._attach(session)

    def _attach(self, session: Session) -> None:
        """The full state; what is not in it has gone."""
        self.heard.begin_full_state()
        self._reading.attach(session)
        self.heard.end_full_state()
        self._structure(session)
        now = self._clock.monotonic()
        self._due = dict.fromkeys(self._jobs(), now)

    def _jobs(self) -> Mapping[str, tuple[Callable[[Session], None], float]]:
        """By name: what to do and how often, in seconds. In this order where several are due."""
        interval, slow = self._endpoint.interval_s, self._endpoint.slow_interval_s
        jobs: dict[str, tuple[Callable[[Session], None], float]] = {
            "quick": (self._quick, interval),
            "slow": (self._slow, slow),
            "events": (self._read_events, self._settings.events_every_s),
        }
        if self._settings.categories:
            jobs["tags"] = (self._tags, slow)
        if self._samples is not None:
            jobs["samples"] = (lambda one: self._read_samples(one, real_time=True), self._settings.performance_every_s)
            jobs["five minutes"] = (lambda one: self._read_samples(one, real_time=False), _HISTORICAL_EVERY_S)
        return jobs

    def _follow(self, session: Session, ends: float, stop: threading.Event) -> str:
        jobs = self._jobs()
        taken = True  # what is pushed comes in turn with what is polled, also where polling takes all the time
        while not stop.is_set():
            now = self._clock.monotonic()
            if not self.whole and not self._unread:
                self.whole = True
                self._write(Whole(objects=self.heard.objects))
            if self.whole and now >= ends:  # not before everything was read once: less would be of no use
                return "time"
            due = next((name for name in jobs if self._due[name] <= now), None)
            if due is not None and taken:
                job, every_s = jobs[due]
                self._due[due] = now + every_s
                job(session)
                self._unread.discard(due)
                taken = False
                continue
            rest = 0.0 if due is not None else min([*self._due.values(), ends]) - now
            self._reading.wait(session, min(_MAX_WAIT_S, math.ceil(rest)))
            taken = True
            if self.heard.shape_changed:
                self._structure(session)
        return "stopped"

    def _reconnected(self, session: Session, error: VCenterError, ends: float, stop: threading.Event) -> Session | None:
        """A new session and its full state; None when that takes until the end."""
        self._write(Note(text=f"vCenter could not be read: {error.kind}"))
        told = ""
        while not stop.is_set():
            if error.problem != told:
                log.warning(error.problem, extra={"vcenter": self._endpoint.name, "cure": error.cure})
                told = error.problem
            self._reading.detach()
            session.close()
            if self._clock.monotonic() >= ends or self._clock.wait(_RETRY_S, stop):
                return None
            try:
                session = self._open()
                self._attach(session)
            except (LoginRefused, NotTrusted):
                return None
            except VCenterError as again:
                error = again
            else:
                return session
        return None

    def _structure(self, session: Session) -> None:
        self.heard.shape_changed = False
        for _ in session.reader.read(view_spec(session.view, session.root, _STRUCTURE), {}):
            pass  # the listener has it
        self.heard.shape_changed = False

    def _quick(self, session: Session) -> None:
        self._ahead_s = session.clock_offset_s()
        with self._logs[0].run():
            self._reading.read_quick(session)

    def _slow(self, session: Session) -> None:
        self._structure(session)  # what hangs where may be told later than what came
        with self._logs[1].run():
            self._reading.read_slow(session)
        inventory = self._inventory()
        for moid, clock in {} if inventory is None else inventory.host_clocks.items():
            ahead_s = round(clock.ahead_s, 1)
            if self._clocks.get(moid) != ahead_s:
                self._clocks[moid] = ahead_s
                self._write(HostClock(moid=moid, ahead_s=ahead_s))

    def _read_events(self, session: Session) -> None:
        try:
            self._events.read(session, self._clock.now() + timedelta(seconds=self._ahead_s))
        except (NotPermitted, Refused, Undecodable) as error:
            log.info("no events", extra={"vcenter": self._endpoint.name, "why": error.problem})

    def _read_samples(self, session: Session, *, real_time: bool) -> None:
        inventory = self._inventory()
        if inventory is None or self._samples is None:
            return
        now_s = int(self._clock.now().timestamp() + self._ahead_s)
        try:
            self._samples.read(session, inventory, now_s, real_time=real_time)
        except (NotPermitted, Refused, Undecodable) as error:
            log.info("no counters", extra={"vcenter": self._endpoint.name, "why": error.problem})

    def _tags(self, session: Session) -> None:
        transport = Transport(self._endpoint, self._clock, session.stub.traffic)
        try:
            found = read_tags(transport, self._endpoint.username, self._password(), self._settings.categories)
        except (NotPermitted, Refused, LoginRefused) as error:
            log.info("no tags", extra={"vcenter": self._endpoint.name, "why": error.problem})
            self._due["tags"] = math.inf  # not again with a password that was refused
            return
        finally:
            transport.close()
        self._write(
            Tags(tags={moid: tuple((one.category, one.tag) for one in pairs) for moid, pairs in found.tags.items()})
        )

    def _inventory(self) -> Inventory | None:
        quick, slow = (one.status for one in self._logs)
        return self._reading.inventory(quick, slow, self._clock.now())
