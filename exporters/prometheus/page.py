"""The metrics page: rendered when the world changes, served as ready bytes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any, NamedTuple

from prometheus_client import Metric

from agent.model.property import Pace
from agent.model.world import Target, World
from exporters.prometheus.catalogue import AGENT, CONNECTIONS, HEALTH, INVENTORY, OF_THE_WORLD
from exporters.prometheus.family import Family
from exporters.prometheus.gzip_member import Chunk, chunk, gzip_member
from exporters.prometheus.lines import SubjectWriter, braces, escape, header_openmetrics, header_text, number
from exporters.prometheus.metrics.agent import AgentView
from exporters.prometheus.metrics.performance import sections_for
from exporters.prometheus.negotiation import Format, choose_format, gzip_accepted
from exporters.prometheus.section import Section, Sight, Subject

_EOF = b"# EOF\n"
_EOF_CHUNK = chunk(_EOF)
_PACES = {Pace.QUICK: "quick", Pace.SLOW: "slow"}
"""The collectors that read what vCenter does not push."""


class Block(NamedTuple):
    """One family on the page. `lines` is one entry an object; both formats share them, and not the header before."""

    lines: tuple[bytes, ...]
    header_text: bytes
    header_openmetrics: bytes
    text: Chunk
    openmetrics: Chunk
    samples: int


_Written = Mapping[str, tuple[Subject[Any], tuple[bytes, ...]]]
"""By the key of each subject: what it was, and its lines."""


class _Rows(NamedTuple):
    """What was last written of one section of one vCenter, and from what."""

    sight: Sight
    stale: frozenset[Pace]
    section: Section[Sight, Any]
    writer: SubjectWriter[Any]
    by_key: _Written


@dataclass(slots=True)
class Cache:
    """What the last rendering leaves for the next, so that only what changed is written again. Of one thread."""

    rows: dict[tuple[str, str], _Rows] = field(default_factory=dict)
    connections: dict[tuple[str, str], _Written] = field(default_factory=dict)
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
        if chosen is Format.OPENMETRICS:
            plain = (part for block in self.blocks for part in (block.header_openmetrics, *block.lines))
            return headers, b"".join((*plain, _EOF))
        return headers, b"".join(part for block in self.blocks for part in (block.header_text, *block.lines))


def render(world: World, now: datetime, cache: Cache, process: Iterable[Metric] = ()) -> Page:
    """The page of this world. `process` are metrics of the client library to put at its end.

    Call it again at least every few seconds while nothing changes: values leave the page when they get stale.
    """
    seen = tuple(_seen(world, now))
    of_sights = (*INVENTORY, *sections_for(sight for sight, _ in seen), *HEALTH)
    blocks = [
        *(block for section in of_sights for block in _inventory_blocks(section, seen, cache)),
        *(block for section in CONNECTIONS for block in _connection_blocks(section, world, cache)),
        *(block for section in OF_THE_WORLD for block in _blocks(section, _written(section, world), cache)),
        *(_process_block(metric) for metric in process),
    ]
    series = sum(block.samples for block in blocks) + len(AGENT.families)
    view = AgentView(world, series)
    blocks += _blocks(AGENT, [SubjectWriter(AGENT).write(subject) for subject in AGENT.subjects(view)], cache)
    # what nobody sees any more must not stay in memory
    visible = {sight.vcenter for sight, _ in seen}
    cache.rows = {key: rows for key, rows in cache.rows.items() if key[1] in visible}
    drawn: tuple[Section[Any, Any], ...] = (*of_sights, *CONNECTIONS, *OF_THE_WORLD, AGENT)
    rendered = {family.name for section in drawn for family in section.families}
    cache.blocks = {name: block for name, block in cache.blocks.items() if name in rendered}
    return Page(blocks=tuple(blocks))


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


def _inventory_blocks(
    section: Section[Sight, Any], seen: Iterable[tuple[Sight, frozenset[Pace]]], cache: Cache
) -> list[Block]:
    rows: list[tuple[bytes, ...]] = []
    for sight, stale in seen:
        key = (section.title, sight.vcenter)
        cache.rows[key] = _rows(section, sight, stale, cache.rows.get(key))
        rows.extend(lines for _, lines in cache.rows[key].by_key.values())
    return _blocks(section, rows, cache)


def _rows(section: Section[Sight, Any], sight: Sight, stale: frozenset[Pace], last: _Rows | None) -> _Rows:
    """The lines of each object, written anew only for objects that changed."""
    if last is not None and (last.stale != stale or last.section is not section):
        last = None
    if last is not None and last.sight.same_as(sight):
        return last
    known = last.by_key if last else {}
    writer = last.writer if last else SubjectWriter(section)
    hidden = [index for index, family in enumerate(section.families) if family.stale(stale)]
    by_key = {}
    for subject in section.subjects(sight):
        before = known.get(subject.key)
        if before is not None and _same(before[0], subject):
            by_key[subject.key] = before
        else:
            lines = writer.write(subject) if before is None else writer.write_changes(subject, *before)
            by_key[subject.key] = (subject, _without(lines, hidden) if hidden else lines)
    return _Rows(sight, stale, section, writer, by_key)


def _same(before: Subject[Any], after: Subject[Any]) -> bool:
    if before.labels != after.labels:
        return False
    if before.record is after.record:
        return True
    # whether all fields of a dataclass are equal is found where it is asked which are not
    return not is_dataclass(after.record) and bool(before.record == after.record)


def _without(lines: tuple[bytes, ...], hidden: Iterable[int]) -> tuple[bytes, ...]:
    shown = list(lines)
    for index in hidden:
        shown[index] = b""
    return tuple(shown)


def _connection_blocks(section: Section[Target, Any], world: World, cache: Cache) -> list[Block]:
    """Written anew only for records that were replaced; what is kept of each VM is most of it."""
    writer = SubjectWriter(section)
    rows: list[tuple[bytes, ...]] = []
    for name, target in world.targets.items():
        known = cache.connections.get((section.title, name), {})
        written = {}
        for subject in section.subjects(target):
            before = known.get(subject.key)
            same = before is not None and before[0].record is subject.record and before[0].labels == subject.labels
            written[subject.key] = before if before and same else (subject, writer.write(subject))
        cache.connections[section.title, name] = written
        rows.extend(lines for _, lines in written.values())
    return _blocks(section, rows, cache)


def _written(section: Section[World, Any], world: World) -> list[tuple[bytes, ...]]:
    writer = SubjectWriter(section)
    return [writer.write(subject) for subject in section.subjects(world)]


def _blocks(section: Section[Any, Any], rows: list[tuple[bytes, ...]], cache: Cache) -> list[Block]:
    """The families that have a sample; a block is made anew only where a line changed."""
    blocks = []
    by_family = zip(*rows, strict=True) if rows else ((),) * len(section.families)
    for family, lines in zip(section.families, by_family, strict=True):
        block = cache.blocks.get(family.name)
        # compares bytes only where they are not the very same object
        if block is None or block.lines != lines:
            block = cache.blocks[family.name] = _block(family, lines)
        if block.samples:
            blocks.append(block)
    return blocks


def _block(family: Family[Any], lines: tuple[bytes, ...]) -> Block:
    kind = family.kind.value
    text = header_text(family.name, kind, family.documentation)
    return _made(lines, text, header_openmetrics(family.openmetrics_name, kind, family.documentation))


def _made(lines: tuple[bytes, ...], text: bytes, openmetrics: bytes) -> Block:
    body = b"".join(lines)
    samples = chunk(body)
    written = _header(text) + samples
    same = openmetrics == text
    return Block(
        lines, text, openmetrics, written, written if same else _header(openmetrics) + samples, body.count(b"\n")
    )


_header = cache(chunk)
"""There are as many as there are families, and they stay as they are."""


def _process_block(metric: Metric) -> Block:
    """A family of the client library."""
    lines = tuple(
        f"{sample.name}{braces(tuple(sample.labels), tuple(map(escape, sample.labels.values())))} "
        f"{number(sample.value)}\n".encode()
        for sample in metric.samples
    )
    name = f"{metric.name}_total" if metric.type == "counter" else metric.name
    return _made(
        lines,
        header_text(name, metric.type, metric.documentation),
        header_openmetrics(metric.name, metric.type, metric.documentation),
    )
