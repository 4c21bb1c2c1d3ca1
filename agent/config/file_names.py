"""File names in the configuration, and where relative ones are looked up."""

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from agent.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where relative file names are looked up: handed to the validators as pydantic's context."""

    directory: Path
    """of the configuration file"""
    credentials: Path | None
    """$CREDENTIALS_DIRECTORY, where systemd puts what LoadCredential= names"""

    def beside(self, name: str) -> Path:
        """`name` as seen from the configuration file."""
        return self.directory / name

    def credential(self, name: str) -> Path:
        """A relative `name` that systemd delivered, else the file beside the configuration."""
        delivered = self.credentials / name if self.credentials is not None else None
        # unlike Path.exists, os.path.exists raises nothing where the folder may not be looked into
        return delivered if delivered is not None and os.path.exists(delivered) else self.beside(name)  # noqa: PTH110 - see above


def _file_name(text: Any) -> str:
    if not isinstance(text, str) or not text or "\0" in text:
        raise PydanticCustomError("path", "must be the name of a file")
    return text


def _path(text: Any, info: ValidationInfo) -> Path:
    name = _file_name(text)
    return info.context.beside(name) if isinstance(info.context, Surroundings) else Path(name)


def _credential_path(text: Any, info: ValidationInfo) -> Path:
    name = _file_name(text)
    return info.context.credential(name) if isinstance(info.context, Surroundings) else Path(name)


FilePath = Annotated[Path, BeforeValidator(_path), WithJsonSchema({"type": "string"})]
CredentialPath = Annotated[Path, BeforeValidator(_credential_path), WithJsonSchema({"type": "string"})]
