"""`checkmeter config schema`: the JSON schema of the configuration file."""

import json

import click

from agent.config.schema import json_schema


@click.command()
def schema() -> None:
    """Print the JSON schema of the configuration file, for editors that check while one types."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
