"""A month in an hour: `.venv/bin/python -m tests.proofs.month`, and with `--days 2 --kills 5` a part of it.

The real agent reads a simulated vCenter for a month of the story's time, in which VMs, guests, hosts, datastores and vCenter
itself fail, and the agent is killed again and again. Then its ledger is held against what truly happened. Exits 1 if
anything is wrong. Linux only.
"""

import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import click

from tests.agent.cli.invocation import checkmeter
from tests.proofs.month.comparison import Compared, compare
from tests.proofs.month.month_judged import Judged, judged_month
from tests.proofs.month.report import faults, table
from tests.proofs.month.stage import Plan, Played, play

BEGIN = datetime.fromisoformat("2026-09-30T20:00Z")
"""Two hours before October, by the clocks of Copenhagen."""
FIRST_READING = timedelta(hours=1)
_MOST_FAULTS = 40


def examined(played: Played) -> tuple[Compared, Judged, str]:
    """The ledger against the truth, the month's claim, and what `ledger verify` says."""
    compared = compare(played, played.plan.begin + FIRST_READING, played.end)
    verified = checkmeter("ledger", "verify", "--storage.path", played.database.parent)
    return compared, judged_month(played), (verified.stdout or verified.stderr).strip()


@click.command()
@click.option("--days", type=float, default=31.3, show_default=True)
@click.option("--vms", type=int, default=80, show_default=True)
@click.option("--kills", type=int, default=50, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--look", type=float, default=600.0, show_default=True, help="Seconds between two readings of usage.")
@click.option("--grain", type=float, default=1200.0, show_default=True, help="The grid of the agent's waits, s.")
def main(*, days: float, vms: int, kills: int, seed: int, look: float, grain: float) -> None:
    plan = Plan(begin=BEGIN, days=days, vms=vms, kills=kills, upgrades=2, seed=seed, look_s=look, grain_s=grain)
    with tempfile.TemporaryDirectory(prefix="checkmeter-month-") as folder:
        played = play(plan, Path(folder), lambda line: click.echo(line, err=True))
        compared, judged, verified = examined(played)
    for line in table(played, compared, judged, verified):
        click.echo(line)
    wrong = faults(played, compared, judged, verified)
    for line in wrong[:_MOST_FAULTS]:
        click.echo(line, err=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
