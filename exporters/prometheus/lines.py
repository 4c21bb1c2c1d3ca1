"""Writes samples as text: the same bytes as prometheus_client, many times faster, kept per object."""

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Generic, TypeVar

from exporters.prometheus.family import Family, Kind
from exporters.prometheus.section import Section, Subject

T = TypeVar("T")

_EXPONENTS_FROM = 1_000_000
"""From here on the client library writes exponents."""
_WORDS = {"inf": "+Inf", "-inf": "-Inf", "nan": "NaN"}


def escape(value: str) -> str:
    """A label value as it stands between quotes."""
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def number(value: float) -> str:
    """A value as the client library writes it: all digits, and Go's exponents."""
    if isinstance(value, int) and -_EXPONENTS_FROM < value < _EXPONENTS_FROM:
        return f"{int(value)}.0"  # int(): a bool is 1 or 0
    text = repr(float(value))
    if text in _WORDS:
        return _WORDS[text]
    if value < _EXPONENTS_FROM or "e" in text:
        return text
    whole, _, fraction = text.partition(".")
    mantissa = f"{whole[0]}.{whole[1:]}{fraction}".rstrip("0").rstrip(".")
    return f"{mantissa}e+{len(whole) - 1:02d}"


def header_text(name: str, kind: str, documentation: str) -> bytes:
    """HELP and TYPE in the text format 0.0.4, which knows no info."""
    documentation = documentation.replace("\\", r"\\").replace("\n", r"\n")
    return f"# HELP {name} {documentation}\n# TYPE {name} {kind if kind != Kind.INFO.value else 'gauge'}\n".encode()


def header_openmetrics(name: str, kind: str, documentation: str) -> bytes:
    """HELP and TYPE in OpenMetrics 1.0."""
    return f"# HELP {name} {escape(documentation)}\n# TYPE {name} {kind}\n".encode()


class SubjectWriter(Generic[T]):
    """Writes all samples of one object, family by family. Labels are sorted by name, as the client library does."""

    def __init__(self, section: Section[Any, T]) -> None:
        self._names = section.labels
        self._families = tuple((family, _write_labelled(section.labels, family)) for family in section.families)
        self._readers: dict[frozenset[str], tuple[int, ...]] = {}

    def write(self, subject: Subject[T]) -> tuple[bytes, ...]:
        """The lines of each family, nothing where it has no value.

        Raises:
            ValueError: the number of label values does not fit the labels.
        """
        identity = tuple(escape(value) for value in subject.labels)
        shared = braces(self._names, identity)
        return tuple(self._write(index, identity, shared, subject.record) for index in range(len(self._families)))

    def write_changes(self, subject: Subject[T], before: Subject[T], lines: tuple[bytes, ...]) -> tuple[bytes, ...]:
        """As `write`, where `lines` were written of `before`: only families that read a changed field are written."""
        changed = _changed_fields(before.record, subject.record)
        if changed is None or before.labels != subject.labels:
            return self.write(subject)
        if not changed:
            return lines
        identity = tuple(escape(value) for value in subject.labels)
        shared = braces(self._names, identity)
        written = list(lines)
        for index in self._reading(changed):
            written[index] = self._write(index, identity, shared, subject.record)
        return tuple(written)

    def _reading(self, changed: frozenset[str]) -> tuple[int, ...]:
        """The places of families that read one of these fields: most changes are of the same few."""
        known = self._readers.get(changed)
        if known is None:
            known = self._readers[changed] = tuple(
                index
                for index, (family, _) in enumerate(self._families)
                if family.reads is None or not family.reads.isdisjoint(changed)
            )
        return known

    def _write(self, index: int, identity: tuple[str, ...], shared: str, record: T) -> bytes:
        family, labelled = self._families[index]
        return _write_plain(family, shared, record) if labelled is None else labelled(identity, record)


def _changed_fields(before: object, after: object) -> frozenset[str] | None:
    """The fields in which two records differ; None if they are not two dataclass records of one type."""
    kind = type(after)
    if type(before) is not kind or not is_dataclass(kind):
        return None
    names, values = _reader(kind)
    pairs = zip(names, values(before), values(after), strict=True)
    return frozenset(name for name, old, new in pairs if old is not new and old != new)


@cache
def _reader(kind: type) -> tuple[tuple[str, ...], Callable[[object], tuple[object, ...]]]:
    """The names of a record's fields, and what reads them all at once, which is three times as fast as one by one."""
    names = tuple(field.name for field in fields(kind))
    if len(names) == 1:
        return names, lambda record: (getattr(record, names[0]),)
    return names, attrgetter(*names) if names else lambda _: ()


def _write_plain(family: Family[T], labels: str, record: T) -> bytes:
    return "".join(
        [f"{family.name}{labels} {number(value)}\n" for _, value in family.samples(record) if value is not None]
    ).encode()


def _write_labelled(identity_names: Sequence[str], family: Family[T]) -> Callable[[tuple[str, ...], T], bytes] | None:
    """How a family with labels of its own is written; None if it has none."""
    if not family.labels:
        return None
    names = (*identity_names, *family.labels)
    places = ",".join(f'{name}="{{{names.index(name)}}}"' for name in sorted(names))
    fill = f"{family.name}{{{{{places}}}}} ".format

    def write(identity: tuple[str, ...], record: T) -> bytes:
        lines: dict[tuple[str | None, ...], str] = {}
        for own, value in family.samples(record):
            # a label set that comes twice (two file systems of one path) would cost Prometheus the whole page
            if value is None or own in lines:
                continue
            if None in own:
                known = {name: escape(text) for name, text in zip(family.labels, own, strict=True) if text is not None}
                labels = braces((*identity_names, *known), (*identity, *known.values()))
                lines[own] = f"{family.name}{labels} {number(value)}\n"
            else:
                escaped = (escape(text) for text in own if text is not None)
                lines[own] = f"{fill(*identity, *escaped)}{number(value)}\n"
        return "".join(lines.values()).encode()

    return write


def braces(names: Sequence[str], escaped: Sequence[str]) -> str:
    """Labels by name, `{a="1",b="2"}`; nothing where there are none.

    Raises:
        ValueError: as many names as values are needed.
    """
    if not names:
        return ""
    return "{" + ",".join(f'{name}="{value}"' for name, value in sorted(zip(names, escaped, strict=True))) + "}"
