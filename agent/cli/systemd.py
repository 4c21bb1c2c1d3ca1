"""What systemd wants to hear from a service of Type=notify: sd_notify(3) without a library."""

import logging
import socket
from collections.abc import Mapping
from typing import Protocol, Self

from agent.cli.logs import one_line

log = logging.getLogger("checkmeter.systemd")


class Supervisor(Protocol):
    """Who watches over the agent."""

    def tell(self, *assignments: str) -> None:
        """Say e.g. `READY=1`, `STATUS=…`, `WATCHDOG=1`."""


class Nobody:
    """The agent was started by hand."""

    def tell(self, *assignments: str) -> None:
        """Nobody listens."""


class Systemd:
    """Sends each message as one datagram; that systemd cannot be reached must not stop the agent."""

    def __init__(self, address: str) -> None:
        self._address = address

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self | Nobody:
        """The supervisor that $NOTIFY_SOCKET names; `@` marks Linux' abstract namespace."""
        address = environment.get("NOTIFY_SOCKET", "")
        return cls("\0" + address[1:] if address.startswith("@") else address) if address else Nobody()

    def tell(self, *assignments: str) -> None:
        """Send `assignments`, each one line."""
        message = "\n".join(one_line(assignment) for assignment in assignments).encode()
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as notify:
                notify.sendto(message, self._address)
        except OSError as error:
            log.debug("systemd was not told", extra={"what": assignments[0], "reason": error.strerror})
