"""`checkmeter config check`: every mistake in the configuration file, and on demand a login at each vCenter."""

from functools import partial
from pathlib import Path

import click

from agent.cli.health_settings import health_rules
from agent.cli.options import config_file, log_options
from agent.clock import SystemClock
from agent.config import Config, load, read_password
from agent.errors import AgentError, VCenterError

SEES_NOTHING = "ask for the role Read-only on the top folder, propagated to all below"


@click.command()
@config_file
@click.option("--connect", is_flag=True, help="Also log in to each vCenter, once, and out again.")
@click.option(
    "--without-passwords",
    is_flag=True,
    help="Leave out whether the password files can be read, where only the service itself can.",
)
@log_options()
def check(config_file: Path, connect: bool, without_passwords: bool) -> None:
    """Say every mistake in the configuration file, one line each, with its place; exit code 78 if there is one.

    Also those of the files that it names: acknowledgements, releases, the contract's folder.

    With --connect: exit code 1 if a vCenter cannot be reached, is not trusted, refuses the login or shows nothing.
    """
    if connect and without_passwords:
        raise click.UsageError("--connect needs the passwords: leave out --without-passwords")
    config = load(config_file, passwords=not without_passwords)
    health_rules(config.health)
    if config.claims.folder is not None:
        from agent.claims.folder import read_folder  # noqa: PLC0415 - most configurations name no contract

        read_folder(config.claims.folder)
    names = ", ".join(vcenter.name for vcenter in config.vcenters)
    click.echo(f"{config_file}: correct; vCenters: {names}")
    if connect:
        _connect_to_all(config)


def _connect_to_all(config: Config) -> None:
    from agent.cli.endpoints import endpoint  # noqa: PLC0415 - brings pyVmomi, which a check of the file goes without
    from agent.vcenter.session import try_connect  # noqa: PLC0415 - the same

    failed = 0
    for vcenter in config.vcenters:
        try:
            seen = try_connect(endpoint(vcenter), partial(read_password, vcenter), SystemClock())
        except VCenterError as error:
            failed += 1
            click.echo(f"{vcenter.name}: failed: {str(error).removeprefix(f'{vcenter.name}: ')}")
            continue
        connected = f"connected as {vcenter.username} to {seen.about.full_name or 'a server without a name'}"
        if seen.hosts or seen.vms:
            click.echo(f"{vcenter.name}: {connected}; visible: {seen.hosts} hosts, {seen.vms} virtual machines")
        else:
            failed += 1
            click.echo(
                f"{vcenter.name}: failed: {connected}, but no host and no virtual machine is visible; {SEES_NOTHING}"
            )
    if failed:
        raise AgentError(f"{failed} of {len(config.vcenters)} vCenters cannot be read", cure="each line above says why")
