"""Shows that counters are right across an outage of the agent: `.venv/bin/python -m tests.proofs.counted_once`.

An agent counts the samples of a simulated vCenter for ten minutes of simulated time, is killed, is away for twenty
minutes, and is started again. For every VM that ran, what it counted is printed beside the sum of the simulated
vCenter's own samples. Exits 1 unless they are equal to the unit.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from pyVmomi import vim

from agent.model.identity import vm_ids
from agent.simulator.counters import counters
from agent.simulator.samples import Samples, subject_of
from tests.agent.cli.invocation import ROOT, environment
from tests.agent.collectors.counting import READY, SENT, Agent, Vendor, vendor

STEP_S, STEPS, AWAY_S, LOOKBACK_S = 60, 10, 1200, 300
KILOBYTES = {READY: 1, SENT: 20}
"""What a sample is worth: a delta itself, a rate its 20 seconds."""


def count_then_die(dc: Vendor, database: Path) -> None:
    """The first agent: a process of its own, killed with SIGKILL in the middle of its rounds."""
    command = [sys.executable, "-m", "tests.agent.collectors.counting_child", str(dc.vcenter.port), str(dc.ca_file)]
    with subprocess.Popen(
        [*command, str(database)], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    ) as child:
        for _ in range(STEPS):
            child.stdout.readline()
            dc.time.advance(STEP_S)
            child.stdout.readline()
        child.kill()
        child.wait(20)


def truth(dc: Vendor, moid: str, name: str, begin: int) -> int:
    """The sum of the simulated vCenter's own samples from `begin` to now."""
    samples, counter = Samples(dc.estate), next(one for one in counters().values() if one.name == name)
    subject = subject_of(dc.estate, dc.estate.entry(moid))
    moments = range(begin // 20 * 20 + 20, dc.now() + 1, 20)
    return sum(
        (samples.value(subject, counter, "", at) or 0) * KILOBYTES[name]
        for at in moments
        if samples.exists(subject, at)
    )


def compared(folder: Path) -> list[tuple[str, str, int, int]]:
    """VM, counter, truth and what was counted."""
    with vendor(folder) as dc:
        database = folder / "checkmeter.db"
        count_then_die(dc, database)
        dc.time.advance(AWAY_S)
        agent = Agent(dc.ca_file, dc.vcenter.port, database).start()
        agent.round()
        inventory = agent.slot.read()[1].targets["dc1"].inventory
        ids = vm_ids(inventory.vms)
        begin = dc.began - LOOKBACK_S - 20
        shown = agent.collector._published.entities["vm"]
        rows = [
            (inventory.vms[moid].name, name, truth(dc, moid, name, begin), shown[ids[moid]].totals[name, ""])
            for moid in sorted(dc.estate.ids(vim.VirtualMachine))
            for name in (READY, SENT)
            if ids[moid] in shown and (name, "") in shown[ids[moid]].totals
        ]
        agent.stop()
    return rows


def main() -> int:
    """Print the table; 0 if every row is equal."""
    with tempfile.TemporaryDirectory() as folder:
        rows = compared(Path(folder))
    lines = [f"{'VM':<24} {'counter':<24} {'truth':>14} {'counted':>14}"]
    lines += [
        f"{vm:<24} {name:<24} {true:>14,} {counted:>14,}{'' if true == counted else '  DIFFERENT'}"
        for vm, name, true, counted in rows
    ]
    different = sum(true != counted for _, _, true, counted in rows)
    lines.append(
        f"{len(rows)} totals over {(STEP_S * STEPS + AWAY_S) // 60} minutes, of which the agent was away for "
        f"{AWAY_S // 60}: {'all equal to the unit' if not different else f'{different} DIFFERENT'}"
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if different or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
