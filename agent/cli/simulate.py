"""`checkmeter simulate`: a simulated vCenter for other programs."""

from pathlib import Path
from typing import get_args

import click

from agent.cli.options import LISTEN_ADDRESS, ListenAddress, NamedPath, log_options
from agent.cli.signals import stop_on_signals
from agent.cli.simulation import Simulation
from agent.clock import SystemClock
from agent.config import read_secret_file
from agent.simulator.service import Kind

PASSWORD = "simulated"  # noqa: S105 - it guards nothing: what it opens is made up
USAGE = """\
A simulated {product} answers at https://{authority}/sdk
  user {user}, password {password}
  its certificate has the SHA-256 fingerprint {fingerprint}
Ctrl-C ends it.
"""


@click.command()
@click.option(
    "--listen-address", type=LISTEN_ADDRESS, default="127.0.0.1:8989", show_default=True, help="Where to listen."
)
@click.option(
    "--vms",
    type=click.IntRange(20, 20000),
    default=80,
    show_default=True,
    help="How many virtual machines a vCenter has.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same estate.")
@click.option(
    "--scenario/--no-scenario",
    default=True,
    show_default=True,
    help="Let things happen in a vCenter: failures, moves, load.",
)
@click.option("--kind", type=click.Choice(get_args(Kind)), default="vcenter", show_default=True, help="What to be.")
@click.option(
    "--replay",
    type=NamedPath(exists=True, path_type=Path),
    help="Play back this recording of `checkmeter record`, or serve this folder of `govc object.save`, in place of what --vms, "
    "--seed, --scenario and --kind make up.",
)
@click.option(
    "--speed",
    type=click.FloatRange(0.01, 10_000),
    default=1.0,
    show_default=True,
    help="With --replay: how many times faster a recording is played; the clock of the replay goes as much faster.",
)
@click.option("--ca-file", type=NamedPath(path_type=Path), help="Write the CA here, in PEM form, for clients to trust.")
@click.option("--user", default="checkmeter", show_default=True, help="The account that may log in, read-only.")
@click.option("--password-file", type=NamedPath(path_type=Path), help=f"Holds its password; without: {PASSWORD}.")
@log_options()
def simulate(
    *,
    listen_address: ListenAddress,
    vms: int,
    seed: int,
    scenario: bool,
    kind: Kind,
    replay: Path | None,
    speed: float,
    ca_file: Path | None,
    user: str,
    password_file: Path | None,
) -> None:
    """Run a simulated vCenter for other programs to read, until SIGTERM or Ctrl-C.

    Everything in it is made up, unless a recording is played back: then it is what another vCenter answered, its times
    moved to now.
    """
    if speed != 1 and (replay is None or replay.is_dir()):
        raise click.UsageError("--speed goes with --replay of a recording")
    simulation = Simulation(
        host=listen_address.host,
        port=listen_address.port,
        vms=vms,
        seed=seed,
        kind=kind,
        scenario=scenario,
        user=user,
        password=read_secret_file(password_file) if password_file is not None else PASSWORD,
        replay=replay,
        speed=speed,
    )
    clock = SystemClock()
    with stop_on_signals() as stop, simulation.run(clock) as vcenter:
        if ca_file is not None:
            ca_file.write_bytes(vcenter.ca_pem)
        click.echo(
            USAGE.format(
                product=_product(vms, kind, replay),
                authority=listen_address._replace(port=vcenter.port).authority,
                user=user,
                password=f"as in {password_file}" if password_file is not None else PASSWORD,
                fingerprint=vcenter.fingerprint_sha256,
            ),
            nl=False,
        )
        stop.wait()


def _product(vms: int, kind: Kind, replay: Path | None) -> str:
    if replay is not None:
        return f"server that plays back {replay.name}"
    return f"vCenter with {vms} virtual machines" if kind == "vcenter" else "standalone ESXi host"
