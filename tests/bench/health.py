"""What all health checks cost: `.venv/bin/python -m tests.bench.health 80 5000`.

The estate is read once over the wire from a simulated vCenter that is a process of its own; then all checks are made on
what was read, again and again. Printed is the cheapest of the rounds, which no other process held up: of whole ones, and
of those that follow another as the agent's do.
"""

import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

from agent.cli.endpoints import endpoint
from agent.cli.garbage import search_rarely
from agent.clock import SystemClock
from agent.collectors.one_reading import look_once
from agent.config import load, read_password
from agent.config.builds import load_builds
from agent.health.catalogue import Check, catalogue
from agent.health.kept import KeptVerdicts
from agent.health.look import Look
from agent.health.runner import evaluate
from tests.bench.servers import simulated

ROUNDS = 5
AIMS_S = {80: 0.010, 5000: 0.5}
DEAREST = 5


def read(vms: int, folder: Path) -> Look:
    """A simulated vCenter of that size, read once."""
    with simulated(vms, folder) as server:
        (vcenter,) = load(server.config_file).vcenters
        return look_once(
            endpoint(vcenter),
            partial(read_password, vcenter),
            SystemClock(),
            days=7,
            kinds={kind for check in catalogue().values() for kind in check.events},
            builds=load_builds(),
        )


def cheapest(look: Look, checks: dict[str, Check], rounds: int = ROUNDS) -> float:
    """CPU seconds of one evaluation; each is made on a look of its own, so that nothing is remembered."""
    found = []
    for _ in range(rounds):
        fresh = Look(**{name: getattr(look, name) for name in Look.__dataclass_fields__})
        before = time.process_time()
        evaluate(fresh, checks=checks)
        found.append(time.process_time() - before)
    return min(found)


def again(look: Look, checks: dict[str, Check], rounds: int = ROUNDS) -> float:
    """CPU seconds of a round that follows another after a minute, in which each VM's usage changed and nothing else."""
    kept, found, inventory = KeptVerdicts(), [], look.inventory
    for number in range(rounds + 1):
        vms = {moid: replace(vm, cpu_usage_mhz=number) for moid, vm in inventory.vms.items()}
        inventory = replace(inventory, vms=vms)
        fields = {name: getattr(look, name) for name in Look.__dataclass_fields__}
        fresh = Look(**{**fields, "inventory": inventory})
        before = time.process_time()
        evaluate(fresh, checks=checks, kept=kept)
        found.append(time.process_time() - before)
    return min(found[1:])


def main() -> int:
    """Print a line for each size, and the dearest checks of the largest."""
    search_rarely()  # as the agent does
    sizes = [int(text) for text in sys.argv[1:]] or [80, 5000]
    checks = dict(catalogue())
    sys.stdout.write(f"{len(checks)} checks\n{'VMs':>6} {'CPU s':>8} {'aim s':>8} {'again s':>8} {'findings':>9}\n")
    for vms in sizes:
        with tempfile.TemporaryDirectory() as folder:
            look = read(vms, Path(folder))
        seconds = cheapest(look, checks)
        aim = f"{AIMS_S[vms]:>8.3f}" if vms in AIMS_S else f"{'':>8}"
        sys.stdout.write(
            f"{vms:>6} {seconds:>8.4f} {aim} {again(look, checks):>8.4f} {len(evaluate(look).findings):>9}\n"
        )
        sys.stdout.flush()
    costs = Counter({name: cheapest(look, {name: check}, 1) for name, check in checks.items()})
    for name, seconds in costs.most_common(DEAREST):
        sys.stdout.write(f"       {seconds:>8.4f} {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
