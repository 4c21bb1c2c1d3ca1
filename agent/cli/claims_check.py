"""`checkmeter claims check`: every mistake in a contract's folder, and on demand what vCenter has otherwise."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import click

from agent.claims.folder import read_folder
from agent.claims.matching import differences, doubts, groups
from agent.claims.terms import newest
from agent.cli.claims_inventory import seen_now
from agent.cli.options import NamedPath, config_file, log_options
from agent.clock import SystemClock
from agent.errors import AgentError
from agent.model.contract_claims import Measure
from agent.model.contract_folder import ContractFolder


@click.command()
@click.argument("path", type=NamedPath(exists=True, path_type=Path))
@click.option("--connect", is_flag=True, help="Also lay it beside what the configured vCenters have now.")
@config_file
@log_options("warning")
def check(path: Path, connect: bool, config_file: Path) -> None:
    """Say every mistake in PATH, a contract's folder or one contract file, each with its place; exit code 78 if there is one.

    With --connect also: servers in no group, groups with another number of servers than expected, names that nothing has.
    Exit code 1 if there is anything of that kind.
    """
    clock = SystemClock()
    folder = read_folder(path)
    contract = newest(folder)
    revisions = ", ".join(str(one.metadata.revision) for one in folder.contracts)
    click.echo(
        f"{path}: correct; {contract.metadata.name}, revision {revisions}: {len(contract.spec.claims)} claims; "
        f"figures of {len(folder.reports)} months, {len(folder.incidents)} incidents, {len(folder.bills)} bills, "
        f"{len(folder.notices)} notices, {len(folder.exclusions)} exclusions"
    )
    found = [*doubts(folder, clock.now()), *_unknown_measures(folder)]
    if connect:
        seen = seen_now(config_file, clock)
        for group, count in groups(folder, seen).items():
            click.echo(f"service group {group}: {count} servers")
        found += differences(folder, seen)
    for line in found:
        click.echo(f"look at this: {line}")
    if found:
        raise AgentError(f"{len(found)} things to look at", cure="each line above says what")


def _unknown_measures(folder: ContractFolder) -> Iterator[str]:
    """Metrics and health checks that this agent does not have; older revisions may name what it had once."""
    named = [claim for claim in newest(folder).spec.claims if claim.measure not in set(Measure)]
    if not named:
        return
    from agent.health.catalogue import catalogue  # noqa: PLC0415 - a hundred small files that most contracts do not need
    from exporters.prometheus.figures import CHECK, recordable  # noqa: PLC0415 - the same

    known = [*recordable(), *(CHECK + name for name in catalogue())]
    for claim in named:
        if claim.measure not in known:
            close = get_close_matches(claim.measure, known, 1)
            hint = f", did you mean {close[0]}?" if close else ""
            yield f"claim {claim.id}: there is no gauge or check {claim.measure}{hint}"
