"""`checkmeter health`: every vCenter read once, all checks made, exit code as monitoring plug-ins have it."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

from agent.cli.endpoints import endpoint
from agent.cli.health_settings import health_rules, health_settings
from agent.cli.options import config_file, log_options
from agent.clock import SystemClock
from agent.collectors.one_reading import look_once
from agent.config import load, read_password
from agent.errors import AgentError
from agent.health.runner import evaluate
from agent.model.health import Finding, Gap, HealthReport, State, worst

EXIT_CODES = {State.OK: 0, State.WARNING: 1, State.CRITICAL: 2, State.UNKNOWN: 3}
_MOST_NAMED = 5


@click.command()
@config_file
@click.option("--vcenter", "names", metavar="NAME", multiple=True, help="Only this vCenter; may be repeated.")
@click.option("--check", "checks", metavar="CHECK", multiple=True, help="Only this check; may be repeated.")
@click.option(
    "--days", type=click.FloatRange(0.1, 31), default=7, show_default=True, help="How far back to read events."
)
@click.option("--all", "everything", is_flag=True, help="Also what is only worth knowing, and what is acknowledged.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON document, times in UTC.")
@log_options("warning")
def health(
    *, config_file: Path, names: tuple[str, ...], checks: tuple[str, ...], days: float, everything: bool, as_json: bool
) -> int:
    """Read each vCenter once, make all health checks, and say what they find.

    Exit code 0: all is well; 1: warnings; 2: something is critical; 3: something is unknown, or a vCenter cannot be read.
    """
    from agent.health.catalogue import catalogue  # noqa: PLC0415 - a hundred small files; --help goes without

    config = load(config_file)
    rules, settings = health_rules(config.health), health_settings(config.health)
    for wanted, known, what in (
        (names, {one.name for one in config.vcenters}, "vCenter"),
        (checks, catalogue().keys(), "check"),
    ):
        if unknown := [one for one in wanted if one not in known]:
            raise click.UsageError(f"there is no {what} {unknown[0]}")
    chosen = {name: one for name, one in catalogue().items() if not checks or name in checks}
    clock = SystemClock()
    reports: dict[str, HealthReport | AgentError] = {}
    for vcenter in config.vcenters:
        if names and vcenter.name not in names:
            continue
        try:
            look = look_once(
                endpoint(vcenter),
                partial(read_password, vcenter),
                clock,
                days=days,
                kinds=rules.kinds(),
                builds=rules.builds,
            )
        except AgentError as error:
            reports[vcenter.name] = error
        else:
            reports[vcenter.name] = evaluate(look, settings, chosen)
    if as_json:
        click.echo(json.dumps([_document(name, one) for name, one in reports.items()], ensure_ascii=False, indent=2))
    else:
        for name, one in reports.items():
            for line in _lines(name, one, everything=everything):
                click.echo(line)
    states = {State.UNKNOWN if isinstance(one, AgentError) else one.state for one in reports.values()}
    return EXIT_CODES[worst(states)]


def _lines(name: str, report: HealthReport | AgentError, *, everything: bool) -> Iterator[str]:
    if isinstance(report, AgentError):
        yield f"{name}: unknown: {report}"
        return
    shown = [one for one in report.findings if everything or (one.acknowledged is None and one.state is not State.INFO)]
    counts = {state: sum(one.state is state for one in report.findings) for state in State}
    known = sum(one.acknowledged is not None for one in report.findings)
    yield (
        f"{name}: {report.state}: {counts[State.CRITICAL]} critical, {counts[State.WARNING]} warnings, "
        f"{counts[State.INFO]} notes, {known} acknowledged, {len(report.gaps)} unknowns, {len(report.tally)} checks"
    )
    width = max((len(one.check) for one in shown), default=0)
    for finding in shown:
        yield f"  {finding.state:<8}  {finding.check:<{width}}  {_what(finding)}"
    for gap in report.gaps:
        yield f"  unknown   {gap.check}  {_why(gap)}"
    for note in report.notes:
        yield f"  note: {note}"


def _what(finding: Finding) -> str:
    known = finding.acknowledged
    why = f" (acknowledged until {known.last_day}: {known.reason})" if known else ""
    return f"{finding.object_name}: {finding.message}{why}"


def _why(gap: Gap) -> str:
    privilege = f" {gap.privilege}" if gap.privilege else ""
    names = ", ".join(gap.objects[:_MOST_NAMED])
    more = f" and {len(gap.objects) - _MOST_NAMED} more" if len(gap.objects) > _MOST_NAMED else ""
    return f"{gap.reason}{privilege}: {gap.source} of {names}{more}"


def _document(name: str, report: HealthReport | AgentError) -> dict[str, Any]:
    if isinstance(report, AgentError):
        return {"vcenter": name, "state": State.UNKNOWN, "problem": report.problem, "cure": report.cure}
    return {
        "vcenter": name,
        "state": report.state,
        "evaluated_at": report.evaluated_at.isoformat(timespec="seconds"),
        "findings": [_finding_document(one) for one in report.findings],
        "unknown": [
            {
                "check": gap.check,
                "reason": gap.reason,
                "source": gap.source,
                "privilege": gap.privilege,
                "objects": list(gap.objects),
            }
            for gap in report.gaps
        ],
        "tally": {check: {str(state): count for state, count in one.items()} for check, one in report.tally.items()},
        "notes": list(report.notes),
    }


def _finding_document(finding: Finding) -> dict[str, Any]:
    known = finding.acknowledged
    return {
        "check": finding.check,
        "state": finding.state,
        "kind": finding.kind,
        "object_id": finding.object_id,
        "moid": finding.moid,
        "object": finding.object_name,
        "part": finding.part,
        "message": finding.message,
        "evidence": [
            {
                "source": one.source,
                "value": one.value,
                "read_at": one.read_at.isoformat(timespec="seconds") if one.read_at else None,
            }
            for one in finding.evidence
        ],
        "acknowledged": {"reason": known.reason, "until": known.until.isoformat(), "by": known.by} if known else None,
    }
