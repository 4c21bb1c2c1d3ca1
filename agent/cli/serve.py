"""`checkmeter serve`: the agent as a service."""

import faulthandler
import logging
import os
from pathlib import Path

import click

from agent import __version__
from agent.cli.agent_process import AgentProcess
from agent.cli.garbage import search_rarely
from agent.cli.options import ListenAddress, NamedPath, config_file, log_options, storage_path, web_listen_address
from agent.cli.signals import signals_as_events
from agent.cli.systemd import Systemd
from agent.cli.web_config import WatchedWebConfig
from agent.clock import Clock, SystemClock
from agent.config import load
from agent.errors import ConfigError

log = logging.getLogger("checkmeter.serve")


@click.command()
@config_file
@web_listen_address
@click.option(
    "--web.config.file",
    "web_config_file",
    type=NamedPath(path_type=Path),
    help="TLS, users and headers of the web server, in the format of Prometheus' exporters.",
)
@click.option(
    "--web.allow-open",
    "allow_open",
    is_flag=True,
    help="Listen beyond this machine without TLS and login too: something else protects the address.",
)
@storage_path
@log_options()
def serve(
    config_file: Path,
    web_listen_address: tuple[ListenAddress, ...],
    web_config_file: Path | None,
    allow_open: bool,
    storage_path: Path,
) -> None:
    """Read the configured vCenters and serve metrics and the status page, until SIGTERM or Ctrl-C.

    SIGHUP has it read both configuration files again. One with a mistake changes nothing.

    Exit codes: 0 asked to stop, 1 failure, 2 wrong use, 78 wrong configuration.
    """
    serve_until_asked(
        config_file, web_listen_address, web_config_file, storage_path, SystemClock(), allow_open=allow_open
    )


def serve_until_asked(
    config_file: Path,
    web_listen_address: tuple[ListenAddress, ...],
    web_config_file: Path | None,
    storage_path: Path,
    clock: Clock,
    *,
    allow_open: bool = False,
) -> None:
    """`serve` by the time of `clock`; on the main thread.

    Raises:
        AgentError: as the command tells them.
    """
    search_rarely()
    supervisor = Systemd.of(os.environ)
    if isinstance(supervisor, Systemd):
        # its watchdog ends an agent that hangs by SIGABRT: the journal then says where each thread stood
        faulthandler.enable()
    with signals_as_events(reloading=True) as asked:
        config = load(config_file)
        web = WatchedWebConfig(web_config_file, web_listen_address, allow_open=allow_open)
        with AgentProcess(config, web_listen_address, clock, storage_path, protection=web.current) as agent:

            def each_time() -> None:
                reloading = asked.reload.is_set()
                asked.reload.clear()
                if web.reload() if reloading else web.look():
                    agent.protection_changed()
                if reloading:
                    supervisor.tell("RELOADING=1", f"MONOTONIC_USEC={int(clock.monotonic() * 1_000_000)}")
                    refused = _reload(agent, config_file)
                    supervisor.tell("READY=1", *([f"STATUS={refused}"] if refused else ()))
                    if not refused:
                        agent.tell_again()

            supervisor.tell("READY=1")
            log.info(
                "listening",
                extra={
                    "version": __version__,
                    "addresses": ", ".join(one.authority for one in agent.addresses),
                    "tls": web.current().tls is not None,
                    "login": web.current().asks_who,
                },
            )
            agent.supervise(asked.stop, supervisor, each_time)
        log.info("stopped")


def _reload(agent: AgentProcess, config_file: Path) -> str:
    """What stood in the way, in one line; nothing where it was done."""
    try:
        agent.reload(load(config_file))
    except ConfigError as error:
        for problem in error.problems:
            log.error("the configuration stays as it was", extra={"problem": problem})  # noqa: TRY400 - no traceback: the problem is the line
        return f"the configuration stays as it was: {error.problems[0]}"
    return ""
