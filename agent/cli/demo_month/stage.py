"""Sets the demonstration's stage: the past as a ledger, the vendor's papers, and the report that tells them apart."""

from pathlib import Path
from typing import NamedTuple

from agent.cli.demo_month.cast import month_before
from agent.cli.demo_month.papers import write_papers
from agent.cli.demo_month.reading import read_once
from agent.cli.demo_month.recording import record_month
from agent.cli.options import DATABASE
from agent.cli.report_files import make_report, write_report
from agent.cli.report_shelf import REPORTS
from agent.clock import Clock
from agent.config.builds import load_builds
from agent.ledger.database import Database
from agent.vcenter.endpoint import Endpoint
from exporters.report.findings import FindingKind
from exporters.report.language import LANGUAGES, language
from exporters.report.page import finding_titles

_SHOWN = (FindingKind.FALSE_CLAIM, FindingKind.HIDDEN_OUTAGE, FindingKind.WRONG_BILL)


class Staged(NamedTuple):
    """What is to be seen."""

    month: str
    told: tuple[str, ...]
    """the first finding of each kind that matters, a line each"""


def set_the_stage(state: Path, contract: Path, endpoint: Endpoint, password: str, clock: Clock) -> Staged:
    """Write ledger, contract folder and report.

    Args:
        state: The state folder of the agent that is to run; it is made.
        contract: The contract's folder; it is made.
        endpoint: The simulated vCenter.
        password: Its password.
        clock: What now is.

    Raises:
        AgentError: the simulated vCenter cannot be read, or the folders cannot be written.
    """
    inventory, told = read_once(endpoint, password, clock, month_before(clock.now()).until)
    state.mkdir(mode=0o700)
    file = state / DATABASE
    month, past, parts = record_month(file, endpoint.name, inventory, told, clock.now())
    write_papers(contract, past, parts, month)
    database = Database(file)
    try:
        made = make_report(database, contract, month.name, LANGUAGES, load_builds(), state / REPORTS)
    finally:
        database.close()
    write_report(made, state / REPORTS / month.name, overwrite=False)
    titles = finding_titles(made.report, language("en"))
    first = dict(reversed(titles))
    return Staged(month.name, tuple(first[kind] for kind in _SHOWN if kind in first))
