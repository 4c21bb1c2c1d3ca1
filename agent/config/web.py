"""The web configuration file, in the format of Prometheus' exporter-toolkit: TLS, who may log in, headers.

Its description is https://prometheus.io/docs/instrumenting/; what of it cannot be had here is refused with the reason. No
message quotes a value of the file: it holds password hashes.
"""

import re
from collections.abc import Mapping
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, Strict, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from agent.config import document
from agent.config.document import Document, Location, Problem
from agent.config.mistakes import PLAIN_WORDS
from agent.config.section import Section
from agent.errors import ConfigError

BCRYPT = r"\$2[aby]\$(?P<cost>[0-9]{2})\$[./A-Za-z0-9]{53}"
LOWEST_COST, HIGHEST_COST = 4, 15
"""bcrypt's own least; beyond 15 one login takes seconds of CPU."""
HEADER_TEXT = r"[\x20-\x7e\x80-\xff]*"
LARGEST_FILE_BYTES = 1_000_000
NOT_HERE = {
    "cert": "put the certificate into a file of its own and name it in `cert_file`",
    "key": "put the key into a file of its own and name it in `key_file`",
    "client_ca": "put the CA into a file of its own and name it in `client_ca_file`",
    "curve_preferences": "cannot be chosen here; OpenSSL's own order is a good one",
    "rate_limit": "failed logins are always limited here, the rest by the number of connections",
}

Version = Literal["TLS12", "TLS13"]
ClientAuth = Literal["NoClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"]
CipherSuite = Literal[
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
]
HeaderName = Literal[
    "Content-Security-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-XSS-Protection",
]


def _beside(name: Any, info: ValidationInfo) -> Path:
    if not isinstance(name, str) or not name or "\0" in name:
        raise PydanticCustomError("path", "must be the name of a file")
    return info.context / name if isinstance(info.context, Path) else Path(name)


def _bcrypt(text: str) -> str:
    found = re.fullmatch(BCRYPT, text, re.ASCII)
    if found is None:
        raise PydanticCustomError("bcrypt", "must be a bcrypt hash: `checkmeter web hash-password` makes one")
    if not LOWEST_COST <= int(found["cost"]) <= HIGHEST_COST:
        raise PydanticCustomError("bcrypt_cost", f"the cost of the hash must be from {LOWEST_COST} to {HIGHEST_COST}")
    return text


def _header(text: str) -> str:
    if not re.fullmatch(HEADER_TEXT, text):
        raise PydanticCustomError("header", "must be one line without control characters")
    return text


def _user(name: str) -> str:
    if not name or ":" in name:
        raise PydanticCustomError("user", "a user's name must not be empty or hold a colon")
    return name


FileBeside = Annotated[Path, BeforeValidator(_beside)]
Users = Mapping[Annotated[str, AfterValidator(_user)], Annotated[str, AfterValidator(_bcrypt)]]
Several = Strict(strict=False)


class TlsServerConfig(Section):
    """`tls_server_config`: relative file names are looked up beside the web configuration file."""

    cert_file: FileBeside
    key_file: FileBeside
    client_auth_type: ClientAuth = "NoClientCert"
    client_ca_file: FileBeside | None = None
    client_allowed_sans: Annotated[tuple[str, ...], Several] = ()
    """names of which a client's certificate must hold one"""
    min_version: Version = "TLS12"
    max_version: Version = "TLS13"
    cipher_suites: Annotated[tuple[CipherSuite, ...], Several] = ()
    """for TLS 1.2, in Go's spelling; those of TLS 1.3 cannot be chosen, neither here nor in Go"""
    prefer_server_cipher_suites: bool = True


class HttpServerConfig(Section):
    """`http_server_config`."""

    http2: bool = True
    """accepted, and without effect: this server speaks HTTP/1.1"""
    headers: Mapping[HeaderName, Annotated[str, AfterValidator(_header)]] = Field(default_factory=dict)
    """sent with every answer, in place of our own of the same name"""


class WebConfig(Section):
    """The whole file; an empty one protects nothing."""

    tls_server_config: TlsServerConfig | None = None
    http_server_config: HttpServerConfig = HttpServerConfig()
    basic_auth_users: Users = Field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that this one names."""
        tls = self.tls_server_config
        named = (tls.cert_file, tls.key_file, tls.client_ca_file) if tls is not None else ()
        return tuple(path for path in named if path is not None)


def load_web(path: Path) -> WebConfig:
    """The web configuration in `path`. Whether the files that it names can be used shows when they are.

    Raises:
        ConfigError: with one line for each mistake, in the order of the file.
    """
    read = document.read(document.text_of(path, LARGEST_FILE_BYTES))
    problems = list(read.problems)
    config = None
    if not problems:
        try:
            config = WebConfig.model_validate(read.values or {}, context=path.absolute().parent)
        except ValidationError as invalid:
            problems += [_problem(error, read) for error in invalid.errors(include_input=False)]
        else:
            problems += _contradictions(config, read)
    if problems or config is None:
        raise ConfigError(*(problem.line(str(path)) for problem in sorted(problems, key=attrgetter("position"))))
    return config


def _problem(error: ErrorDetails, read: Document) -> Problem:
    location = tuple(step for step in error["loc"] if step != "[key]")
    kind = error["type"]
    if kind == "extra_forbidden":
        key = str(location[-1])
        known = ", ".join(_section_at(location[:-1]).model_fields)
        return read.problem(location, NOT_HERE.get(key, f"unknown key; known here: {known}"))
    text = PLAIN_WORDS[kind].format_map(error.get("ctx", {})) if kind in PLAIN_WORDS else error["msg"]
    if kind == "literal_error":
        text = _choices(location)
    return read.problem(location, text)


def _section_at(location: Location) -> type[BaseModel]:
    sections: dict[str, type[BaseModel]] = {
        "tls_server_config": TlsServerConfig,
        "http_server_config": HttpServerConfig,
    }
    return sections[str(location[0])] if location else WebConfig


def _choices(location: Location) -> str:
    key = str(location[1]) if len(location) > 1 else ""
    choices = {
        "client_auth_type": ClientAuth,
        "min_version": Version,
        "max_version": Version,
        "cipher_suites": CipherSuite,
        "headers": HeaderName,
    }
    return f"must be one of {', '.join(get_args(choices[key]))}" if key in choices else "is no value that is known"


def _contradictions(config: WebConfig, read: Document) -> list[Problem]:
    tls = config.tls_server_config
    if tls is None:
        return []
    section = "tls_server_config"
    found = []
    if tls.min_version > tls.max_version:
        found.append(read.problem((section, "min_version"), "must not be above `max_version`"))
    verifies = tls.client_auth_type != "NoClientCert"
    if verifies and tls.client_ca_file is None:
        found.append(read.problem((section, "client_auth_type"), "needs `client_ca_file`, which signed the clients'"))
    if tls.client_ca_file is not None and not verifies:
        found.append(
            read.problem(
                (section, "client_ca_file"), "has no effect without `client_auth_type: RequireAndVerifyClientCert`"
            )
        )
    if tls.client_allowed_sans and not verifies:
        found.append(read.problem((section, "client_allowed_sans"), "has no effect without `client_auth_type`"))
    return found
