"""`checkmeter demo`: the whole at work on a simulated vCenter, without a file to write first."""

import contextlib
import tempfile
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click

from agent.cli.agent_process import AgentProcess
from agent.cli.demo_month.stage import Staged, set_the_stage
from agent.cli.endpoints import endpoint
from agent.cli.garbage import search_rarely
from agent.cli.options import DURATION, ListenAddress, log_options, web_listen_address
from agent.cli.signals import stop_on_signals
from agent.cli.simulation import Simulation
from agent.cli.stack.receiver import receiving
from agent.cli.stack.servers import stack
from agent.cli.stack.telling import ready, told
from agent.cli.supervision import status_line
from agent.cli.systemd import Nobody
from agent.clock import Clock, SystemClock
from agent.config import load
from agent.errors import AgentError
from agent.simulator.vcenter import SimulatedVCenter

USER = "checkmeter"
PASSWORD = "simulated"  # noqa: S105 - it guards nothing: what it opens is made up
FIRST_READING_S = 60.0
FIRST_READING_S_PER_VM = 0.1
"""One process plays both sides here: a real vCenter of that size answers sooner."""
CONFIG = """\
vcenters:
  - name: demo
    host: 127.0.0.1
    port: {port}
    username: {user}
    password_file: password
    tls:
      ca_file: ca.pem
    interval: 10s
    slow_interval: 1m
labels:
  attributes: [Owner, System]
  tags: [Tier, Backup]
service_discovery:
  rules:
    - {{name: remote desktop, guests: [windows], tcp: [3389]}}
    - {{name: ssh, guests: [linux], tcp: [22]}}
"""
READY = """\
A simulated vCenter with {vms} virtual machines is being read, as a real one would be. Everything in it is made up.

  status page  {page}/
{report}  metrics      {page}/metrics
  vCenter      https://127.0.0.1:{port}/sdk  user {user}, password {password}

The configuration that this runs on is {folder}/checkmeter.yaml.
To look at the same vCenter with govc:

  export GOVC_URL=https://127.0.0.1:{port}/sdk GOVC_USERNAME={user} GOVC_PASSWORD={password}
  export GOVC_TLS_CA_CERTS={folder}/ca.pem
  govc ls -l '/*/vm'

Ctrl-C ends it.
"""
CLAIMS = """\
claims:
  folder: contract
"""
REPORT = """\
  report       {page}/report/{month}/report-en.html and report-da.html: a month of a contract, and what the vendor did not tell:
{told}"""
MOST_VMS_WITH_A_PAST = 1000
"""More would take minutes to write."""


@click.command()
@web_listen_address
@click.option("--vms", type=click.IntRange(20, 5000), default=80, show_default=True, help="How many virtual machines.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same estate.")
@click.option(
    "--stack", "with_stack", is_flag=True, help="Start Prometheus and Alertmanager too, where they are installed."
)
@click.option(
    "--pace",
    type=click.FloatRange(1, 60),
    default=1,
    show_default=True,
    help="With --stack: how many times faster than shipped rules and routes lose patience.",
)
@click.option("--for", "duration", type=DURATION, help="End by itself after this long, such as 10m.")
@log_options("warning")
def demo(
    *,
    web_listen_address: tuple[ListenAddress, ...],
    vms: int,
    seed: int,
    with_stack: bool,
    pace: float,
    duration: timedelta | None,
) -> None:
    """Show everything at work on a simulated vCenter, until SIGTERM or Ctrl-C. Needs no configuration."""
    search_rarely()
    clock = SystemClock()
    simulation = Simulation(vms=vms, seed=seed, user=USER, password=PASSWORD)
    with (
        stop_on_signals() as stop,
        tempfile.TemporaryDirectory(prefix="checkmeter-demo-") as folder,
        simulation.run(clock) as vcenter,
    ):
        _show(
            vcenter=vcenter,
            simulation=simulation,
            folder=Path(folder),
            listen=web_listen_address,
            stack_pace=pace if with_stack else None,
            duration=duration,
            clock=clock,
            stop=stop,
        )


def _show(
    *,
    vcenter: SimulatedVCenter,
    simulation: Simulation,
    folder: Path,
    listen: Sequence[ListenAddress],
    stack_pace: float | None,
    duration: timedelta | None,
    clock: Clock,
    stop: threading.Event,
) -> None:
    file = _configuration(folder, vcenter)
    simulation.tell("reading")
    state, staged = folder / "state", None
    if simulation.vms <= MOST_VMS_WITH_A_PAST:
        staged = set_the_stage(state, folder / "contract", endpoint(load(file).vcenters[0]), PASSWORD, clock)
        file.write_text(file.read_text(encoding="utf-8") + CLAIMS, encoding="utf-8")
    with AgentProcess(load(file), listen, clock, state) as agent, contextlib.ExitStack() as beside:
        if not agent.wait_until_read(FIRST_READING_S + FIRST_READING_S_PER_VM * simulation.vms, stop):
            if stop.is_set():
                return
            raise AgentError(f"the simulated vCenter was not read in time: {status_line(agent.world())}")
        page = f"http://{agent.addresses[0].authority}"
        values = {"page": page, "port": vcenter.port, "user": USER, "password": PASSWORD, "folder": folder}
        click.echo(READY.format(vms=simulation.vms, report=_report(staged, page), **values), nl=False)
        if stack_pace is not None:
            _run_stack(beside, folder, agent.addresses[0].authority, clock, stack_pace)
        if duration is not None:
            _stop_after(duration, clock, stop)
        agent.supervise(stop, Nobody())


def _report(staged: Staged | None, page: str) -> str:
    if staged is None:
        return ""
    told = "".join(f"                 {line}\n" for line in staged.told)
    return REPORT.format(page=page, month=staged.month, told=told)


def _run_stack(beside: contextlib.ExitStack, folder: Path, agent: str, clock: Clock, pace: float) -> None:
    receiver = beside.enter_context(receiving(clock, lambda message: click.echo(told(message), nl=False)))
    running = beside.enter_context(stack(folder / "stack", agent, receiver, clock, pace=pace))
    click.echo("\n" + ready(running, pace))


def _configuration(folder: Path, vcenter: SimulatedVCenter) -> Path:
    (folder / "ca.pem").write_bytes(vcenter.ca_pem)
    password = folder / "password"
    password.touch(mode=0o600)
    password.write_text(PASSWORD + "\n", encoding="utf-8")
    file = folder / "checkmeter.yaml"
    file.write_text(CONFIG.format(port=vcenter.port, user=USER), encoding="utf-8")
    return file


def _stop_after(duration: timedelta, clock: Clock, stop: threading.Event) -> None:
    def wait() -> None:
        clock.wait(duration.total_seconds(), stop)
        stop.set()

    threading.Thread(target=wait, name="duration", daemon=True).start()
