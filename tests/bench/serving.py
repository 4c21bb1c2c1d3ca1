"""The simulated vCenter as a process that can be asked what it has counted: `python -m tests.bench.serving --vms 80`.

Once it answers it prints one line of JSON; each line that it is sent is answered by another, with the calls by operation
and the bytes of all answers. It ends when its standard input does.
"""

import json
import sys
import threading
from pathlib import Path

import click

from agent.cli.garbage import search_rarely
from agent.cli.simulate import PASSWORD
from agent.cli.simulation import Simulation
from agent.clock import SystemClock
from tests.bench.churn import Churn

USER = "reader@vsphere.local"


@click.command()
@click.option("--vms", type=int, required=True)
@click.option("--seed", type=int, required=True)
@click.option("--ca-file", type=click.Path(path_type=Path), required=True)
@click.option("--changing", type=float, help="Percent of the VMs that change each minute, instead of the scenario.")
def serve(*, vms: int, seed: int, ca_file: Path, changing: float | None) -> None:
    """Serve until standard input ends."""
    search_rarely()
    clock, ended = SystemClock(), threading.Event()
    simulation = Simulation(vms=vms, seed=seed, scenario=changing is None, user=USER, password=PASSWORD)
    with simulation.run(clock) as vcenter:
        ca_file.write_bytes(vcenter.ca_pem)
        _say({"port": vcenter.port, "user": USER, "password": PASSWORD})
        if changing is not None:
            churn = Churn(vcenter.estate, changing, seed)
            threading.Thread(target=churn.run, args=(ended, clock), name="churn", daemon=True).start()
        for _ in sys.stdin:
            _say({"calls": vcenter.calls.copy(), "sent_bytes": vcenter.sent_bytes})
        ended.set()


def _say(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
