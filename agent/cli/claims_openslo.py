"""`checkmeter claims openslo`: availability claims for tools that speak OpenSLO."""

import sys
from pathlib import Path

import click
from ruamel.yaml import YAML

from agent.claims.folder import read_folder
from agent.claims.openslo import slos
from agent.cli.options import NamedPath


@click.command()
@click.argument("path", type=NamedPath(exists=True, path_type=Path))
def openslo(path: Path) -> None:
    """Print the availability claims of the contract in PATH, a folder or a file, as openslo/v1 objects.

    OpenSLO knows no service hours, planned work or credits: the queries give seconds that have them in already.
    """
    yaml = YAML(typ="rt")
    yaml.explicit_start = True
    yaml.width = 4096  # a query stays on its line
    for one in slos(read_folder(path)):
        yaml.dump(one, sys.stdout)
