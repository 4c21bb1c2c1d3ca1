"""Where a vCenter is and how to trust it."""

from pathlib import Path

from agent.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One configured vCenter or standalone ESXi host. Times in seconds.

    Trust is `fingerprint` (SHA-256 of the server's own certificate, hexadecimal), or `ca_file`, or the system's CAs.
    """

    name: str
    host: str
    port: int = 443
    username: str
    ca_file: Path | None = None
    fingerprint: str | None = None
    strict: bool = True
    proxy: str | None = None
    """`http://host:port` of a proxy that is asked to CONNECT."""
    timeout_s: float = 30.0
    interval_s: float = 30.0
    slow_interval_s: float = 300.0

    @property
    def address(self) -> str:
        """host:port as messages print it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 else f"{host}:{self.port}"
