"""The metrics page: rendered when the world changes, served as ready bytes."""

import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime
from functools import cache, cached_property
from typing import Any, NamedTuple, TypeAlias

from prometheus_client import Metric

from agent.dataclass import dataclass
from agent.model.property import Pace
from agent.model.world import Target, World
from exporters.prometheus.catalogue import AGENT, CONNECTIONS, HEALTH, INVENTORY, OF_THE_WORLD
from exporters.prometheus.family import Family
from exporters.prometheus.gzip_member import NOTHING, Chunk, chunk, gzip_member
from exporters.prometheus.lines import (
    Identity,
    SectionWriter,
    braces,
    escape,
    header_openmetrics,
    header_text,
    number,
)
from exporters.prometheus.metrics.agent import AgentView
from exporters.prometheus.metrics.performance import sections_for
from exporters.prometheus.negotiation import Format, choose_format, gzip_accepted
from exporters.prometheus.record_changes import changed_families
from exporters.prometheus.section import Section, Sight, Subject

_EOF = b"# EOF\n"
_EOF_CHUNK = chunk(_EOF)
_PACES = {Pace.QUICK: "quick", Pace.SLOW: "slow"}
"""The collectors that read what vCenter does not push."""
_NONE: frozenset[Pace] = frozenset()


class Column(NamedTuple):
    """What one vCenter has of one family."""

    samples: int
    chunk: Chunk
    text: int
    """a hash of what was written; the text itself is not kept"""


class Block(NamedTuple):
    """One family on the page, of all vCenters."""

    name: str
    columns: tuple[Column, ...]
    text: Chunk
    openmetrics: Chunk
    samples: int


_Source: TypeAlias = Sight | Target | World | AgentView
_EMPTY = Column(0, NOTHING, hash(b""))


class _Drawn(NamedTuple):
    """What was last written of one section of one vCenter, and from what."""

    section: Section[Any, Any]
    source: _Source
    stale: frozenset[Pace]
    writer: SectionWriter[Any]
    subjects: tuple[Subject[Any], ...]
    identities: list[Identity]
    columns: tuple[Column, ...]
    made_from: object


@dataclass(slots=True)
class Cache:
    """What the last rendering leaves for the next, so that only what changed is written again. Of one thread."""

    drawn: dict[tuple[str, str], _Drawn] = field(default_factory=dict)
    """by the section's title and the vCenter's name"""
    blocks: dict[str, Block] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Page:
    """The page in both formats, its parts compressed already; each format is put together when it is asked for first."""

    blocks: tuple[Block, ...]

    @cached_property
    def gzip_text(self) -> bytes:
        """In the text format 0.0.4, compressed."""
        return gzip_member(block.text for block in self.blocks)

    @cached_property
    def gzip_openmetrics(self) -> bytes:
        """In OpenMetrics 1.0, compressed."""
        return gzip_member((*(block.openmetrics for block in self.blocks), _EOF_CHUNK))

    @property
    def series(self) -> int:
        """Samples on the page."""
        return sum(block.samples for block in self.blocks)

    def body(self, accept: str, accept_encoding: str) -> tuple[Mapping[str, str], bytes]:
        """Headers and body for a scraper that sent these headers (empty where it sent none)."""
        chosen = choose_format(accept)
        headers = {"Content-Type": chosen.value, "Vary": "Accept, Accept-Encoding", "Cache-Control": "no-store"}
        if gzip_accepted(accept_encoding):
            compressed = self.gzip_openmetrics if chosen is Format.OPENMETRICS else self.gzip_text
            return {**headers, "Content-Encoding": "gzip"}, compressed
        return headers, gzip.decompress(self.gzip_openmetrics if chosen is Format.OPENMETRICS else self.gzip_text)


def render(world: World, now: datetime, cache: Cache, process: Iterable[Metric] = ()) -> Page:
    """The page of this world. `process` are metrics of the client library to put at its end.

    Call it again at least every few seconds while nothing changes: values leave the page when they get stale.
    """
    seen = tuple(_seen(world, now))
    of_sights = (*INVENTORY, *sections_for(sight for sight, _ in seen), *HEALTH)
    # what nobody sees any more is not in the new one, and so not in memory
    before = Cache(cache.drawn, cache.blocks)
    cache.drawn, cache.blocks = {}, {}

    def drawn(section: Section[Any, Any], name: str, source: _Source, stale: frozenset[Pace] = _NONE) -> _Drawn:
        one = _draw(section, source, stale, before.drawn.get((section.title, name)))
        cache.drawn[section.title, name] = one
        return one

    def blocks(section: Section[Any, Any], rows: Iterable[_Drawn]) -> Iterator[Block]:
        by_family = zip(*(one.columns for one in rows), strict=True)
        for family, columns in zip(section.families, by_family, strict=False):  # without a vCenter there is no column
            block = before.blocks.get(family.name)
            if block is None or block.columns != columns:
                block = _block(family, columns)
            cache.blocks[family.name] = block
            if block.samples:
                yield block

    page = [
        *(
            one
            for each in of_sights
            for one in blocks(each, [drawn(each, sight.vcenter, sight, s) for sight, s in seen])
        ),
        *(one for each in CONNECTIONS for one in blocks(each, [drawn(each, *of) for of in world.targets.items()])),
        *(one for each in OF_THE_WORLD for one in blocks(each, [drawn(each, "", world)])),
        *(_process_block(metric) for metric in process),
    ]
    view = AgentView(world, sum(block.samples for block in page) + len(AGENT.families))
    return Page(blocks=(*page, *blocks(AGENT, [drawn(AGENT, "", view)])))


def _seen(world: World, now: datetime) -> Iterator[tuple[Sight, frozenset[Pace]]]:
    """Every inventory that may still be shown, with the paces at which nothing was read in time."""
    for target in world.targets.values():
        inventory = target.visible_inventory(now)
        if inventory is not None:
            late = {name for name, status in target.collectors.items() if status.stale(now)}
            stale = frozenset(pace for pace, name in _PACES.items() if name in late)
            performance = None if "performance" in late else target.performance
            yield (
                Sight(
                    vcenter=target.name,
                    inventory=inventory,
                    performance=performance,
                    health=target.health,
                    labelling=target.labelling,
                ),
                stale,
            )


def _draw(section: Section[Any, Any], source: _Source, stale: frozenset[Pace], last: _Drawn | None) -> _Drawn:
    """The columns of a section, written anew only where a record changed in a field that the family reads."""
    if last is not None and (last.stale != stale or last.section is not section):
        last = None
    if last is not None and _same(last.source, source):
        return last
    made_from = None if section.made_from is None else section.made_from(source)
    if last is not None and made_from is not None and made_from == last.made_from:
        return last._replace(source=source)
    writer = last.writer if last else SectionWriter(section)
    subjects = tuple(section.subjects(source))
    if last is not None and [one.labels for one in last.subjects] == [one.labels for one in subjects]:
        identities, changed = last.identities, changed_families(section.families, last.subjects, subjects)
    else:
        identities, changed = writer.identities(subjects), frozenset(range(len(section.families)))
    records = [one.record for one in subjects]
    columns = list(last.columns if last else (_EMPTY,) * len(section.families))
    for index in changed:
        if not section.families[index].stale(stale):
            columns[index] = _column(writer.write(index, identities, records), columns[index])
    return _Drawn(section, source, stale, writer, subjects, identities, tuple(columns), made_from)


def _same(before: _Source, after: _Source) -> bool:
    """Whether both tell the very same."""
    return before is after or (isinstance(before, Sight) and isinstance(after, Sight) and before.same_as(after))


def _column(text: bytes, last: Column) -> Column:
    """Compressed anew only if it is another text; two of one hash and as many lines come once in 2**64 times."""
    found = hash(text)
    samples = text.count(b"\n")
    if (samples, found) == (last.samples, last.text):
        return last
    return Column(samples, chunk(text), found)


def _block(family: Family[Any], columns: tuple[Column, ...]) -> Block:
    kind = family.kind.value
    text = header_text(family.name, kind, family.documentation)
    openmetrics = header_openmetrics(family.openmetrics_name, kind, family.documentation)
    return _made(family.name, columns, text, openmetrics)


def _made(name: str, columns: tuple[Column, ...], text: bytes, openmetrics: bytes) -> Block:
    lines = sum((column.chunk for column in columns), start=NOTHING)
    written = _header(text) + lines
    same = openmetrics == text
    samples = sum(column.samples for column in columns)
    return Block(name, columns, written, written if same else _header(openmetrics) + lines, samples)


_header = cache(chunk)
"""There are as many as there are families, and they stay as they are."""


def _process_block(metric: Metric) -> Block:
    """A family of the client library."""
    text = "".join(
        f"{sample.name}{braces(tuple(sample.labels), tuple(map(escape, sample.labels.values())))} "
        f"{number(sample.value)}\n"
        for sample in metric.samples
    ).encode()
    name = f"{metric.name}_total" if metric.type == "counter" else metric.name
    return _made(
        name,
        (_column(text, _EMPTY),),
        header_text(name, metric.type, metric.documentation),
        header_openmetrics(metric.name, metric.type, metric.documentation),
    )
