"""The simulated vCenter's certificate: a throw-away authority and a leaf, made anew for every start."""

import ssl
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from agent.dataclass import dataclass
from agent.errors import AgentError


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A server certificate with the authority that signed it. `fingerprint_sha256` is lower-case hexadecimal, no colons."""

    authority: "CertificateAuthority"
    context: ssl.SSLContext
    ca_pem: bytes
    leaf_pem: bytes
    fingerprint_sha256: str


class CertificateAuthority:
    """Issues the leaves; AgentError names the extra that is missing when trustme is not installed."""

    def __init__(self) -> None:
        try:
            # Lazily: only the simulator needs it, and it is an extra.
            import trustme  # noqa: PLC0415 - an optional dependency
        except ImportError:
            raise AgentError(
                "the simulated vCenter needs the package trustme for its certificate",
                cure="install checkmeter[simulator]",
            ) from None
        self._ca: Any = trustme.CA(organization_name="Simulated vCenter")

    def issue(self, *names: str, expired_at: datetime | None = None) -> Certificate:
        """A leaf for host names and addresses `names`; with `expired_at`, one that ended a day before that moment."""
        leaf = self._ca.issue_cert(*names, **({"not_after": expired_at - timedelta(days=1)} if expired_at else {}))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf.configure_cert(context)
        leaf_pem = leaf.cert_chain_pems[0].bytes()
        return Certificate(
            authority=self,
            context=context,
            ca_pem=self._ca.cert_pem.bytes(),
            leaf_pem=leaf_pem,
            fingerprint_sha256=sha256(ssl.PEM_cert_to_DER_cert(leaf_pem.decode())).hexdigest(),
        )
