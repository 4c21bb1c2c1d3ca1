"""A ledger judged on from what it was is the ledger judged anew from all evidence, whatever comes in and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.collectors.judged import JudgedObjects
from agent.ledger.database import Database
from agent.ledger.recorded import Known
from agent.ledger.store import AWAY, WATCHED, LedgerStore, Observed, Stretch
from agent.model.event import Event
from agent.model.evidence import CounterSample, Observation, Span
from tests.agent.ledger.written import power_event, seen, vm_seen

BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
MONTH = BEGIN
STEP_S = 15
VMS = {"vm-1": "5031-erp", "vm-2": "5031-files", "vm-3": "5031-web"}
EVENTS = (
    "VmPoweredOffEvent",
    "VmPoweredOnEvent",
    "VmSuspendedEvent",
    "VmResettingEvent",
    "VmGuestShutdownEvent",
    "VmMigratedEvent",
    "com.vmware.vc.ha.VmRestartedByHAEvent",
    "VmRemovedEvent",
)
HOST_EVENTS = (
    "HostConnectionLostEvent",
    "HostConnectedEvent",
    "com.vmware.vc.HA.DasHostFailedEvent",
    "AlarmStatusChangedEvent",
    "ServerStartedSessionEvent",
)
VALUES = {
    "runtime.powerState": ("poweredOn", "poweredOff", "suspended"),
    "runtime.connectionState": ("connected", "disconnected"),
    "guestHeartbeatStatus": ("green", "red", "gray"),
    "runtime.bootTime": ("2026-10-01T00:00:00+00:00", "2026-10-01T00:10:00+00:00"),
    "@present": ("gone", "seen"),
}
NEWS = st.one_of(
    st.just(("nothing",)),
    st.tuples(st.just("event"), st.sampled_from(sorted(VMS)), st.sampled_from(EVENTS), st.integers(0, 200)),
    st.tuples(st.just("host_event"), st.sampled_from(HOST_EVENTS), st.integers(0, 90)),
    st.tuples(st.just("host_seen"), st.sampled_from(["connected", "notResponding", "disconnected"])),
    st.tuples(st.just("sample"), st.sampled_from(sorted(VMS)), st.integers(0, 4000)),
    st.tuples(
        st.just("value"),
        st.sampled_from(sorted(VMS)),
        st.sampled_from([(path, value) for path, values in VALUES.items() for value in values]),
    ),
    st.tuples(st.just("unread")),
    st.tuples(st.just("away")),
    st.tuples(st.just("caught_up")),
)
_SHM = Path("/dev/shm")  # noqa: S108 - a folder with an unguessable name is made in it
IN_MEMORY = _SHM if _SHM.is_dir() else None
"""Thousands of transactions, each of which waits for the disk otherwise."""
PAUSES = st.sampled_from([STEP_S, STEP_S, 60, 165, 200, 345, 700, 2000])


class Recorded:
    """A ledger that is written step by step, as the collectors write it."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "checkmeter.db")
        self.store = LedgerStore(self.database)
        number = self.store.vcenter("uuid-1", "dc1", BEGIN)
        self.known = Known(seq=number, uuid="uuid-1", name="dc1")
        self.now = self.read_until = self.watched_until = BEGIN
        self.unread: list[Span] = []
        self.key = 100
        observed = [one for moid, vm_id in VMS.items() for one in vm_seen(moid, vm_id, vm_id, BEGIN)]
        observed += seen("host-1", BEGIN, kind="host", name="esx01", runtime__connectionState="connected")
        self.store.record_observations(self.known.seq, observed, [self._watched()], BEGIN)
        self.pass_time(1200, reading=True)

    def _watched(self) -> Stretch:
        start, self.watched_until = self.watched_until, self.now
        return Stretch(kind=WATCHED, start=start, end=self.now)

    def pass_time(self, seconds: int, *, reading: bool) -> None:
        """Round after round: updates are watched and events are read, or neither is."""
        step = max(STEP_S, seconds // 8)
        for _ in range(seconds // step):
            self.now += timedelta(seconds=step)
            if not reading:
                self.watched_until = self.now
            else:
                self.store.record_observations(self.known.seq, [], [self._watched()], self.now)
                self.read()

    def read(self, *events: Event) -> None:
        start = self.read_until - timedelta(seconds=60)
        self.store.record_events(self.known.seq, events, (), Span(start=start, end=self.now), self.now)
        self.read_until = self.now

    def observe(self, kind: str, moid: str, path: str, value: str) -> None:
        told: str | datetime = datetime.fromisoformat(value) if path == "runtime.bootTime" else value
        one = Observation(path=path, value=told, at=self.now, learned_at=self.now)
        self.store.record_observations(self.known.seq, [Observed(kind, moid, one)], [self._watched()], self.now)

    def happen(self, news: tuple) -> None:
        self.key += 1
        match news:
            case ("event", moid, kind, late):
                self.read(power_event(self.key, kind, self.now - timedelta(seconds=late), moid, VMS[moid]))
            case ("host_event", kind, late):
                of_vm = power_event(self.key, kind, self.now - timedelta(seconds=late))
                self.read(replace(of_vm, vm=None, vm_name=None))
            case ("host_seen", state):
                self.observe("host", "host-1", "runtime.connectionState", state)
            case ("value", moid, (path, value)):
                self.observe("vm", moid, path, value)
            case ("sample", moid, uptime):
                sample = CounterSample(
                    counter="sys.uptime.latest", at=self.now, interval_s=20, value=uptime, learned_at=self.now
                )
                self.store.record_witnesses("uuid-1", "dc1", [(moid, sample)])
            case ("unread",):
                begin = self.now
                self.pass_time(900, reading=False)
                self.unread.append(Span(start=begin, end=self.now))
                self.read_until = self.now
            case ("away",):
                begin = self.now
                self.pass_time(120, reading=False)
                away = Stretch(kind=AWAY, start=begin, end=self.now)
                self.store.record_observations(self.known.seq, [], [away], self.now)
            case ("caught_up",) if self.unread:
                gap = self.unread.pop()
                filled = Span(
                    start=gap.start - timedelta(minutes=11), end=min(gap.end + timedelta(minutes=11), self.now)
                )
                self.store.record_events(self.known.seq, (), (), filled, self.now, follows=False)


def judged(objects: JudgedObjects, recorded: Recorded) -> JudgedObjects:
    with recorded.database.reading() as connection:
        assert objects.judge(connection, MONTH, recorded.now)
    return objects


def comparable(objects: JudgedObjects, *, settled: bool) -> dict[str, object]:
    """Without when the ends of outages were learned, which a window of events that still grows tells ever later.

    Contradictions are looked for twelve minutes after the fact, not every round.
    """
    vms = {
        vm_id: replace(
            vm,
            contradictions=vm.contradictions if settled else 0,
            outages=tuple((name, replace(one, learned_at=None)) for name, one in vm.outages),
        )
        for vm_id, vm in objects.vms.items()
    }
    return {**vms, "platform": [(kind, name, replace(one, learned_at=None)) for kind, name, one in objects.platform]}


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(NEWS, PAUSES), min_size=1, max_size=8))
def test_what_is_judged_on_is_what_is_judged_anew(steps: list[tuple[tuple, int]]) -> None:
    with TemporaryDirectory(dir=IN_MEMORY) as folder:
        recorded = Recorded(Path(folder))
        kept = judged(JudgedObjects(recorded.known), recorded)
        for news, pause in steps:
            recorded.happen(news)
            judged(kept, recorded)
            recorded.pass_time(pause, reading=True)
            judged(kept, recorded)
            anew = judged(JudgedObjects(recorded.known), recorded)
            assert comparable(kept, settled=False) == comparable(anew, settled=False), (news, pause)
        for _ in range(5):
            recorded.pass_time(180, reading=True)
            judged(kept, recorded)
        anew = judged(JudgedObjects(recorded.known), recorded)
        assert comparable(kept, settled=True) == comparable(anew, settled=True)
        recorded.database.close()


def test_only_the_vm_that_something_is_learned_of_is_judged_anew(tmp_path: Path) -> None:
    recorded = Recorded(tmp_path)
    kept = judged(JudgedObjects(recorded.known), recorded)
    assert kept.judged_anew == len(VMS)
    for _ in range(5):
        recorded.pass_time(180, reading=True)
        judged(kept, recorded)
    before = dict(kept.vms)
    recorded.pass_time(STEP_S, reading=True)
    assert judged(kept, recorded).judged_anew == 0
    recorded.happen(("event", "vm-2", "VmPoweredOffEvent", 10))
    recorded.happen(("value", "vm-2", ("runtime.powerState", "poweredOff")))
    assert judged(kept, recorded).judged_anew == 1
    assert kept.vms["5031-erp"] is before["5031-erp"]
    assert kept.vms["5031-files"].month.down_s == 10
    for _ in range(5):
        recorded.pass_time(180, reading=True)
        judged(kept, recorded)
    assert kept.vms["5031-erp"] == before["5031-erp"]
    assert kept.vms["5031-files"].month.down_s == 890
    assert kept.vms["5031-files"].outages[0][1].seconds == 890
    recorded.database.close()


def test_an_alarm_of_a_host_has_no_vm_judged_anew(tmp_path: Path) -> None:
    recorded = Recorded(tmp_path)
    kept = judged(JudgedObjects(recorded.known), recorded)
    for _ in range(5):
        recorded.pass_time(180, reading=True)
        judged(kept, recorded)
    recorded.happen(("host_event", "AlarmStatusChangedEvent", 0))
    assert judged(kept, recorded).judged_anew == 0
    recorded.happen(("host_event", "HostConnectionLostEvent", 0))
    assert judged(kept, recorded).judged_anew == len(VMS)
    recorded.database.close()
