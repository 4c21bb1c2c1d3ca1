"""`checkmeter record`: what a vCenter answers over some minutes, for support and tests."""

import csv
import os
import secrets
import threading
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path

import click

from agent.cli.endpoints import endpoint, performance_settings
from agent.cli.options import DURATION, NamedPath, config_file, log_options
from agent.cli.signals import stop_on_signals
from agent.clock import SystemClock
from agent.collectors.recorder import Recorder, RecorderSettings
from agent.config import Config, VCenterConfig, load, read_password
from agent.errors import AgentError
from agent.recording.file import FileFull, RecordingWriter
from agent.recording.lines import ENDINGS, End
from agent.recording.pseudonyms import Pseudonyms
from agent.vcenter.anonymiser import Anonymiser

_MIB = 1 << 20
_KEY_BYTES = 32


@click.command()
@click.argument("file", type=NamedPath(dir_okay=False, path_type=Path))
@config_file
@click.option("--vcenter", metavar="NAME", help="The vCenter of this name, where the configuration has several.")
@click.option(
    "--for",
    "duration",
    type=DURATION,
    default="10m",
    show_default=True,
    help="How long to record, everything once at the least.",
)
@click.option(
    "--events", "events", type=DURATION, default="24h", show_default=True, help="How far back to record events."
)
@click.option(
    "--max-size",
    type=click.IntRange(1, 100_000),
    default=512,
    show_default=True,
    help="End when FILE has this many MiB.",
)
@click.option(
    "--anonymise",
    is_flag=True,
    help="Give everything that has a name a pseudonym: machines, people, addresses, what somebody wrote.",
)
@click.option(
    "--names-file",
    type=NamedPath(dir_okay=False, path_type=Path),
    help="With --anonymise: which name has which pseudonym, as CSV. It stays with you.",
)
@log_options("warning")
def record(
    *,
    file: Path,
    config_file: Path,
    vcenter: str | None,
    duration: timedelta,
    events: timedelta,
    max_size: int,
    anonymise: bool,
    names_file: Path | None,
) -> None:
    """Record what a vCenter answers into FILE, which must not exist yet: inventory, counters and events over time.

    Reads with the configured account what the agent reads, and changes nothing. No password, session or licence key is in
    FILE; names are, unless --anonymise. Ctrl-C ends it early; what was recorded until then can be replayed: checkmeter simulate --replay FILE.
    """
    if names_file is not None and not anonymise:
        raise click.UsageError("--names-file goes with --anonymise")
    if names_file is not None and names_file.exists():  # said before an hour of recording, not after it
        raise AgentError(f"{names_file} exists already", cure="choose another name, or remove it")
    config = load(config_file)
    chosen = _chosen(config, vcenter)
    settings = performance_settings(config.performance)
    clock = SystemClock()
    counters = settings.counters if settings else {}
    anonymiser = Anonymiser(
        Pseudonyms(secrets.token_bytes(_KEY_BYTES)),  # the key ends with the process: no one can go back
        names=anonymise,
        counters={use.name for uses in counters.values() for use in uses},
    )
    with RecordingWriter(file, max_size * _MIB, clock.monotonic) as writer:
        recorder = Recorder(
            endpoint(chosen),
            partial(read_password, chosen),
            clock,
            lambda line: writer.write(anonymiser.line(line)),
            RecorderSettings(
                events_back=events,
                performance_every_s=settings.interval_s if settings else 60.0,
                counters=counters or None,
                instances=settings.instances if settings else {},
                categories=config.labels.tags,
            ),
            anonymised=anonymise,
        )
        try:
            with stop_on_signals() as stop:
                _interrupting(stop, recorder)
                reason = recorder.run(duration.total_seconds(), stop)
        except FileFull:
            reason = "size"
        except BaseException:
            if writer.lines == 0:
                file.unlink(missing_ok=True)
            raise
        writer.write(End(reason=reason))
    if names_file is not None:
        _write_names(names_file, anonymiser.called)
    click.echo(
        f"{file}: {file.stat().st_size:,} bytes, {recorder.heard.objects} objects, {recorder.heard.events} events; "
        f"{ENDINGS[reason]}" + ("" if recorder.whole else " before everything was read once")
    )


def _write_names(file: Path, called: Mapping[str, tuple[str, str]]) -> None:
    """The only way back from pseudonyms: for its owner alone."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
            table = csv.writer(out)
            table.writerow(("id", "name", "pseudonym"))
            table.writerows((moid, *names) for moid, names in sorted(called.items(), key=lambda one: one[1]))
    except OSError as error:
        raise AgentError(f"cannot write {file}: {error.strerror}", cure="the recording is whole all the same") from None


def _interrupting(stop: threading.Event, recorder: Recorder) -> None:
    """A stop does not wait for vCenter's answer."""

    def wake() -> None:
        stop.wait()
        recorder.interrupt()

    threading.Thread(target=wake, name="stopping", daemon=True).start()


def _chosen(config: Config, name: str | None) -> VCenterConfig:
    known = ", ".join(one.name for one in config.vcenters)
    found = [one for one in config.vcenters if name in (None, one.name)]
    if not found:
        raise click.BadParameter(f"no vCenter {name!r} in the configuration; it has {known}", param_hint="--vcenter")
    if len(found) > 1:
        raise click.UsageError(f"say which vCenter by --vcenter: {known}")
    return found[0]
