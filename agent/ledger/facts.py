"""Writing down what objects are like: each whole record once a day where it differs, and when what matters changes.

Rows are JSON, deflated. Most differ little from an earlier one of the same object, its base, which then serves as preset
dictionary; that makes them some ten times smaller. What people wrote of an object, and its addresses, stand in rows of their
own, written where they differ, so that a purge can take them out.
"""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from agent.dataclass import dataclass
from agent.ledger.chain import Appender
from agent.ledger.database import Database
from agent.ledger.instants import instant, micros
from agent.ledger.private_parts import deflated_texts, inflated_texts, parts_of_record
from agent.ledger.store import WATCHED
from agent.model.facts import KINDS, PROMPT, KeptRecord
from agent.model.identity import vm_ids
from agent.model.inventory import Inventory
from agent.model.record_json import from_plain, to_plain

WHOLE = "inventory"
"""The kind of the row for what belongs to no object: product, licences, names of custom attributes."""
_ROWS_A_TRANSACTION = 250


@dataclass(slots=True)
class _Kept:
    """The newest row of an object."""

    seq: int
    base: int
    digest: bytes
    day: date
    prompt: tuple[Any, ...] | None
    """what PROMPT names of its record; None while it is gone, or where nothing is prompt"""
    texts: bytes
    """the digest of what was personal of it last"""
    gone: bool = False


class FactWriter:
    """Of one vCenter and one thread. Every method raises LedgerUnavailable, and then nothing was written."""

    def __init__(self, database: Database, vcenter: int) -> None:
        self._database, self._vcenter = database, vcenter
        self._kept: dict[tuple[str, str], _Kept] | None = None
        self._held_until: int | None = None
        """when all that is kept was last seen to hold"""

    def keep(self, inventory: Inventory, at: datetime, learned_at: datetime) -> int:
        """Write what is due of everything that is there and of what has gone; how many rows that were.

        Args:
            inventory: As vCenter shows it now, read whole.
            at: vCenter's clock.
            learned_at: The agent's clock.
        """
        kept = self._kept
        if kept is None:
            with self._database.reading() as connection:
                kept = _newest(connection, self._vcenter)
                self._held_until = _watched_until(connection, self._vcenter)
            self._kept = kept
        due = _due(kept, inventory, at.date())
        count = 0
        try:
            while some := list(islice(due, _ROWS_A_TRANSACTION)):
                self._write(kept, some, at, learned_at)
                count += len(some)
        except BaseException:
            self._kept = None  # what was rolled back is not kept
            raise
        self._held_until = micros(at)
        return count

    def _write(
        self,
        kept: dict[tuple[str, str], _Kept],
        some: Sequence[tuple[str, str, KeptRecord | Mapping[str, Any] | None]],
        at: datetime,
        learned_at: datetime,
    ) -> None:
        with self._database.transaction() as connection:
            chain = Appender(connection)
            for kind, name, record in some:
                before = kept.get((kind, name))
                until = None if before is None else max(self._held_until or 0, _at_of(connection, before.seq))
                when = (micros(at), micros(learned_at))
                plain = {} if record is None else _plain(record)
                stays, personal = parts_of_record(kind, plain)
                texts = _digest(text_of(personal))
                known = _NO_TEXTS if before is None else None if before.gone else before.texts
                if record is not None and texts != known:  # of what had gone they may have been purged since
                    chain.add("fact_texts", self._vcenter, kind, name, *when, private=deflated_texts(personal))
                base, content = (None, None) if record is None else _deflated(connection, before, text_of(stays))
                times = (*when, None if until is None else min(until, micros(at)))
                seq = chain.add("facts", self._vcenter, kind, name, *times, base, content)
                kept[kind, name] = _Kept(
                    seq=seq,
                    base=base or (seq if content is not None else before.base if before else seq),
                    digest=_digest(None if record is None else text_of(plain)),
                    day=at.date(),
                    prompt=_prompt(kind, record),
                    texts=before.texts if record is None and before is not None else texts,
                    gone=record is None,
                )
            chain.seal()


def text_of(record: KeptRecord | Mapping[str, Any]) -> bytes:
    """A record as it is kept."""
    return json.dumps(_plain(record), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode(
        "utf-8", "surrogatepass"
    )


def inflated(content: bytes, base: bytes | None) -> bytes:
    """The text that a row holds; `base` is the text of the row that it is based on."""
    opener = zlib.decompressobj(zdict=base) if base is not None else zlib.decompressobj()
    return opener.decompress(content) + opener.flush()


def deflated(text: bytes, base: bytes | None) -> bytes:
    """What `inflated` undoes."""
    if base is None:
        return zlib.compress(text, 9)
    packer = zlib.compressobj(9, zdict=base)
    return packer.compress(text) + packer.flush()


def record_of(connection: sqlite3.Connection, seq: int) -> dict[str, Any] | None:
    """What one row says of its object, with what is personal unless that was purged; None if the object had gone."""
    text = content_of(connection, seq)
    return None if text is None else {**json.loads(text), **texts_at(connection, seq)}


def texts_at(connection: sqlite3.Connection, seq: int) -> dict[str, Any]:
    """What was personal of the object of a row when the row was written."""
    row = connection.execute(
        "SELECT t.private FROM facts f JOIN fact_texts t USING (vcenter, kind, object) "
        "WHERE f.seq = ? AND t.seq < f.seq ORDER BY t.seq DESC LIMIT 1",
        (seq,),
    ).fetchone()
    return inflated_texts(row[0]) if row is not None and row[0] is not None else {}


def content_of(connection: sqlite3.Connection, seq: int) -> bytes | None:
    """The text of one row, without what is personal; None if the object had gone."""
    base, content = connection.execute("SELECT base, content FROM facts WHERE seq = ?", (seq,)).fetchone()
    if content is None:
        return None
    return inflated(content, content_of(connection, base) if base is not None else None)


def _due(
    kept: Mapping[tuple[str, str], _Kept], inventory: Inventory, today: date
) -> Iterator[tuple[str, str, KeptRecord | Mapping[str, Any] | None]]:
    """Kind, object and record of all that is to be written now; None for what has gone."""
    there = set()
    for kind, name, record in _objects(inventory):
        there.add((kind, name))
        before = kept.get((kind, name))
        if before is not None and not before.gone and before.prompt == _prompt(kind, record):
            if before.day == today:
                continue
            if before.digest == _digest(text_of(record)):
                continue
        yield kind, name, record
    for (kind, name), before in list(kept.items()):
        if (kind, name) not in there and not before.gone:
            yield kind, name, None


def _objects(inventory: Inventory) -> Iterator[tuple[str, str, KeptRecord | Mapping[str, Any]]]:
    ids = vm_ids(inventory.vms)
    for kind in KINDS:
        objects: Mapping[str, KeptRecord] = getattr(inventory, kind)
        for moid, record in objects.items():
            yield kind, ids[moid] if kind == "vms" else moid, record
    yield (
        WHOLE,
        "",
        {
            "about": to_plain(inventory.about),
            "root_folder": inventory.root_folder,
            "licences": None if inventory.licences is None else [to_plain(one) for one in inventory.licences],
            "custom_fields": None
            if inventory.custom_fields is None
            else {str(key): name for key, name in inventory.custom_fields.items()},
        },
    )


def _prompt(kind: str, record: KeptRecord | Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    return None if record is None else tuple(getattr(record, name) for name in PROMPT.get(kind, ()))


def _digest(text: bytes | None) -> bytes:
    return hashlib.sha256(text or b"").digest()


def _deflated(connection: sqlite3.Connection, before: _Kept | None, text: bytes) -> tuple[int | None, bytes]:
    """The base, if it helps, and the content."""
    whole = deflated(text, None)
    base = None if before is None else content_of(connection, before.base)
    if before is not None and base is not None:
        difference = deflated(text, base)
        if 2 * len(difference) < len(whole):
            return before.base, difference
    return None, whole


_NO_TEXTS = _digest(b"{}")


def _newest(connection: sqlite3.Connection, vcenter: int) -> dict[tuple[str, str], _Kept]:
    rows = connection.execute(
        "SELECT kind, object, max(seq), at, base, content IS NULL FROM facts WHERE vcenter = ? GROUP BY kind, object",
        (vcenter,),
    ).fetchall()
    found = {}
    for kind, name, seq, at, base, gone in rows:
        plain = record_of(connection, seq)
        record = None if plain is None or kind not in KINDS else from_plain(KINDS[kind], plain)
        found[kind, name] = _Kept(
            seq=seq,
            base=base or seq,
            digest=_digest(None if plain is None else text_of(plain)),
            day=instant(at).date(),
            prompt=() if kind == WHOLE else _prompt(kind, record),
            texts=_digest(text_of(texts_at(connection, seq))),
            gone=bool(gone),
        )
    return found


def _plain(record: KeptRecord | Mapping[str, Any]) -> Mapping[str, Any]:
    return record if isinstance(record, Mapping) else to_plain(record)


def _at_of(connection: sqlite3.Connection, seq: int) -> int:
    return int(connection.execute("SELECT at FROM facts WHERE seq = ?", (seq,)).fetchone()[0])


def _watched_until(connection: sqlite3.Connection, vcenter: int) -> int | None:
    """Up to when updates were followed before this process began: until then nothing changed unseen."""
    ends: Iterable[tuple[int | None]] = connection.execute(
        "SELECT max(end) FROM spans WHERE vcenter = ?1 AND kind = ?2 "
        "UNION ALL SELECT max(end) FROM growing_spans WHERE vcenter = ?1 AND kind = ?2",
        (vcenter, WATCHED),
    )
    return max((end for (end,) in ends if end is not None), default=None)
