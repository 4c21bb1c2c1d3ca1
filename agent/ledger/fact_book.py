"""Reading what objects were like out of the ledger."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from agent.ledger.facts import WHOLE, content_of, inflated, record_of, texts_at
from agent.ledger.instants import instant, micros
from agent.ledger.private_parts import TEXTS_OF
from agent.model.about import About
from agent.model.facts import KINDS, Fact
from agent.model.inventory import Inventory
from agent.model.licence import Licence
from agent.model.record_json import from_plain

_NONE: frozenset[str] = frozenset()


def fact_histories(
    connection: sqlite3.Connection,
    vcenter: int,
    kind: str,
    start: datetime,
    end: datetime,
    *,
    gone: bool = False,
    fields: Collection[str] | None = None,
) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    """For each object of a kind (see KINDS) that is known of [start, end): its id, and its facts in order of time.

    The first is the one that held at `start`, if there is one. VMs are named by `vm_id`, others by moid. `gone` takes
    those too that had gone before `start`, with the last that was known of them before. `fields` reads only these, and
    leaves out facts that differ from the one before in none of them: a month of thousands of whole records is large.
    """
    first = "SELECT max(seq) FROM facts WHERE vcenter = ?1 AND kind = ?2 AND at <= ?3 GROUP BY object"
    if gone:
        first += (
            " UNION ALL SELECT max(seq) FROM facts "
            "WHERE vcenter = ?1 AND kind = ?2 AND at <= ?3 AND content IS NOT NULL GROUP BY object"
        )
    rows = connection.execute(
        "SELECT object, seq, at, learned, unchanged_until, base, content FROM facts "  # noqa: S608 - a condition of our own
        f"WHERE vcenter = ?1 AND kind = ?2 AND (at > ?3 AND at < ?4 OR seq IN ({first})) ORDER BY object, at, seq",
        (vcenter, kind, micros(start), micros(end)),
    )
    name: str | None = None
    facts: list[Fact] = []
    bases: dict[int, bytes] = {}
    for found, seq, at, learned, unchanged_until, base, content in rows:
        if found != name:
            if name is not None and _of_this_time(facts):
                yield name, tuple(facts)
            name, facts, bases = found, [], {}
        text = None if content is None else _text(connection, bases, seq, base, content)
        plain = None if text is None else json.loads(text)
        if plain is not None and (fields is None or TEXTS_OF.get(kind, _NONE) & set(fields)):
            plain |= texts_at(connection, seq)
        record = None if plain is None else from_plain(KINDS[kind], _chosen(plain, fields))
        if fields is not None and facts and facts[-1].record == record:
            continue
        facts.append(
            Fact(
                at=instant(at),
                learned_at=instant(learned),
                unchanged_until=None if unchanged_until is None else instant(unchanged_until),
                record=record,
            )
        )
    if name is not None and _of_this_time(facts):
        yield name, tuple(facts)


def inventory_at(connection: sqlite3.Connection, vcenter: int, at: datetime) -> Inventory | None:
    """The inventory as it stood at a time, as far as it was kept; None where nothing was kept before that.

    What PROMPT names was so at that time; other values are those of the object's last row, at most a day older.
    """
    rows = connection.execute(
        "SELECT kind, object, max(seq), at, learned FROM facts WHERE vcenter = ? AND at <= ? GROUP BY kind, object",
        (vcenter, micros(at)),
    ).fetchall()
    if not rows:
        return None
    parts: dict[str, Any] = {kind: {} for kind in KINDS}
    whole: dict[str, Any] = {}
    for kind, _, seq, _, _ in rows:
        plain = record_of(connection, seq)
        if plain is None:
            continue
        if kind == WHOLE:
            whole = plain
        else:
            record = from_plain(KINDS[kind], plain)
            parts[kind][record.moid] = record
    licences, fields = whole.get("licences"), whole.get("custom_fields")
    seen = instant(max(row[3] for row in rows))
    return Inventory(
        about=from_plain(About, whole.get("about", {})),
        root_folder=whole.get("root_folder", ""),
        confirmed_at=instant(max(row[4] for row in rows)),
        quick_read_at=seen,
        slow_read_at=seen,
        licences=None if licences is None else tuple(from_plain(Licence, one) for one in licences),
        custom_fields=None if fields is None else {int(key): name for key, name in fields.items()},
        **parts,
    )


def custom_fields_at(connection: sqlite3.Connection, vcenter: int, at: datetime) -> Mapping[int, str]:
    """The names of custom attributes by number, as they were kept last; empty where none were."""
    row = connection.execute(
        "SELECT max(seq) FROM facts WHERE vcenter = ? AND kind = ? AND at <= ?", (vcenter, WHOLE, micros(at))
    ).fetchone()
    text = content_of(connection, row[0]) if row[0] is not None else None
    named = json.loads(text).get("custom_fields") if text is not None else None
    return {int(key): name for key, name in (named or {}).items()}


def days_kept(connection: sqlite3.Connection, vcenter: int) -> tuple[datetime, datetime] | None:
    """The times of the oldest and the newest fact; None if there are none."""
    first, last = connection.execute("SELECT min(at), max(at) FROM facts WHERE vcenter = ?", (vcenter,)).fetchone()
    return None if first is None else (instant(first), instant(last))


def _chosen(plain: Mapping[str, Any], fields: Collection[str] | None) -> Mapping[str, Any]:
    """What is asked for, and what a record cannot be without."""
    if fields is None:
        return plain
    return {name: value for name, value in plain.items() if name in fields or name == "moid"}


def _of_this_time(facts: list[Fact]) -> bool:
    """Not of an object that had gone before."""
    return any(one.record is not None for one in facts)


def _text(connection: sqlite3.Connection, bases: dict[int, bytes], seq: int, base: int | None, content: bytes) -> bytes:
    if base is None:
        bases[seq] = inflated(content, None)
        return bases[seq]
    if base not in bases:
        bases[base] = content_of(connection, base) or b""
    return inflated(content, bases[base])
