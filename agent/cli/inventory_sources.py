"""Where the inventory comes from: each configured vCenter, read now, or a running agent over HTTP."""

import base64
import http.client
import ssl
import sys
import urllib.error
import urllib.request
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from agent import __version__
from agent.cli.discovery import labelling
from agent.clock import Clock
from agent.config import Config, VCenterConfig, load, read_password, read_secret_file
from agent.errors import AgentError, VCenterError
from agent.model.labelling import Labelling
from agent.model.world import Target, World
from exporters.workbook.catalogue import workbook
from exporters.workbook.downloads import Download, download, tab_file
from exporters.workbook.paths import PATHS, tab_path

_ANSWER_WITHIN_S = 120.0
_BAR = 100


class AgentAccess(NamedTuple):
    """Where an agent is and how to log in there."""

    url: str
    username: str | None
    password_file: Path | None
    ca_file: Path | None


def from_vcenters(
    config_file: Path, name: str | None, form: str, tab: str | None, clock: Clock
) -> tuple[Download, list[str]]:
    """The file, and the names of those vCenters that are not in it; a line on standard error says why.

    Raises:
        ConfigError: the configuration cannot be used.
        BadParameter: it has no vCenter of this name.
        AgentError: not one vCenter could be read.
    """
    config = load(config_file)
    chosen = [vcenter for vcenter in config.vcenters if name in (None, vcenter.name)]
    if not chosen:
        known = ", ".join(vcenter.name for vcenter in config.vcenters)
        raise click.BadParameter(f"no vCenter {name!r} in {config_file}; it has {known}", param_hint="--vcenter")
    targets: dict[str, Target] = {}
    for vcenter in chosen:
        try:
            targets[vcenter.name] = _checked(_read(vcenter, labelling(config.labels), clock), config, clock)
        except VCenterError as error:
            click.echo(f"{vcenter.name}: failed: {str(error).removeprefix(f'{vcenter.name}: ')}", err=True)
    if not targets:
        raise AgentError("no vCenter could be read", cure="each line above says why")
    now = clock.now()
    sheets = workbook(World(version=__version__, started_at=now, targets=targets), now)
    file = download(sheets, now, form) if tab is None else tab_file(sheets, tab)
    return file, [vcenter.name for vcenter in chosen if vcenter.name not in targets]


def _checked(target: Target, config: Config, clock: Clock) -> Target:
    """With what the health checks say of it; those that look at events or counters say that they cannot."""
    from agent.cli.health_settings import health_rules, health_settings  # noqa: PLC0415 - a hundred small files
    from agent.health.look import Look  # noqa: PLC0415 - the same
    from agent.health.runner import evaluate  # noqa: PLC0415 - the same

    if target.inventory is None:
        return target
    builds = health_rules(config.health).builds
    look = Look(now=clock.now(), target=target, inventory=target.inventory, builds=builds)
    return replace(target, health=evaluate(look, health_settings(config.health)))


def _read(vcenter: VCenterConfig, shown: Labelling, clock: Clock) -> Target:
    from agent.cli.endpoints import endpoint  # noqa: PLC0415 - brings pyVmomi, which the other sources go without
    from agent.collectors.single_reading import read_once  # noqa: PLC0415 - the same

    with click.progressbar(length=_BAR, label=f"reading {vcenter.name}", file=sys.stderr) as bar:
        return read_once(
            endpoint(vcenter),
            partial(read_password, vcenter),
            clock,
            lambda share: bar.update(int(share * _BAR) - bar.pos),
            shown,
        )


def from_agent(access: AgentAccess, form: str, tab: str | None) -> Download:
    """What the agent offers on the web.

    Raises:
        AgentError: it cannot be reached, or has none at present.
        CredentialUnreadable: the password file is missing, or others may read it.
    """
    if not access.url.startswith(("http://", "https://")):
        raise click.BadParameter("must begin with http:// or https://", param_hint="--agent.url")
    if (access.username is None) is not (access.password_file is None):
        raise click.BadParameter("goes with --agent.password-file, and that with it", param_hint="--agent.username")
    path = tab_path(tab) if tab is not None else next(path for path, one in PATHS.items() if one == form)
    url = f"{access.url.rstrip('/')}{path}"
    request = urllib.request.Request(url)  # noqa: S310 - the scheme was looked at above
    if access.username is not None and access.password_file is not None:
        pair = f"{access.username}:{read_secret_file(access.password_file)}".encode()
        request.add_unredirected_header("Authorization", f"Basic {base64.b64encode(pair).decode()}")
    context = ssl.create_default_context(cafile=access.ca_file)
    try:
        with urllib.request.urlopen(request, timeout=_ANSWER_WITHIN_S, context=context) as answer:  # noqa: S310 - as above
            body: bytes = answer.read()
            name = answer.headers.get_filename() or path.rpartition("/")[2]
            return Download(Path(name).name, answer.headers.get_content_type(), body)
    except urllib.error.HTTPError as error:
        told = error.read(300).decode("utf-8", "replace").strip().splitlines() or [""]
        error.close()
        raise AgentError(f"{url}: HTTP {error.code}: {told[0]}", cure="the agent's status page says more") from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise AgentError(f"{url}: {reason}", cure="is the agent running, and this its address?") from None
