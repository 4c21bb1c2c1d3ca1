"""`python -m tests.bench`: what the agent costs and how fast it is, measured from outside, as a table."""

import shutil
import sys
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

import click
import pytest

from tests.bench.measuring import Durations, Measurement, measure
from tests.bench.servers import VCSIM_VMS, Server, simulated, vcsim
from tests.bench.table import as_json, machine, text
from tests.vcsim.server import built_in, cache_folder

SIZES = (80, 1000)


@click.command()
@click.option("--vms", "sizes", type=click.IntRange(20, 20000), multiple=True, default=SIZES, show_default=True)
@click.option(
    "--vcsim/--no-vcsim",
    "with_vcsim",
    default=shutil.which("go") is not None,
    help=f"Also {VCSIM_VMS} VMs of vcsim, built with go.",
)
@click.option(
    "--settle", type=float, default=15, show_default=True, help="Seconds to leave the agent alone once it is ready."
)
@click.option(
    "--seconds", type=float, default=60, show_default=True, help="Seconds of the steady part; 300 hold one slow read."
)
@click.option(
    "--scraped", type=float, default=35, show_default=True, help="Seconds of scraping; 35 hold one quick read."
)
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write all figures here."
)
def bench(
    *, sizes: tuple[int, ...], with_vcsim: bool, settle: float, seconds: float, scraped: float, json_file: Path | None
) -> None:
    """Measure the agent against simulated vCenters of these sizes, one after the other."""
    durations = Durations(settle_s=settle, steady_s=seconds, scraped_s=scraped)
    measured_on = machine()
    measurements = []
    for vms in sizes:
        with tempfile.TemporaryDirectory() as folder:
            measurements.append(_told(simulated(vms, Path(folder)), f"{vms} VMs", durations))
    if with_vcsim:
        with tempfile.TemporaryDirectory() as folder:
            try:
                binary = built_in(cache_folder() or Path(folder))
            except (pytest.skip.Exception, pytest.fail.Exception) as without:
                click.echo(f"vcsim is left out: {without}", err=True)
            else:
                measurements.append(_told(vcsim(Path(folder), binary), f"{VCSIM_VMS} VMs of vcsim", durations))
    if json_file is not None:
        json_file.write_text(as_json(measurements, measured_on))
    click.echo(text(measurements, measured_on), nl=False)


def _told(starting: AbstractContextManager[Server], what: str, durations: Durations) -> Measurement:
    if sys.stderr.isatty():
        click.echo(f"measuring {what} …", err=True)
    with starting as server:
        return measure(server, durations)


if __name__ == "__main__":
    bench()
