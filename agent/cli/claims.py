"""`checkmeter claims`: a month of the contract, claim by claim; and the commands that make and check contract files."""

import json
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import get_terminal_size
from typing import cast
from zoneinfo import ZoneInfo

import click

from agent.claims.document import month_document
from agent.claims.folder import read_folder
from agent.claims.month import Month
from agent.claims.terms import newest
from agent.cli.claims_details import details
from agent.cli.claims_options import claims_folder, judged_month, language_option
from agent.cli.ledger_file import MONTH, json_option
from agent.cli.options import log_options, storage_path
from agent.cli.program import Deferred, DeferredGroup
from agent.clock import SystemClock
from agent.model.contract import Contract
from agent.model.verdict import ClaimResult, CreditState, MonthResult
from agent.model.verdict_sentences import sentence
from agent.model.verdict_words import VERDICTS, Language, bounds_words, figure, target_words, with_unit

_WIDEST = 110


@click.group(cls=DeferredGroup, invoke_without_command=True)
@claims_folder
@click.option("--month", type=MONTH, help="Such as 2026-10, by the contract's clock.  [default: this month]")
@click.option(
    "--claim", "only", metavar="ID", multiple=True, help="Only this claim, down to the events; may be repeated."
)
@storage_path
@language_option
@json_option
@log_options("warning")
@click.pass_context
def claims(
    ctx: click.Context,
    *,
    claims_folder: Path | None,
    month: tuple[int, int] | None,
    only: tuple[str, ...],
    storage_path: Path,
    language: str,
    as_json: bool,
) -> None:
    """Judge the contract's claims for a month, from the ledger alone.

    For each claim: what was promised, what the vendor reports, what was measured, the verdict and the sentence that
    explains it. The other commands make contract files and check them.
    """
    if ctx.invoked_subcommand is not None:
        return
    if claims_folder is None:
        raise click.UsageError("name the folder of the contract with --claims.folder")
    folder = read_folder(claims_folder)
    now = SystemClock().now()
    zone = newest(folder).spec.time_zone
    name = f"{month[0]:04}-{month[1]:02}" if month else Month.holding(now, zone).name
    known = {claim.id for one in folder.contracts for claim in one.spec.claims}
    if unknown := [one for one in only if one not in known]:
        raise click.BadParameter(
            f"no claim {unknown[0]!r} in the contract; it has {', '.join(sorted(known))}", param_hint="--claim"
        )
    result = judged_month(storage_path, folder, name, now)
    if only:
        result = replace(result, claims=tuple(one for one in result.claims if one.claim.id in only))
    told = cast("Language", language)
    if as_json:
        click.echo(json.dumps(month_document(result, told), ensure_ascii=False, indent=2))
        return
    for line in _lines(result, newest(folder), told, in_detail=bool(only)):
        click.echo(line)


def _lines(result: MonthResult, contract: Contract, language: Language, *, in_detail: bool) -> Iterator[str]:
    title = contract.metadata.display_name or contract.metadata.name
    yield f"{title}: {result.month}, revision {', '.join(map(str, result.revisions)) or 'none in force'}"
    if result.judged_until is None:
        yield "nothing of this month is in the ledger"
    elif result.judged_until < result.end:
        yield f"judged until {result.judged_until:%Y-%m-%d %H:%M} UTC"
    width = min(_WIDEST, get_terminal_size().columns)
    for one in result.claims:
        yield ""
        yield f"{one.claim.clause} {one.claim.id}: {VERDICTS[language][one.verdict].upper()}{_worth(one)}"
        for part in _figures(one, language):
            yield f"  {part}"
        yield textwrap.fill(sentence(one, language), width, initial_indent="  ", subsequent_indent="  ")
        if in_detail:
            yield from (f"  {line}" for line in details(one, ZoneInfo(contract.spec.time_zone)))
    if result.unmatched and not in_detail:
        yield ""
        yield f"in no service group: {', '.join(result.unmatched)}"


def _figures(one: ClaimResult, language: Language) -> Iterator[str]:
    unit = one.claim.target.unit
    measured = bounds_words(one.bounds, unit, one.decimals, language) if one.bounds else "?"
    reported = (
        with_unit(figure(one.reported, one.decimals, language), unit, language) if one.reported is not None else "-"
    )
    words = {"en": ("promised", "reported", "measured"), "da": ("lovet", "oplyst", "målt")}[language]
    values = (target_words(one, language), reported, measured)
    yield "   ".join(f"{name} {value}" for name, value in zip(words, values, strict=True))


def _worth(one: ClaimResult) -> str:
    credit = one.credit
    if credit is None or credit.state is CreditState.NONE:
        return ""
    share = f"{figure(credit.percent, 2)} % of {credit.base}"
    worth = share if credit.amount is None else f"{figure(credit.amount, 2)} {credit.currency} ({share})"
    until = f", claim it by {credit.last_day}" if credit.last_day else ""
    return f", worth {worth}{until}" + (" (too late)" if credit.state is CreditState.EXPIRED else "")


for _name, _summary in {
    "check": "Say every mistake in a contract's folder, and what vCenter has otherwise.",
    "init": "Write a contract to begin with, from what vCenter has.",
    "schema": "Print the JSON schema of contract files.",
    "openslo": "Print the availability claims as OpenSLO objects.",
}.items():
    claims.add_command(Deferred(_name, f"agent.cli.claims_{_name}:{_name}", _summary))
