"""An agent that counts samples of a simulated vCenter whose time moves only when told, and the truth beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyVmomi import vim

from agent.clock import SystemClock
from agent.collectors.inventory_reading import InventoryReading
from agent.collectors.performance import PerformanceCollector, PerformanceSettings
from agent.collectors.shared_session import SharedSession
from agent.collectors.slot import WorldSlot
from agent.ledger.witnesses import HEARTBEAT, UPTIME
from agent.model.late_samples import LateSampleReceiver
from agent.model.performance import CounterUse, EntityPerformance
from agent.model.world import CollectorStatus, Target, World
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.performance import PerformanceReader
from agent.vcenter.session import Session, connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport
from tests.simulator.simulated_time import SimulatedTime

READY = "cpu.ready.summation"
SENT = "net.bytesTx.average"
USES = {
    "vm": (
        CounterUse(name=READY, unit="millisecond", stats_type="delta", peak=True),
        CounterUse(name=SENT, unit="kiloBytesPerSecond", stats_type="rate"),
        CounterUse(name=UPTIME, unit="second", stats_type="absolute"),
        CounterUse(name=HEARTBEAT, unit="number", stats_type="delta"),
    )
}


def truth_of(moid: str, at: int) -> int:
    """What the simulated vCenter measured, for ever the same."""
    return (at // 20 * 7919 + int(moid.removeprefix("vm-"))) % 1000


@dataclass(slots=True)
class Vendor:
    """The vCenter, its time, and its truth."""

    vcenter: SimulatedVCenter
    time: SimulatedTime
    moid: str
    began: int
    ca_file: Path

    @property
    def estate(self) -> Estate:
        return self.vcenter.estate

    @property
    def vm_id(self) -> str:
        return str(self.estate.get(self.moid, "config.instanceUuid"))

    def sum(self, begin: int, end: int) -> int:
        """The sum of the truth over samples later than `begin`, up to `end`."""
        return sum(truth_of(self.moid, at) for at in range(begin // 20 * 20 + 20, end + 1, 20))

    def now(self) -> int:
        return int(self.time.now().timestamp())


def vendor_estate() -> tuple[Estate, SimulatedTime, str]:
    """An estate whose time moves when told, and the VM whose samples are `truth_of`."""
    time = SimulatedTime()
    estate = Estate(3, time.now)
    municipality(estate, vms=20)
    moid = next(
        moid
        for moid in estate.ids(vim.VirtualMachine)
        if estate.get(moid, "runtime.powerState") == "poweredOn"
        and estate.get(moid, "runtime.connectionState") == "connected"
        and estate.get(moid, "runtime.bootTime") < time.now().replace(hour=0)
    )
    for counter in (READY, SENT):
        estate.performance[moid, counter] = lambda _, at: truth_of(moid, at)
    return estate, time, moid


@contextmanager
def vendor(folder: Path) -> Iterator[Vendor]:
    estate, time, moid = vendor_estate()
    with SimulatedVCenter(estate) as vcenter:
        (folder / "ca.pem").write_bytes(vcenter.ca_pem)
        yield Vendor(vcenter, time, moid, int(time.now().timestamp()), folder / "ca.pem")


def session_with(ca_file: Path, port: int) -> Session:
    clock = SystemClock()
    endpoint = Endpoint(name="dc1", host="127.0.0.1", port=port, username="checkmeter", ca_file=ca_file)
    return connect(Stub(Transport(endpoint, clock)), "checkmeter", "simulated", clock)


@dataclass(slots=True)
class Agent:
    """One life of an agent's performance collector; a new life begins from the same database."""

    ca_file: Path
    port: int
    database: Path
    settings: PerformanceSettings = field(default_factory=lambda: PerformanceSettings(counters=USES))
    late: LateSampleReceiver | None = None
    slot: WorldSlot | None = None
    collector: PerformanceCollector | None = None
    session: Session | None = None

    def start(self) -> "Agent":
        clock = SystemClock()
        self.session = session_with(self.ca_file, self.port)
        self.slot = WorldSlot(
            World(version="test", started_at=clock.now(), targets={"dc1": Target(name="dc1", address="x")})
        )
        self.look()
        self.collector = PerformanceCollector(
            "dc1", SharedSession(), self.database, self.slot, clock, settings=self.settings, late=self.late
        )
        self.collector._begin(self.session, PerformanceReader(self.session))
        return self

    def look(self) -> None:
        """Read the inventory anew."""
        clock = SystemClock()
        reading = InventoryReading("dc1", clock)
        reading.attach(self.session)
        fresh = CollectorStatus(interval_s=30)
        inventory = reading.inventory(fresh, fresh, clock.now())
        self.slot.update("dc1", lambda _: Target(name="dc1", address="x", up=True, inventory=inventory))

    def round(self) -> None:
        self.collector._round(self.session, PerformanceReader(self.session))

    def stop(self) -> None:
        """As a crash would: nothing is written any more."""
        self.collector._database.close()
        self.session.close()

    def of(self, vm_id: str) -> EntityPerformance:
        return self.collector._published.entities["vm"][vm_id]

    def counted(self, vm_id: str, counter: str = READY) -> int:
        return self.of(vm_id).totals[counter, ""]
