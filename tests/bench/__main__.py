"""`python -m tests.bench`: what the agent costs and how fast it is, measured from outside, as a table."""

import contextlib
import http.client
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.bench.figures import Figures, keep, load, machine
from tests.bench.goals import judged
from tests.bench.measuring import Durations, Failure, measure
from tests.bench.programs import PEERS, Starting, checkmeter
from tests.bench.servers import VCSIM_SHAPES, Server, simulated, vcsim
from tests.bench.table import text
from tests.vcsim.server import built_in, cache_folder

SIZES = (80, 1000)
STAGE_S_A_VM = 0.03
"""What it takes to make the estate and the month that the agent remembers."""
READING_S_A_VM = 0.01


@click.command()
@click.option("--vms", "sizes", type=click.IntRange(20, 20000), multiple=True, help="Simulated; 80 and 1000 without.")
@click.option(
    "--vcsim",
    "vcsim_sizes",
    type=click.Choice([str(vms) for vms in VCSIM_SHAPES]),
    multiple=True,
    help="Also so many VMs of vcsim, built with go.",
)
@click.option("--no-simulated", is_flag=True, help="Only vcsim.")
@click.option(
    "--peers", is_flag=True, help="Beside the agent also vmware_exporter and Telegraf, which are installed once."
)
@click.option("--peer", "chosen", type=click.Choice(list(PEERS)), multiple=True, help="Only this one of them.")
@click.option(
    "--settle", type=float, default=70, show_default=True, help="Seconds to leave a program alone once it is ready."
)
@click.option(
    "--seconds", type=float, default=300, show_default=True, help="Seconds of the steady part; 300 hold one slow read."
)
@click.option(
    "--scraped", type=float, default=65, show_default=True, help="Seconds of scraping; 65 hold a reading of each kind."
)
@click.option(
    "--readings",
    type=click.IntRange(min=2),
    default=3,
    show_default=True,
    help="Scrapes of what reads when it is asked.",
)
@click.option("--claims/--no-claims", default=True, help="With the demonstration's contract and month, as by default.")
@click.option("--changing", type=float, help="Instead of the scenario, percent of the VMs that change each minute.")
@click.option("--cadence", type=int, help="Seconds between the agent's readings, instead of its defaults.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Keep all figures here, new for old."
)
def bench(
    *,
    sizes: tuple[int, ...],
    vcsim_sizes: tuple[str, ...],
    no_simulated: bool,
    peers: bool,
    chosen: tuple[str, ...],
    settle: float,
    seconds: float,
    scraped: float,
    readings: int,
    claims: bool,
    changing: float | None,
    cadence: int | None,
    json_file: Path | None,
) -> None:
    """Measure the agent against vCenters of these sizes, one after the other, and beside it what else reads vCenters."""
    durations = Durations(settle_s=settle, steady_s=seconds, scraped_s=scraped, readings=readings)
    starting = {"checkmeter": checkmeter, **{name: PEERS[name] for name in (chosen or (PEERS if peers else ()))}}
    simulations = () if no_simulated else sizes or SIZES
    of_vcsim = tuple(int(vms) for vms in vcsim_sizes)
    click.echo(f"about {_estimate_min((*simulations, *of_vcsim), len(starting), durations):.0f} minutes", err=True)
    done = Figures()
    for vms in simulations:
        with tempfile.TemporaryDirectory() as folder:
            server = simulated(vms, Path(folder), changing=changing, cadence_s=cadence, claims=claims)
            done = done.followed_by(_measured(server, f"{vms} VMs", starting, durations))
        _keep(done, json_file)
    for vms in of_vcsim:
        with tempfile.TemporaryDirectory() as folder:
            done = done.followed_by(_measured(_vcsim(vms, Path(folder)), f"{vms} VMs of vcsim", starting, durations))
        _keep(done, json_file)
    click.echo(f"{judged(done)}\n{text(done)}", nl=False)


def _measured(
    serving: contextlib.AbstractContextManager[Server], what: str, starting: dict[str, Starting], durations: Durations
) -> Figures:
    done = Figures()
    try:
        with serving as server:
            for name, start in starting.items():
                if sys.stderr.isatty():
                    click.echo(f"measuring {name} on {what} …", err=True)
                done = done.followed_by(_one(server, name, start, durations))
    except (pytest.skip.Exception, pytest.fail.Exception) as without:
        click.echo(f"{what} are left out: {without}", err=True)
    return done


def _one(server: Server, name: str, start: Starting, durations: Durations) -> Figures:
    """One program; what fails is told, never dropped."""
    on = machine()
    with tempfile.TemporaryDirectory() as folder:
        try:
            return Figures(measurements=(measure(server, start, durations, Path(folder), on),))
        except (
            pytest.skip.Exception,
            pytest.fail.Exception,
            AssertionError,
            OSError,
            http.client.HTTPException,
        ) as error:
            why = " ".join(str(error).split()) or type(error).__name__
    click.echo(f"{name} could not be measured on {server.vms} VMs of {server.kind}: {why}", err=True)
    program = "Telegraf" if name == "telegraf" else name
    return Figures(failures=(Failure(program=program, server=server.kind, vms=server.vms, why=why[:300], on=on),))


@contextlib.contextmanager
def _vcsim(vms: int, folder: Path) -> Iterator[Server]:
    with vcsim(vms, folder, built_in(cache_folder() or folder)) as server:
        yield server


def _keep(done: Figures, json_file: Path | None) -> None:
    """After each server: a run that is broken off has lost only the last."""
    if json_file is not None:
        keep(load(json_file).followed_by(done), json_file)


def _estimate_min(sizes: tuple[int, ...], programs: int, durations: Durations) -> float:
    waiting = durations.settle_s + durations.steady_s + durations.scraped_s
    working = sum(STAGE_S_A_VM * vms + READING_S_A_VM * vms * (programs - 1) * durations.readings for vms in sizes)
    return (len(sizes) * min(programs, 2) * waiting + working) / 60


if __name__ == "__main__":
    bench()
