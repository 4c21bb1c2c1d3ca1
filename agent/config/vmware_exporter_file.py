"""vmware_exporter's own configuration: its config.yml, its VSPHERE_ variables, or a file of them. Pure.

The conversion to ours is `agent.config.vmware_exporter_converted`.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any, get_args

from agent.config import document
from agent.config.document import Location
from agent.config.vmware_exporter import ServedSection
from agent.dataclass import dataclass
from agent.errors import ConfigError

COLLECTED = get_args(ServedSection)
_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}
_TEXTS = ("vsphere_host", "vsphere_user", "vsphere_password")
_FLAGS = ("ignore_ssl", "fetch_custom_attributes", "fetch_tags", "fetch_alarms")
_KEYS = {*_TEXTS, *_FLAGS, "specs_size", "collect_only"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TheirSection:
    """One section: a vCenter (`host` None: the one that each request names), an account, and what is served of it."""

    name: str
    host: str | None = None
    user: str
    password: str | None = field(default=None, repr=False)
    ignore_ssl: bool = False
    specs_size: str | None = None
    custom_attributes: bool = False
    tags: bool = False
    alarms: bool = False
    collected: tuple[ServedSection, ...] = COLLECTED
    unknown_keys: tuple[str, ...] = ()


def from_text(text: str, file: str) -> tuple[TheirSection, ...]:
    """The sections of a config.yml, or of a file of variables as containers take it.

    Raises:
        ConfigError: with one line for each mistake.
    """
    if re.search(r"^\s*(export\s+)?VSPHERE_[A-Z0-9_]+=", text, re.MULTILINE):
        return from_environment(_variables(text), file)
    read = document.read(text)
    problems = list(read.problems)
    sections: list[TheirSection] = []
    if not problems and not isinstance(read.values, dict):
        problems.append(read.problem((), "holds no sections, such as `default:`"))
    elif not problems:
        for name, values in read.values.items():
            if not isinstance(values, dict):
                problems.append(read.problem((name,), "must be a section of keys, indented below this one"))
                continue
            try:
                sections.append(_section(name, values))
            except _Wrong as wrong:
                problems.append(read.problem(wrong.location, wrong.text))
    if problems:
        raise ConfigError(*(problem.line(file) for problem in problems))
    return tuple(sections)


def from_environment(variables: Mapping[str, str], where: str = "the environment") -> tuple[TheirSection, ...]:
    """The sections that VSPHERE_USER and VSPHERE_<SECTION>_USER make.

    Raises:
        ConfigError: there is none.
    """
    found = []
    for key in sorted(variables, key=lambda one: (one != "VSPHERE_USER", one)):
        named = re.fullmatch(r"VSPHERE_(?:([A-Z0-9_]+)_)?USER", key)
        if named is None:
            continue
        prefix = f"VSPHERE_{named[1]}_" if named[1] else "VSPHERE_"

        def flag(word: str, prefix: str = prefix, *, otherwise: bool = False) -> bool:
            return variables.get(f"{prefix}{word}", str(otherwise)).strip().lower() in _TRUE

        found.append(
            TheirSection(
                name=(named[1] or "default").lower(),
                host=_named(variables.get(f"{prefix}HOST")),
                user=variables[key],
                password=variables.get(f"{prefix}PASSWORD"),
                ignore_ssl=flag("IGNORE_SSL"),
                specs_size=variables.get(f"{prefix}SPECS_SIZE"),
                custom_attributes=flag("FETCH_CUSTOM_ATTRIBUTES"),
                tags=flag("FETCH_TAGS"),
                alarms=flag("FETCH_ALARMS"),
                collected=tuple(one for one in COLLECTED if flag(f"COLLECT_{one.upper()}", otherwise=True)),
            )
        )
    if not found:
        raise ConfigError(f"{where}: no VSPHERE_USER, so there is nothing to convert")
    return tuple(found)


class _Wrong(Exception):
    def __init__(self, location: Location, text: str) -> None:
        super().__init__(text)
        self.location, self.text = location, text


def _section(name: str, values: Mapping[str, Any]) -> TheirSection:
    for key in _TEXTS:
        if isinstance(values.get(key), dict | list):
            raise _Wrong((name, key), "must be text")
    user = values.get("vsphere_user")
    if user is None:
        raise _Wrong((name, "vsphere_user"), "this key is required")
    flags = {key: _flag((name, key), values.get(key, False)) for key in _FLAGS}
    collect = values.get("collect_only", {})
    if not isinstance(collect, dict):
        raise _Wrong((name, "collect_only"), "must be a section of keys, indented below this one")
    chosen = {key: _flag((name, "collect_only", key), value) for key, value in collect.items()}
    password, size = values.get("vsphere_password"), values.get("specs_size")
    return TheirSection(
        name=name,
        host=_named(values.get("vsphere_host")),
        user=str(user),
        password=None if password is None else _as_written((name, "vsphere_password"), password),
        ignore_ssl=flags["ignore_ssl"],
        specs_size=None if size is None else str(size),
        custom_attributes=flags["fetch_custom_attributes"],
        tags=flags["fetch_tags"],
        alarms=flags["fetch_alarms"],
        collected=tuple(one for one in COLLECTED if chosen.get(one, True)),
        unknown_keys=tuple(
            sorted((values.keys() - _KEYS) | {f"collect_only.{key}" for key in chosen.keys() - {*COLLECTED}})
        ),
    )


def _as_written(location: Location, password: Any) -> str:
    """A password that looks like a number loses its zeros; that program would have been given the number too."""
    if not isinstance(password, str):
        raise _Wrong(location, "looks like a number or a truth: put the password in quotes")
    return password


def _flag(location: Location, value: Any) -> bool:
    word = str(value).strip().lower()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise _Wrong(location, "must be True or False")


def _named(host: Any) -> str | None:
    """What that program takes for no host at all: nothing, and the word None."""
    return None if host is None or str(host) in ("", "None") else str(host)


def _variables(text: str) -> dict[str, str]:
    found = {}
    for line in text.splitlines():
        parts = re.fullmatch(r"\s*(?:export\s+)?([A-Z][A-Z0-9_]*)=(.*?)\s*", line)
        if parts is not None:
            value = parts[2]
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            found[parts[1]] = value[1:-1] if quoted else value
    return found
