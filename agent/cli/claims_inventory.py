"""What the configured vCenters have, read once, for commands that lay a contract beside it."""

import sys
from functools import partial
from pathlib import Path

import click

from agent.claims.matching import Seen, seen
from agent.cli.discovery import labelling
from agent.clock import Clock
from agent.config import load, read_password
from agent.errors import VCenterError
from agent.model.labelling import with_tags

_BAR = 100


def seen_now(config_file: Path, clock: Clock) -> Seen:
    """Of all vCenters together.

    Raises:
        ConfigError: the configuration cannot be used.
        VCenterError: a vCenter cannot be read; half of what there is would be told as missing.
    """
    from agent.cli.endpoints import endpoint  # noqa: PLC0415 - brings pyVmomi, which a check of files goes without
    from agent.collectors.single_reading import read_once  # noqa: PLC0415 - the same

    found = []
    config = load(config_file)
    for vcenter in config.vcenters:
        with click.progressbar(
            length=_BAR, label=f"reading {vcenter.name}", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            target = read_once(
                endpoint(vcenter),
                partial(read_password, vcenter),
                clock,
                lambda share, bar=bar: bar.update(int(share * _BAR) - bar.pos),  # type: ignore[misc]  # bound in the loop
                labelling(config.labels),
            )
        if target.inventory is None:
            raise VCenterError(f"{vcenter.name}: nothing was read")
        found.append(with_tags(target.inventory, target.labelling.tags))
    return seen(found)
