"""`checkmeter report`: the evidence of a month, to read, to compute with and to check."""

from functools import partial
from pathlib import Path

import click

from agent.cli.claims_options import claims_folder
from agent.cli.ledger_file import MONTH, opened
from agent.cli.options import NamedPath, log_options, storage_path
from agent.cli.prometheus_probes import read_probes
from agent.cli.report_files import compare_report, make_report, write_report
from agent.cli.report_shelf import REPORTS
from agent.config.builds import load_builds
from agent.errors import AgentError
from exporters.report.findings import findings
from exporters.report.language import LANGUAGES, language
from exporters.report.page import finding_lines


@click.group(invoke_without_command=True)
@storage_path
@claims_folder
@click.option("--month", type=MONTH, help="Such as 2026-10.")
@click.option(
    "--lang",
    "languages",
    type=click.Choice(LANGUAGES),
    multiple=True,
    help="Language of the page; may be repeated.  [default: each]",
)
@click.option(
    "--output",
    type=NamedPath(path_type=Path, file_okay=False),
    show_default="reports in the state folder",
    help="The folder in which the month gets a folder; the agent shows what lies in the default one at /report/.",
)
@click.option(
    "--prometheus.url",
    "prometheus_url",
    metavar="URL",
    help="Also tell what was up for the platform and down for us, by the probes that this Prometheus has.",
)
@click.option("--overwrite", is_flag=True, help="Make a report anew that is there already.")
@log_options("warning")
@click.pass_context
def report(
    ctx: click.Context,
    *,
    storage_path: Path,
    claims_folder: Path | None,
    month: tuple[int, int] | None,
    languages: tuple[str, ...],
    output: Path | None,
    prometheus_url: str | None,
    overwrite: bool,
) -> None:
    """Write a month's evidence report: a page to read or print, CSV and JSON, the events, and sums that prove them.

    The same ledger, contract and program give the same bytes; `checkmeter report verify FOLDER` shows that.
    """
    if ctx.invoked_subcommand is not None:
        return
    if claims_folder is None or month is None:
        raise click.UsageError("--claims.folder and --month are needed")
    name = f"{month[0]:04}-{month[1]:02}"
    chosen = languages or LANGUAGES
    reports = output or storage_path / REPORTS
    with opened(storage_path) as database:
        probes = None if prometheus_url is None else partial(read_probes, prometheus_url)
        made = make_report(database, claims_folder, name, chosen, load_builds(), reports, probes=probes)
    target = reports / name
    write_report(made, target, overwrite=overwrite)
    texts = language("en")
    found = findings(made.report)
    for line in finding_lines(made.report, texts):
        click.echo(line)
    click.echo(f"{len(found)} to take up with the vendor" if found else texts.text("page", "found_nothing"))
    for code in chosen:
        click.echo(f"{target / f'report-{code}.html'}")


@report.command()
@click.argument("folder", type=NamedPath(path_type=Path, exists=True, file_okay=False))
@storage_path
@log_options("warning")
def verify(folder: Path, storage_path: Path) -> None:
    """Make the report in FOLDER again from the ledger and compare every byte; exit code 1 if one differs."""
    with opened(storage_path) as database:
        found = compare_report(database, folder, load_builds())
    if found.different:
        notes = "".join(f"; {note}" for note in found.notes)
        raise AgentError(
            f"{folder}: not what the ledger gives: {', '.join(found.different)}{notes}",
            cure="compare it with a copy that was kept elsewhere",
        )
    click.echo(f"the same: {found.same} files of {found.month}, from the ledger up to row {found.row}")
