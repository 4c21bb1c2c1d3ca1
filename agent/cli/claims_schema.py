"""`checkmeter claims schema`: the JSON schema of the YAML files in a contract's folder."""

import json

import click

from agent.claims.file_schema import files_schema


@click.command()
def schema() -> None:
    """Print the JSON schema of contract files, for editors that check while one types."""
    click.echo(json.dumps(files_schema(), indent=2, ensure_ascii=False))
