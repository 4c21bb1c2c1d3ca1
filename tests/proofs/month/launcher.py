"""Runs the real `checkmeter serve` by the story's clock: `python -m tests.proofs.month.launcher`, for tests only."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import click

import agent
from agent.cli import logs
from tests.proofs.month.story_clock import StoryClock


@click.command()
@click.option("--time", "time_file", type=click.Path(path_type=Path), required=True)
@click.option("--wake", type=int, required=True)
@click.option("--begin", required=True)
@click.option("--grain", type=float, required=True)
@click.option("--version", required=True)
@click.option("--config", "config_file", type=click.Path(path_type=Path), required=True)
@click.option("--storage", type=click.Path(path_type=Path), required=True)
def launch(
    *, time_file: Path, wake: int, begin: str, grain: float, version: str, config_file: Path, storage: Path
) -> None:
    # what an upgrade changes; whoever imports it does so after this
    agent.__version__ = version

    from agent.cli.options import ListenAddress  # noqa: PLC0415 - only now, with the version set
    from agent.cli.serve import serve_until_asked  # noqa: PLC0415 - only now, with the version set

    logs.configure(logging.INFO, "logfmt")
    clock = StoryClock(time_file, wake, datetime.fromisoformat(begin).astimezone(UTC), grain)
    serve_until_asked(config_file, (ListenAddress("127.0.0.1", 0),), None, storage, clock)


if __name__ == "__main__":
    launch()
