"""Options that several commands share, and the types of their values."""

import functools
import logging
import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

import click

from agent.cli import logs

P = ParamSpec("P")
R = TypeVar("R")

DATABASE = "checkmeter.db"
"""The one file in the state folder."""
DEFAULT_LISTEN = "127.0.0.1:10272"
LEVELS = ("debug", "info", "warning", "error")


class ListenAddress(NamedTuple):
    """Where to listen; port 0 takes a free one."""

    host: str
    port: int

    @property
    def authority(self) -> str:
        """As it stands in a URL: `127.0.0.1:10272`, `[::1]:10272`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class ListenAddressType(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.3, at runtime too
    """`127.0.0.1:10272`, `[::1]:10272` or `localhost:10272`."""

    name = "HOST:PORT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ListenAddress:
        """The address, its IPv6 brackets taken off."""
        if isinstance(value, ListenAddress):
            return value
        parts = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:]*)):([0-9]{1,5})", value, re.ASCII)
        if parts is None or int(parts[3]) >= 2**16:
            self.fail(f"{value!r} is not HOST:PORT, such as {DEFAULT_LISTEN} or [::1]:10272", param, ctx)
        host = parts[1] or parts[2]
        if not host:
            self.fail(
                f"{value!r} names no address: use 0.0.0.0{value} for all of IPv4, [::]{value} for IPv6", param, ctx
            )
        return ListenAddress(host, int(parts[3]))


class DurationType(click.ParamType):  # type: ignore[type-arg]  # as above
    """`30s`, `5m`, `1h`."""

    name = "DURATION"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The duration."""
        from agent.config.durations import parse_duration  # noqa: PLC0415 - pydantic is slow to import; --help goes without

        try:
            duration = parse_duration(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}", param, ctx)
        if not isinstance(duration, timedelta):
            self.fail(f"{value!r} is no duration", param, ctx)
        return duration


class NamedPath(click.Path):
    """A path that is not empty: what a script's unset variable leaves would otherwise mean the folder it runs in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path."""
        if value == "":
            self.fail("it is empty; name a file or a folder, or leave it out", param, ctx)
        return super().convert(value, param, ctx)


LISTEN_ADDRESS = ListenAddressType()
DURATION = DurationType()

config_file = click.option(
    "--config.file",
    "config_file",
    type=NamedPath(path_type=Path),
    default=Path("/etc/checkmeter/checkmeter.yaml"),
    show_default=True,
    help="The configuration file.",
)
web_listen_address = click.option(
    "--web.listen-address",
    "web_listen_address",
    type=LISTEN_ADDRESS,
    multiple=True,
    default=(DEFAULT_LISTEN,),
    show_default=True,
    help="Where to serve metrics and the status page; may be repeated.",
)


def _state_directory() -> Path:
    """Systemd names the unit's StateDirectory= in the environment; of several the first is ours."""
    return Path(os.environ.get("STATE_DIRECTORY", "").partition(":")[0] or "checkmeter-state")


storage_path = click.option(
    "--storage.path",
    "storage_path",
    type=NamedPath(file_okay=False, path_type=Path),
    default=_state_directory,
    show_default="$STATE_DIRECTORY, or ./checkmeter-state",
    help="The folder of the ledger's database; made if it is not there.",
)


def log_options(default_level: str = "info") -> Callable[[Callable[P, R]], Callable[..., R]]:
    """`--log.level` and `--log.format`, set up before the command runs."""

    def decorate(command: Callable[P, R]) -> Callable[..., R]:
        @click.option(
            "--log.level",
            "log_level",
            type=click.Choice(LEVELS),
            default=default_level,
            show_default=True,
            help="What to log.",
        )
        @click.option(
            "--log.format",
            "log_format",
            type=click.Choice(tuple(logs.FORMATS)),
            default="logfmt",
            show_default=True,
            help="How to write it, on standard error.",
        )
        @functools.wraps(command)
        def logged(*args: P.args, log_level: str, log_format: str, **kwargs: P.kwargs) -> R:  # type: ignore[valid-type]  # no way to add keywords to a ParamSpec
            logs.configure(logging.getLevelNamesMapping()[log_level.upper()], log_format)
            return command(*args, **kwargs)

        return logged

    return decorate
