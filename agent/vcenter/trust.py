"""TLS: which certificate we believe, and one clear line when we do not.

A pinned fingerprint is turned into a trust anchor: the certificate is fetched by a handshake over which nothing is
sent, compared, and from then on OpenSSL itself verifies every connection against it. No context that skips
verification is ever used to carry a request.
"""

import hashlib
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime

from agent.errors import NotTrusted, Unreachable
from agent.vcenter.endpoint import Endpoint

Connect = Callable[[], socket.socket]
"""Opens a plain connection to the vCenter's port, through the proxy where there is one."""

# OpenSSL's X509_V_ERR_* numbers, see openssl-verify(1)
_EXPIRED = 10
_NOT_YET_VALID = 9
_UNKNOWN_ISSUER = frozenset({2, 18, 19, 20, 21, 27, 33})
_WRONG_NAME = frozenset({62, 63, 64})


def context_for(endpoint: Endpoint, connect: Connect) -> ssl.SSLContext:
    """A verifying context for `endpoint`.

    Raises:
        NotTrusted: the pinned fingerprint is not the server's, or the CA file cannot be used.
        Unreachable: the server could not be asked for its certificate.
    """
    if endpoint.fingerprint is not None:
        return _pinned(endpoint, endpoint.fingerprint, connect)
    try:
        context = ssl.create_default_context(cafile=str(endpoint.ca_file) if endpoint.ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise NotTrusted(
            f"{endpoint.name}: CA file {endpoint.ca_file} cannot be used ({error.strerror or error})",
            cure="give tls.ca_file a readable PEM file with the CA of the vCenter",
        ) from error
    _relax(context, endpoint)
    return context


def explain(endpoint: Endpoint, error: ssl.SSLError) -> NotTrusted | Unreachable:
    """The one clear line for a failed handshake."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return Unreachable(
            f"{endpoint.name}: TLS handshake with {endpoint.address} failed ({error.reason or error})",
            cure="check that the port speaks TLS 1.2 or later and is a vCenter",
        )
    who = f"{endpoint.name}: the certificate of {endpoint.address}"
    code, text = error.verify_code, error.verify_message
    if code == _EXPIRED:
        return NotTrusted(f"{who} has expired", cure="ask the vendor to renew it")
    if code == _NOT_YET_VALID:
        return NotTrusted(f"{who} is not valid yet", cure="compare the clocks of this machine and the vCenter")
    if code in _WRONG_NAME:
        return NotTrusted(f"{who} is for another name ({text})", cure="set host to a name in the certificate")
    if endpoint.fingerprint is not None:
        return NotTrusted(
            f"{who} is not the pinned one any more",
            cure="if the vendor confirms the change, put the new SHA-256 fingerprint into tls.fingerprint",
        )
    if code in _UNKNOWN_ISSUER:
        return NotTrusted(
            f"{who} is not signed by a CA we know ({text})",
            cure="put the vCenter's root CA into tls.ca_file, or its SHA-256 fingerprint into tls.fingerprint",
        )
    cure = "if the CA is old and cannot be renewed, set tls.strict: false" if endpoint.strict else "ask the vendor"
    return NotTrusted(f"{who} failed verification ({text})", cure=cure)


def expiry(connection: ssl.SSLSocket) -> datetime | None:
    """When the peer's verified certificate ends (notAfter)."""
    certificate = connection.getpeercert() or {}
    not_after = certificate.get("notAfter")
    if not isinstance(not_after, str):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(not_after), UTC)


def _pinned(endpoint: Endpoint, fingerprint: str, connect: Connect) -> ssl.SSLContext:
    wanted = fingerprint.replace(":", "").lower()
    der = _fetch_certificate(endpoint, connect)
    got = hashlib.sha256(der).hexdigest()
    if got != wanted:
        raise NotTrusted(
            f"{endpoint.name}: the certificate of {endpoint.address} has SHA-256 {got}, pinned is {wanted}",
            cure="if the vendor confirms the change, put the new fingerprint into tls.fingerprint",
        )
    context = ssl.create_default_context(cadata=ssl.DER_cert_to_PEM_cert(der))
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # the leaf itself is the anchor
    context.check_hostname = False  # this very certificate is trusted, whatever name it carries
    _relax(context, endpoint, strict=False)
    return context


def _fetch_certificate(endpoint: Endpoint, connect: Connect) -> bytes:
    """The server's certificate from a handshake that is closed before anything is sent."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with connect() as plain, context.wrap_socket(plain, server_hostname=endpoint.host) as connection:
            return connection.getpeercert(binary_form=True) or b""
    except ssl.SSLError as error:
        raise explain(endpoint, error) from error


def _relax(context: ssl.SSLContext, endpoint: Endpoint, *, strict: bool | None = None) -> None:
    """Python 3.13 checks more of a certificate than most vCenter CAs offer; `tls.strict: false` takes that back."""
    if not (endpoint.strict if strict is None else strict):
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
