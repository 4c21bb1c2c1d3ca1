"""`checkmeter serve`: the agent as a service."""

import ipaddress
import logging
import os
from collections.abc import Sequence
from pathlib import Path

import click

from agent import __version__
from agent.cli.agent_process import AgentProcess
from agent.cli.garbage import search_rarely
from agent.cli.options import ListenAddress, config_file, log_options, storage_path, web_listen_address
from agent.cli.signals import stop_on_signals
from agent.cli.systemd import Systemd
from agent.clock import SystemClock
from agent.config import load

log = logging.getLogger("checkmeter.serve")


@click.command()
@config_file
@web_listen_address
@storage_path
@log_options()
def serve(config_file: Path, web_listen_address: tuple[ListenAddress, ...], storage_path: Path) -> None:
    """Read the configured vCenters and serve metrics and the status page, until SIGTERM or Ctrl-C.

    Exit codes: 0 asked to stop, 1 failure, 2 wrong use, 78 wrong configuration.
    """
    search_rarely()
    supervisor = Systemd.of(os.environ)
    with stop_on_signals() as stop:
        config = load(config_file)
        _warn_when_open_to_others(web_listen_address)
        with AgentProcess(config, web_listen_address, SystemClock(), storage_path) as agent:
            supervisor.tell("READY=1")
            log.info(
                "listening",
                extra={"version": __version__, "addresses": ", ".join(one.authority for one in agent.addresses)},
            )
            agent.supervise(stop, supervisor)
        log.info("stopped")


def _warn_when_open_to_others(listen: Sequence[ListenAddress]) -> None:
    for address in listen:
        if not _is_loopback(address.host):
            log.warning(
                "whoever reaches this address can read everything: there is no login here, put a proxy with one before it",
                extra={"address": address.authority},
            )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
