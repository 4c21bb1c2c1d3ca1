"""The free space of datastores over the last weeks, followed in the ledger row by row."""

from datetime import datetime, timedelta

from agent.ledger.database import Connection
from agent.ledger.free_space import free_space_after

_BACK = timedelta(days=31)


class SpaceTrend:
    """Of one vCenter; each hour is read once. Owned by one thread."""

    def __init__(self) -> None:
        self._seq = 0
        self._hours: dict[str, list[tuple[datetime, int]]] = {}

    def until(self, connection: Connection, vcenter: int, now: datetime) -> dict[str, list[tuple[datetime, int]]]:
        """By datastore, oldest first."""
        oldest = now - _BACK
        self._seq, news = free_space_after(connection, vcenter, self._seq, oldest)
        for moid, at, free in news:
            self._hours.setdefault(moid, []).append((at, free))
        if news:
            self._hours = {
                moid: sorted(one for one in hours if one[0] >= oldest) for moid, hours in self._hours.items()
            }
        return self._hours
