"""Options that commands about contracts share, and what they read."""

from datetime import datetime
from pathlib import Path

import click

from agent.claims.evaluation import evaluate
from agent.claims.month import Month
from agent.claims.terms import month_of
from agent.cli.ledger_file import opened
from agent.cli.options import NamedPath
from agent.collectors.month_evidence import month_evidence
from agent.config.builds import load_builds
from agent.ledger.database import Connection
from agent.model.builds import BuildTable
from agent.model.contract_folder import ContractFolder
from agent.model.verdict import MonthResult

claims_folder = click.option(
    "--claims.folder",
    "claims_folder",
    type=NamedPath(file_okay=False, path_type=Path),
    help="The folder with the contract and the vendor's papers.",
)
language_option = click.option(
    "--lang", "language", type=click.Choice(("en", "da")), default="en", show_default=True, help="Of the sentences."
)


def judged_month(storage_path: Path, folder: ContractFolder, name: str, now: datetime) -> MonthResult:
    """A month's claims, judged from the ledger; the months of its year before it fill the caps of credits.

    Raises:
        AgentError: there is no ledger.
    """
    builds = load_builds()
    with opened(storage_path) as database, database.reading() as connection:
        earlier = earlier_months(connection, folder, name, now, builds)
        return evaluate(folder, name, month_evidence(connection, folder, name, now, builds), earlier)


def earlier_months(
    connection: Connection, folder: ContractFolder, name: str, now: datetime, builds: BuildTable
) -> list[MonthResult]:
    """The months of its year before it, where credits are capped a year; in a reading transaction."""
    month = month_of(folder, name)
    earlier: list[MonthResult] = []
    for number in range(1, month.number) if _caps_a_year(folder) else ():
        past = Month(month.year, number, month.zone).name
        earlier.append(evaluate(folder, past, month_evidence(connection, folder, past, now, builds), earlier))
    return earlier


def _caps_a_year(folder: ContractFolder) -> bool:
    claims = [claim for contract in folder.contracts for claim in contract.spec.claims]
    return any(claim.credits is not None and claim.credits.cap_percent_year is not None for claim in claims)
