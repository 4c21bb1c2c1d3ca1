"""`checkmeter inventory`: RVTools' tabs, from vCenter itself, from a running agent, or of a past day."""

from datetime import date, tzinfo
from pathlib import Path

import click

from agent.cli.days import DAY
from agent.cli.inventory_output import write_output
from agent.cli.inventory_past import PastDay, from_ledger
from agent.cli.inventory_sources import AgentAccess, from_agent, from_vcenters
from agent.cli.ledger_file import zone_option
from agent.cli.options import NamedPath, config_file, log_options, storage_path
from agent.cli.program import Deferred, DeferredGroup
from agent.clock import SystemClock
from agent.errors import AgentError
from exporters.workbook.downloads import TAB_NAMES
from exporters.workbook.paths import FORMATS


@click.group(cls=DeferredGroup, invoke_without_command=True)
@config_file
@click.option("--vcenter", metavar="NAME", help="Only this vCenter, by its name.")
@click.option("--day", type=DAY, help="As it stood at the end of this day, out of the ledger: 2026-10-31.")
@storage_path
@zone_option
@click.option(
    "--agent.url",
    "agent_url",
    metavar="URL",
    help="Ask this running agent, such as http://127.0.0.1:10272, in place of vCenter.",
)
@click.option("--agent.username", "agent_username", metavar="NAME", help="Whom to log in as at the agent.")
@click.option(
    "--agent.password-file",
    "agent_password_file",
    type=NamedPath(path_type=Path),
    help="File with the password for it, readable by you alone.",
)
@click.option(
    "--agent.ca-file",
    "agent_ca_file",
    type=NamedPath(path_type=Path),
    help="PEM file with the CA of the agent's certificate; else those that this machine trusts.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="xlsx",
    show_default=True,
    help="xlsx: one workbook. csv: a file a tab, in a ZIP file. json: a list of rows a tab.",
)
@click.option("--tab", type=click.Choice(TAB_NAMES), help="Only this tab, as one CSV file; for --format csv.")
@click.option(
    "--output",
    type=NamedPath(path_type=Path, allow_dash=True),
    show_default="checkmeter-inventory-DAY.xlsx here",
    help="The file to write, or - for standard output.",
)
@log_options("warning")
@click.pass_context
def inventory(
    context: click.Context,
    *,
    config_file: Path,
    vcenter: str | None,
    day: date | None,
    storage_path: Path,
    zone: tzinfo | None,
    agent_url: str | None,
    agent_username: str | None,
    agent_password_file: Path | None,
    agent_ca_file: Path | None,
    form: str,
    tab: str | None,
    output: Path | None,
) -> None:
    """Write the inventory with RVTools' tabs and columns, as XLSX, CSV or JSON; times in UTC.

    Logs in to each configured vCenter, reads everything once and logs out; with --day nothing is asked of vCenter. docs/inventory.md says which columns there
    are, and why a few of RVTools' cannot be had.
    """
    if context.invoked_subcommand is not None:
        return
    if tab is not None and form != "csv":
        raise click.BadParameter("goes with --format csv", param_hint="--tab")
    if day is not None:
        if agent_url is not None:
            raise click.BadParameter("does not go with --agent.url: an agent gives what is now", param_hint="--day")
        past = PastDay(day, zone)
        write_output(from_ledger(storage_path, past, vcenter, form, tab=tab, clock=SystemClock()), output)
        return
    if agent_url is not None:
        if vcenter is not None:
            raise click.BadParameter(
                "does not go with --agent.url: an agent gives all that it reads", param_hint="--vcenter"
            )
        access = AgentAccess(agent_url, agent_username, agent_password_file, agent_ca_file)
        write_output(from_agent(access, form, tab), output)
        return
    file, failed = from_vcenters(config_file, vcenter, form, tab, SystemClock())
    write_output(file, output)
    if failed:
        raise AgentError(f"not in it: {', '.join(failed)}", cure="each line above says why")


inventory.add_command(
    Deferred(
        "diff", "agent.cli.inventory_diff:diff", "Say what became of the inventory between two days, and who did it."
    )
)
