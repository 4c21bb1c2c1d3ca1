"""What has come into the ledger since it was looked at last: whom it is about, so that only they are judged anew."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from agent.dataclass import dataclass
from agent.ledger.instants import instant
from agent.ledger.recorded import NO_PROOF
from agent.ledger.store import COVERED


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Of one vCenter. `seq` is the newest row that was looked at."""

    seq: int
    vms: Mapping[str, datetime]
    """moids of VMs of which something new is known, and when the newest of it happened"""
    platform: datetime | None
    """the same of hosts, datastores or vCenter itself, on which every VM's ledger rests; None: nothing new"""
    spans: tuple[tuple[str, int], ...]
    """the newest span that ended, and of those that grow kind and beginning: while these are the same, what could be
    seen before is the same, and seeing only went on"""
    read_at: datetime | None
    """when events were read last, on the agent's clock"""


_ROWS = f"""
    SELECT vm, max(created) FROM events WHERE seq > ?1 AND vcenter = ?2 AND (vm IS NOT NULL OR (
        (host IS NOT NULL OR datastore IS NOT NULL OR kind = 'ServerStartedSessionEvent') AND (
            kind NOT IN ({", ".join(f"'{kind}'" for kind in NO_PROOF)}) OR created < (SELECT max(created)
                FROM events WHERE vcenter = ?2 AND kind = 'ServerStartedSessionEvent')))) GROUP BY vm
    UNION ALL
    SELECT iif(kind = 'vm', moid, NULL), max(at) FROM observations WHERE seq > ?1 AND vcenter = ?2 GROUP BY kind, moid
    UNION ALL
    SELECT moid, max(at) FROM samples WHERE seq > ?1 AND vcenter = ?2 GROUP BY moid
"""  # noqa: S608 - the kinds are constants of our own
"""An alarm of a host that turns yellow proves nothing of any state, and would have every VM judged anew; before a start
of vCenter it proves that vCenter was there."""


def news(connection: sqlite3.Connection, vcenter: int, since: int) -> News:
    """What rows after `since` are about; 0 for all there are. The connection is in a reading transaction."""
    (head,) = connection.execute("SELECT seq FROM chain_head").fetchone()
    latest: dict[str | None, int] = {}
    for vm, at in connection.execute(_ROWS, (since, vcenter)):
        latest[vm] = max(at, latest.get(vm, at))
    (newest,) = connection.execute("SELECT max(seq) FROM spans WHERE vcenter = ?", (vcenter,)).fetchone()
    growing = connection.execute(
        "SELECT kind, start, learned FROM growing_spans WHERE vcenter = ? ORDER BY kind", (vcenter,)
    ).fetchall()
    platform = latest.pop(None, None)
    return News(
        seq=head,
        vms={vm: instant(at) for vm, at in latest.items() if vm is not None},
        platform=None if platform is None else instant(platform),
        spans=(("ended", newest or 0), *((kind, start) for kind, start, _ in growing)),
        read_at=next((instant(learned) for kind, _, learned in growing if kind == COVERED), None),
    )
