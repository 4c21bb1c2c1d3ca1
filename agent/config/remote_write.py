"""The `remote_write` part of the configuration: where late samples go."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from agent.config.file_names import CredentialPath, FilePath
from agent.config.section import Section

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        port_fits = False
    if not port_fits or parts.scheme not in {"http", "https"} or not parts.hostname or parts.fragment:
        raise PydanticCustomError("url", "must be http://HOST:PORT/PATH or https://HOST:PORT/PATH")
    if parts.username or parts.password:
        raise PydanticCustomError(
            "url", "must not hold a password; it has its own keys, `username` and `password_file`"
        )
    return text


def _labels(labels: Mapping[str, str]) -> Mapping[str, str]:
    wrong = [name for name in labels if not re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", name) or name.startswith("__")]
    if wrong:
        raise PydanticCustomError("label", "has a name that is no label's: {name}", {"name": wrong[0]})
    return labels


class RemoteWriteConfig(Section):
    """Performance samples that nobody could scrape in time are sent, with their own times, by Prometheus' remote write.

    Without it the counters are right all the same, but step up at the end of an outage of the agent.
    """

    url: Annotated[str, AfterValidator(_url)] | None = Field(
        default=None,
        description="Where to write to. Nothing is sent without it. The receiver must take old samples: see docs/scale-out.md.",
        examples=["http://127.0.0.1:9090/api/v1/write"],
    )
    labels: Annotated[Mapping[str, str], AfterValidator(_labels)] = Field(
        default={},
        description="Labels that Prometheus adds when it scrapes, so that what is sent joins the same series.",
        examples=[{"job": "checkmeter", "instance": "127.0.0.1:10272"}],
    )
    username: str | None = Field(default=None, description="For a receiver that asks for a login (basic).")
    password_file: CredentialPath | None = Field(
        default=None,
        description="File that holds the password and nothing else; looked up and refused as that of a vCenter. "
        "Without `username` it is sent as a bearer token.",
        examples=["remote-write"],
    )
    ca_file: FilePath | None = Field(
        default=None, description="PEM file with the CA that signed the receiver's certificate; else the machine's."
    )

    @field_validator("password_file")
    @classmethod
    def _not_in_the_clear(cls, password_file: Path | None, info: ValidationInfo) -> Path | None:
        parts = urlsplit(info.data.get("url") or "")
        if password_file is not None and parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise PydanticCustomError("clear", "would be sent in the clear: `url` must begin with https://")
        return password_file
