"""The web configuration file while the agent runs: read anew when it, or a file that it names, changes."""

import ipaddress
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from agent.cli.options import ListenAddress
from agent.config.web import WebConfig, load_web
from agent.errors import ConfigError
from exporters.web_protection import Protection, protection

Stamp = tuple[tuple[int, ...] | None, ...]

log = logging.getLogger("checkmeter.web")


class WatchedWebConfig:
    """What protects the web server now. A file with a mistake changes nothing: what was read before goes on to hold.

    Raises (on creation):
        ConfigError: the file cannot be used, or others could reach an address without TLS and without a login.
    """

    def __init__(self, path: Path | None, listen: Sequence[ListenAddress], *, allow_open: bool = False) -> None:
        """Without a `path` nothing is protected. `allow_open`: the user said that the addresses may be open to others."""
        self._path = path
        self._allow_open = allow_open
        self._beyond = tuple(one for one in listen if not is_loopback(one.host))
        self._config = WebConfig()
        # before it is read: what changes meanwhile is then read again
        self._seen: Stamp = self._stamp()
        self._current = self._read()
        self._seen = self._stamp()
        if self._current.open_to_all:
            for address in self._beyond:
                log.warning(
                    "whoever reaches this address can read everything: see --web.config.file",
                    extra={"address": address.authority},
                )

    def current(self) -> Protection:
        """What holds now; the same object until it changes."""
        return self._current

    def look(self) -> bool:
        """Read the file again if it, or one that it names, is not as it was; whether that changed the protection."""
        now = self._stamp()
        if now == self._seen:
            return False
        self._seen = now
        return self.reload()

    def reload(self) -> bool:
        """Read the file again; whether there is one that can be used."""
        if self._path is None:
            return False
        try:
            self._current = self._read()
        except ConfigError as error:
            for problem in error.problems:
                log.error("the web configuration stays as it was", extra={"problem": problem})  # noqa: TRY400 - no traceback: the problem is the line
            return False
        self._seen = self._stamp()
        log.info("the web configuration was read again", extra={"file": str(self._path)})
        return True

    def _read(self) -> Protection:
        config = load_web(self._path) if self._path is not None else WebConfig()
        found = protection(config)
        if self._beyond and found.open_to_all and not self._allow_open:
            raise ConfigError(*(self._refusal(address, found) for address in self._beyond))
        self._config = config
        return found

    def _refusal(self, address: ListenAddress, found: Protection) -> str:
        lacks = [
            *(["`tls_server_config`"] if found.tls is None else []),
            *(["`basic_auth_users` (or client certificates)"] if not found.asks_who else []),
        ]
        where = f"add them to {self._path}" if self._path else "give them in a file: --web.config.file"
        return (
            f"{address.authority}: others could reach everything here without {' and '.join(lacks)}; {where}, or say"
            " --web.allow-open if something else protects this address"
        )

    def _stamp(self) -> Stamp:
        if self._path is None:
            return ()
        return tuple(_file_stamp(path) for path in (self._path, *self._config.files))


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _file_stamp(path: Path) -> tuple[int, ...] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - links are followed: certificates are renewed by moving a link
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode)
