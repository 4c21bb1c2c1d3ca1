"""Reads what an answer says of an object from its text; a parser's elements are made only of what is not a plain value.

Nearly all that is read again and again are numbers, words and names, each written as
`<propSet><name>path</name><val xsi:type="xsd:int">value</val></propSet>`. One regular expression finds them all and the
objects of a kind mostly have the same paths in the same order, so that how they are read is found once for all of them.
What is written in any other way, and what cannot be the value it should be, is left to `decode_content`, but for a value that
is written as it was when it was read last: of that nothing is said.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any, NamedTuple

from agent.vcenter.changes import Change, Paths, Told, decode_content, decoders_by_path, record_for

_VALUE = r"<val(?: type=\"[A-Za-z]+\")? xsi:type=\"[A-Za-z:]+\"(?: type=\"[A-Za-z]+\")?>([^<>&\x00-\x1f]+)</val>"
_CONTENT = re.compile(rf"<propSet><name>([A-Za-z0-9.]+)</name>{_VALUE}</propSet>")
_UPDATE = re.compile(rf"<changeSet><name>([A-Za-z0-9.]+)</name><op>assign</op>{_VALUE}</changeSet>")
_OBJECT = re.compile(r"(?:<kind>(modify|enter)</kind>)?<obj type=\"(\w+)\">([\w:.-]+)</obj>")
"""What is before the properties. References of vCenter's hold no other characters."""
_PATH = re.compile(r"<(?:name|path)>([A-Za-z0-9.]+)<")
_NAMED = re.compile(r"<propSet><name>([A-Za-z0-9.]+)</name>")
_END = "</propSet>"


class _Plan(NamedTuple):
    """How the plain values of objects of one kind are read that come with the same paths in the same order."""

    record: type
    plain: frozenset[str]
    """the paths"""
    paths: frozenset[str]
    """these, and what was asked for besides"""
    reads: tuple[tuple[int, str, Callable[[str], Any]], ...]
    """which of the texts, whose field, and what makes the value"""
    unset: dict[str, Any]
    """values of the fields that were asked for and did not come"""
    others: Paths
    """what was asked for besides"""


class ObjectText:
    """The objects of one answer, in order. `text` and `take` are for `Stub.stream`."""

    def __init__(self, asked: Paths, *, updates: bool = False, told: Told | None = None) -> None:
        """Args as follows.

        Args:
            asked: The paths that were asked for.
            updates: ObjectUpdates come, and not ObjectContents.
            told: What the values of the objects are from that their owner has; None to read all anew.
        """
        self._asked, self._told = asked, told
        self._property = _UPDATE if updates else _CONTENT
        self._plans: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], _Plan | None] = {}
        self._plain: tuple[_Plan, dict[str, Any], tuple[int, ...] | None] | None = None
        self.found: list[Change] = []

    def text(self, inner: bytes) -> bytes:
        """Take the plain values, and return what is left for the parser: nothing, if there is nothing else."""
        try:
            text = inner.decode()
        except UnicodeDecodeError:
            return inner
        if "\ufffe" in text or "\uffff" in text:  # which XML cannot hold
            return inner
        parts = self._property.split(text)
        rest = "".join(parts[::3])
        start = _OBJECT.match(rest)
        if start is None:
            return inner
        update, kind, moid = start.groups("")
        others, same, told = self._news(kind, moid, rest[start.end() :])
        plan = self._plan(kind, update, tuple(parts[1::3]), same)
        if plan is None:
            return inner
        texts = parts[2::3]
        try:
            values = {field: read(texts[index]) for index, field, read in plan.reads}
        except (ValueError, OverflowError):
            return inner
        if not others:
            values.update(plan.unset)
            self.found.append(
                Change(plan.record, moid, entered=update == "enter", paths=plan.paths, values=values, told=told)
            )
            return b""
        if "<!" in others or "<?" in others or not plan.plain.isdisjoint(_PATH.findall(others)):
            return inner
        self._plain = plan, values, told
        return (start[0] + others).encode()

    def take(self, element: ET.Element) -> None:
        """Take the element of an object, or of what `text` left of it."""
        plain, self._plain = self._plain, None
        change = decode_content(element, self._asked if plain is None else plain[0].others)
        if change is None:
            return
        if plain is not None:
            plan, values, change.told = plain
            change.paths |= plan.plain
            change.values |= values
        elif self._told is not None:
            change.told = ()
        self.found.append(change)

    def _news(self, kind: str, moid: str, others: str) -> tuple[str, tuple[str, ...], tuple[int, ...] | None]:
        """Of all but the plain values: what is new, the paths of what is not, and the digests of both."""
        if self._told is None:
            return others, (), None
        record = record_for(kind)
        before = () if record is None else self._told.get((record, moid), ())
        *properties, rest = others.split(_END)
        news: list[str] = []
        same: list[str] = []
        digests: list[int] = []
        for one in properties:
            named = _NAMED.match(one)
            digest = hash(one)  # of 64 bits, and nobody outside knows how Python keys it
            if named is not None:
                digests.append(digest)
            if named is not None and digest in before:
                same.append(named[1])
            else:
                news.append(one + _END)
        return "".join(news) + rest, tuple(same), tuple(digests)

    def _plan(self, kind: str, update: str, paths: tuple[str, ...], same: tuple[str, ...]) -> _Plan | None:
        key = kind, update, paths, same
        if key not in self._plans:
            self._plans[key] = _made_plan(kind, paths, same, self._asked if update != "modify" else {})
        return self._plans[key]


def _made_plan(kind: str, paths: tuple[str, ...], same: tuple[str, ...], asked: Paths) -> _Plan | None:
    """None where one of the values is not plain, or the kind not modelled."""
    record = record_for(kind)
    if record is None:
        return None
    decoders = decoders_by_path(record)
    reads = [(index, decoder) for index, path in enumerate(paths) for decoder in decoders.get(path, ())]
    others = tuple(path for path in asked.get(record, ()) if path not in paths and path not in same)
    plain = tuple((index, decoder.field, decoder.text) for index, decoder in reads if decoder.text is not None)
    if len(plain) < len(reads):
        return None
    return _Plan(
        record=record,
        plain=frozenset(paths),
        paths=frozenset(paths + others),
        reads=plain,
        unset={decoder.field: decoder.unset for path in others for decoder in decoders.get(path, ())},
        others={record: others},
    )
