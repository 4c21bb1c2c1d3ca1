"""From the file to a `Config`, or to every mistake in it at once."""

import os
import re
import ssl
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from operator import attrgetter
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from agent.config import document
from agent.config.credentials import read_secret_file
from agent.config.document import Document, Location, Problem
from agent.config.file_names import Surroundings
from agent.config.mistakes import PLAIN_WORDS, got, value_at
from agent.config.model import Config
from agent.errors import ConfigError, CredentialUnreadable

NO_UNVERIFIED_TLS = "; certificates are always verified: see tls.ca_file and tls.fingerprint"


def load(path: Path, environment: Mapping[str, str] = os.environ, *, passwords: bool = True) -> Config:
    """The configuration in `path`, every file it names checked; its password files only with `passwords`.

    Raises:
        ConfigError: with one line for each mistake, in the order of the file.
    """
    text = document.text_of(path)
    credentials = environment.get("CREDENTIALS_DIRECTORY") if passwords else None
    surroundings = Surroundings(
        directory=path.absolute().parent, credentials=Path(credentials) if credentials else None
    )
    read = document.read(text)
    problems = list(read.problems)
    config = None
    if read.values is None and not problems:
        problems.append(read.problem((), "the file is empty: no vCenter is configured"))
    elif not isinstance(read.values, dict | None):
        problems.append(read.problem((), "must be keys and values, such as `vcenters:`"))
    elif read.values is not None:
        try:
            config = Config.model_validate(read.values, context=surroundings)
        except ValidationError as invalid:
            problems += [_problem(error, read) for error in invalid.errors()]
        problems += _names_given_twice(read)
        problems += _unusable_files(read, surroundings, passwords=passwords)
    if problems or config is None:
        raise ConfigError(*(problem.line(str(path)) for problem in sorted(problems, key=attrgetter("position"))))
    return config


def _problem(error: ErrorDetails, read: Document) -> Problem:
    location = error["loc"]
    kind = error["type"]
    if kind == "extra_forbidden":
        # The value is not shown: it may be a password under a key of another tool.
        return read.problem(location, "unknown key" + _suggestion(str(location[-1]), _section_at(location[:-1])))
    text = PLAIN_WORDS[kind].format_map(error.get("ctx", {})) if kind in PLAIN_WORDS else error["msg"]
    return read.problem(location, text if kind == "missing" else text + got(value_at(read.values, location)))


def _suggestion(key: str, section: type[BaseModel]) -> str:
    deeper = [f"{name}.{key}" for name, part in _sections(section) if key in part.model_fields]
    meant = deeper or get_close_matches(key, section.model_fields, 1)
    if meant:
        return f", did you mean `{meant[0]}`?"
    if re.search("insecure|verify|ssl", key, re.IGNORECASE):
        return NO_UNVERIFIED_TLS
    return f"; known here: {', '.join(section.model_fields)}"


def _section_at(location: Location) -> type[BaseModel]:
    section: type[BaseModel] = Config
    for step in location:
        section = dict(_sections(section)).get(str(step), section)
    return section


def _sections(section: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in section.model_fields.items():
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield name, part


def _entries(read: Document) -> Iterator[tuple[Location, dict[str, Any]]]:
    """Each item under `vcenters` that is a section, however wrong the rest of the file is."""
    listed = read.values.get("vcenters")
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield ("vcenters", index), entry


def _names_given_twice(read: Document) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for location, entry in _entries(read):
        name = entry.get("name")
        if not isinstance(name, str):
            continue
        here = (*location, "name")
        if name in seen:
            yield read.problem(here, f"another vCenter has this name, on line {seen[name]} [got {name!r}]")
        seen.setdefault(name, read.position(here).line)


def _unusable_files(read: Document, surroundings: Surroundings, *, passwords: bool) -> Iterator[Problem]:
    named: list[tuple[Location, dict[str, Any], Location]] = [(*one, ("tls", "ca_file")) for one in _entries(read)]
    if isinstance(receiver := read.values.get("remote_write"), dict):
        named.append((("remote_write",), receiver, ("ca_file",)))
    for location, entry, ca_key in named:
        password_file = entry.get("password_file")
        if passwords and isinstance(password_file, str) and password_file:
            try:
                read_secret_file(surroundings.credential(password_file))
            except CredentialUnreadable as error:
                yield read.problem((*location, "password_file"), str(error))
        ca_file: Any = entry
        for step in ca_key:
            ca_file = ca_file.get(step) if isinstance(ca_file, dict) else None
        if isinstance(ca_file, str) and ca_file:
            path = surroundings.beside(ca_file)
            wrong = _wrong_with_ca(path)
            if wrong:
                yield read.problem((*location, *ca_key), f"{path}: {wrong}")


def _wrong_with_ca(path: Path) -> str:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        return "holds no certificate in PEM form"
    except OSError as error:
        return error.strerror or "cannot be read"
    return ""
