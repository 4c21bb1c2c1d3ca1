"""From the web configuration to what protects the server: a TLS context, the users, the headers."""

import os
import ssl
import stat
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from agent.config.web import TlsServerConfig, WebConfig
from agent.dataclass import dataclass
from agent.errors import ConfigError

VERSIONS = {"TLS12": ssl.TLSVersion.TLSv1_2, "TLS13": ssl.TLSVersion.TLSv1_3}
CLIENT_AUTH = {
    "NoClientCert": ssl.CERT_NONE,
    "VerifyClientCertIfGiven": ssl.CERT_OPTIONAL,
    "RequireAndVerifyClientCert": ssl.CERT_REQUIRED,
}
FORWARD_SECRET = "ECDHE+AESGCM:ECDHE+CHACHA20"  # noqa: S105 - OpenSSL's words for cipher suites
"""For TLS 1.2, where the file does not choose: what Go would take too."""
OPENED_TO_OTHERS = stat.S_IRWXO | stat.S_IWGRP | stat.S_IXGRP


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """What stands between the network and the pages; without a web configuration file: nothing."""

    tls: ssl.SSLContext | None = None
    client_names: frozenset[str] = frozenset()
    """of which a client's certificate must hold one; empty: any that the CA signed"""
    users: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """name -> bcrypt hash"""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def asks_who(self) -> bool:
        """Whether nobody gets in without a password or a certificate."""
        return bool(self.users) or (self.tls is not None and self.tls.verify_mode == ssl.CERT_REQUIRED)

    @property
    def open_to_all(self) -> bool:
        """Whether somebody on the way can read along, or anybody can ask."""
        return self.tls is None or not self.asks_who


def protection(config: WebConfig) -> Protection:
    """Read the files that `config` names.

    Raises:
        ConfigError: one cannot be used; the line names the file and never shows what is in it.
    """
    tls = config.tls_server_config
    return Protection(
        tls=None if tls is None else _context(tls),
        client_names=frozenset(tls.client_allowed_sans if tls is not None else ()),
        users={name: hashed.encode() for name, hashed in config.basic_auth_users.items()},
        headers=tuple(config.http_server_config.headers.items()),
    )


def certificate_names(certificate: Mapping[str, object] | None) -> frozenset[str]:
    """The subject's alternative names in a certificate, as `SSLObject.getpeercert` gives it."""
    found = (certificate or {}).get("subjectAltName", ())
    return frozenset(name for _, name in found) if isinstance(found, tuple) else frozenset()


def _context(config: TlsServerConfig) -> ssl.SSLContext:
    _refuse_open_key(config.key_file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = VERSIONS[config.min_version]
    context.maximum_version = VERSIONS[config.max_version]
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    if config.prefer_server_cipher_suites:
        context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE
    context.set_ciphers(":".join(map(_openssl_name, config.cipher_suites)) or FORWARD_SECRET)
    context.set_alpn_protocols(["http/1.1"])
    try:
        # Without a password here OpenSSL would ask for one on the terminal.
        context.load_cert_chain(config.cert_file, config.key_file, password="")
    except ssl.SSLError as error:
        raise ConfigError(
            f"{config.cert_file} and {config.key_file}: not a certificate and its own key in PEM form, without a"
            f" password ({error.reason or 'no PEM'})"
        ) from None
    except OSError as error:
        missing = next((path for path in (config.cert_file, config.key_file) if not path.is_file()), config.cert_file)
        raise ConfigError(f"{missing}: {error.strerror}") from None
    context.verify_mode = CLIENT_AUTH[config.client_auth_type]
    if config.client_ca_file is not None:
        try:
            context.load_verify_locations(config.client_ca_file)
        except ssl.SSLError:
            raise ConfigError(f"{config.client_ca_file}: holds no certificate in PEM form") from None
        except OSError as error:
            raise ConfigError(f"{config.client_ca_file}: {error.strerror}") from None
    return context


def _openssl_name(suite: str) -> str:
    """`TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` is `ECDHE-RSA-AES128-GCM-SHA256` there."""
    exchange, _, cipher = suite.removeprefix("TLS_").partition("_WITH_")
    cipher = (
        cipher.replace("AES_", "AES").removesuffix("_SHA256") if "CHACHA" in cipher else cipher.replace("AES_", "AES")
    )
    return f"{exchange}_{cipher}".replace("_", "-")


def _refuse_open_key(path: Path) -> None:
    """A group may read the key, as the group `ssl-cert` does on Debian; nobody else may do a thing with it."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - beside `stat`'s own names
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    if mode & OPENED_TO_OTHERS:
        raise ConfigError(f"{path}: others may access the key (mode {stat.S_IMODE(mode):04o}); chmod 640 {path}")
