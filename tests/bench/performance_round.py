"""What one round of performance counters costs the agent: `.venv/bin/python -m tests.bench.performance_round 80 1000`.

The simulated vCenter is a process of its own, so that the CPU seconds are the agent's alone. The first round reads five
minutes of history; the rounds that are measured read what a minute brought, three samples of every counter.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from agent.cli.endpoints import endpoint
from agent.cli.garbage import search_rarely
from agent.clock import SystemClock
from agent.collectors.inventory_reading import InventoryReading
from agent.collectors.performance import PerformanceCollector
from agent.collectors.shared_session import SharedSession
from agent.collectors.slot import WorldSlot
from agent.config import load, read_password
from agent.model.world import CollectorStatus, Target, World
from agent.vcenter.performance import PerformanceReader
from agent.vcenter.session import connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport
from tests.bench.servers import simulated

ROUNDS = 2
MINUTE_S = 60.0


def measured(vms: int, folder: Path, rounds: int = ROUNDS, pause_s: float = MINUTE_S) -> dict[str, float]:
    """One size: figures of the cheapest of the rounds."""
    clock = SystemClock()
    with simulated(vms, folder) as server:
        (vcenter,) = load(server.config_file).vcenters
        stub = Stub(Transport(endpoint(vcenter), clock))
        session = connect(stub, vcenter.username, read_password(vcenter), clock)
        reading = InventoryReading("dc1", clock)
        reading.attach(session)
        fresh = CollectorStatus(interval_s=30)
        target = Target(name="dc1", address="x", inventory=reading.inventory(fresh, fresh, clock.now()))
        slot = WorldSlot(World(version="bench", started_at=clock.now(), targets={"dc1": target}))
        collector = PerformanceCollector("dc1", SharedSession(), folder / "bench.db", slot, clock)
        reader = PerformanceReader(session)
        collector._begin(session, reader)
        collector._round(session, reader)
        found = []
        for _ in range(rounds):
            time.sleep(pause_s)
            before = session.stub.traffic.statistics
            cpu, wall = time.process_time(), time.monotonic()
            collector._round(session, reader)
            after = session.stub.traffic.statistics
            found.append(
                {
                    "vms": vms,
                    "cpu_s": time.process_time() - cpu,
                    "wall_s": time.monotonic() - wall,
                    "calls": after.calls.get("QueryPerf", 0) - before.calls.get("QueryPerf", 0),
                    "bytes": after.bytes_received - before.bytes_received,
                }
            )
        session.close()
        collector._database.close()
    best = min(found, key=lambda row: row["cpu_s"])
    return {**best, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def main() -> int:
    """Print a line for each size."""
    search_rarely()  # as the agent does
    sizes = [int(text) for text in sys.argv[1:]] or [80, 1000]
    sys.stdout.write(f"{'VMs':>6} {'CPU s':>8} {'wall s':>8} {'calls':>6} {'bytes':>11} {'peak MiB':>9}\n")
    for vms in sizes:
        with tempfile.TemporaryDirectory() as folder:
            row = measured(vms, Path(folder))
        sys.stdout.write(
            f"{row['vms']:>6} {row['cpu_s']:>8.3f} {row['wall_s']:>8.2f} {row['calls']:>6} {row['bytes']:>11,}"
            f" {row['peak_mib']:>9.0f}\n"
        )
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
