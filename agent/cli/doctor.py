"""`checkmeter doctor`: what works with this account, what is missing for the rest, and the letter that asks for it."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from agent.cli.account_features import features, privileges
from agent.cli.doctor_wording import as_json, lines
from agent.cli.endpoints import endpoint
from agent.cli.options import config_file, log_options
from agent.clock import Clock, SystemClock
from agent.config import Config, VCenterConfig, load, read_password
from agent.errors import VCenterError
from agent.model.account import Account, Finding, Verdict, examine, minimal_role
from agent.vcenter.account import TAGS, try_account, try_tags
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.operations import READ_ONLY_OPERATIONS
from agent.vcenter.session import connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport
from exporters.vendor_letter.letter import LANGUAGES, letter, render


@click.command()
@config_file
@click.option("--vcenter", metavar="NAME", help="Only the vCenter of this name in the configuration.")
@click.option("--all", "every", is_flag=True, help="One line for each metric, check and command, also for what works.")
@click.option("--json", "as_document", is_flag=True, help="Everything, as JSON.")
@click.option(
    "--letter",
    "language",
    type=click.Choice(LANGUAGES),
    help="Print the letter to the vendor instead, in English or Danish.",
)
@click.option("--no-login", is_flag=True, help="With --letter: do not log in, as where there is no account yet.")
@log_options("warning")
def doctor(
    *, config_file: Path, vcenter: str | None, every: bool, as_document: bool, language: str | None, no_login: bool
) -> None:
    """Try every metric, check and command with the configured account, and say what it lacks for which of them.

    Logs in once to each vCenter, reads what the agent reads, and logs out. Exit codes: 0 everything works (or the letter
    is printed), 1 something does not or a vCenter cannot be read, 2 wrong use, 78 wrong configuration.
    """
    if no_login and language is None:
        raise click.UsageError("--no-login goes with --letter only")
    if language is not None and (as_document or every):
        raise click.UsageError("--letter goes with neither --json nor --all")
    config = load(config_file)
    chosen = _chosen(config, vcenter)
    clock = SystemClock()
    wanted = features()
    asked = privileges(wanted)
    documents: list[Mapping[str, object]] = []
    failed = False
    for number, one in enumerate(chosen):
        account: Account | None = None
        findings: Sequence[Finding] = tuple(Finding(feature=feature, verdict=Verdict.WORKS) for feature in wanted)
        if not no_login:
            if sys.stderr.isatty():
                click.echo(f"reading {one.name} as {one.username} …", err=True)
            try:
                account = _tried(one, config, clock, sorted(set(asked.values())))
            except VCenterError as error:
                failed = True
                documents.append({"vcenter": one.name, "problem": error.problem, "cure": error.cure})
                click.echo(f"{one.name}: failed: {str(error).removeprefix(f'{one.name}: ')}", err=True)
                continue
            findings = examine(wanted, account, asked)
        # a letter is no worse for what it asks for
        failed = failed or (language is None and any(finding.verdict in _AMISS for finding in findings))
        role = minimal_role(findings, asked)
        if language is not None:
            told = letter(
                address=endpoint(one).address,
                username=one.username,
                role=role,
                findings=findings,
                privileges=asked,
                operations=sorted(name for _, name in READ_ONLY_OPERATIONS),
                tags=bool(config.labels.tags),
                written=clock.now().astimezone().date(),
                account=account,
            )
            click.echo(("\f\n" if number else "") + render(told, language), nl=False)
        elif account is not None and as_document:
            documents.append(as_json(account, findings, role))
        elif account is not None:
            click.echo("\n".join(lines(account, findings, role, every=every)))
    if as_document:
        click.echo(json.dumps(documents, ensure_ascii=False, indent=2))
    if failed:
        raise click.exceptions.Exit(1)


_AMISS = (Verdict.MISSING, Verdict.INVISIBLE)


def _chosen(config: Config, name: str | None) -> Sequence[VCenterConfig]:
    found = [one for one in config.vcenters if name in (None, one.name)]
    if not found:
        names = ", ".join(one.name for one in config.vcenters)
        raise click.BadParameter(f"no vCenter {name!r} in the configuration; it has {names}", param_hint="--vcenter")
    return found


def _tried(vcenter: VCenterConfig, config: Config, clock: Clock, privileges: Sequence[str]) -> Account:
    where: Endpoint = endpoint(vcenter)
    stub = Stub(Transport(where, clock))
    try:
        session = connect(stub, where.username, read_password(vcenter), clock)
    except VCenterError:
        stub.transport.close()
        raise
    try:
        account = try_account(session, privileges)
    finally:
        session.close()
    tags = try_tags(Transport(where, clock), where.username, read_password(vcenter), config.labels.tags)
    return replace(account, attempts={**account.attempts, TAGS: tags})
