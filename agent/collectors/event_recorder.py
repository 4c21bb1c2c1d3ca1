"""Events for a recording: the past first, then what is new. The listener on the session writes them down."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from agent.recording.lines import Options
from agent.vcenter.events import EventReader, Keys
from agent.vcenter.performance import PerformanceReader
from agent.vcenter.session import Session

_OVERLAP = timedelta(minutes=2)
"""vCenter writes an event some moments after what it tells of."""
_KEYS_KEPT = 20
"""More rounds than the overlap is long."""
_MOST_METRICS = "config.vpxd.stats.maxQueryMetrics"


class EventRecorder:
    """Remembers up to when events were read. Owned by one thread."""

    def __init__(self, back: timedelta, write: Callable[[Options], None]) -> None:
        """`back` is how far into the past the first reading goes."""
        self._back, self._write = back, write
        self._until: datetime | None = None
        self._newest_key: int | None = None
        self._keys: deque[tuple[datetime, int]] = deque(maxlen=_KEYS_KEPT)

    def read(self, session: Session, now: datetime) -> None:
        """Read what is new at `now` on vCenter's clock. Raises a VCenterError."""
        reader = EventReader(session)
        if self._until is None:
            self._options(reader, session)
        begin = now - self._back if self._until is None else self._until - _OVERLAP
        newest = reader.newest_key()
        if newest is None or newest != self._newest_key:
            before = max((key for at, key in self._keys if at <= begin), default=None)
            reader.read(begin, now + timedelta(seconds=1), Keys(after=before, newest=newest))
            self._newest_key = newest
        if newest is not None:
            self._keys.append((now, newest))
        self._until = now

    def _options(self, reader: EventReader, session: Session) -> None:
        retention = reader.retention()
        most = PerformanceReader(session).most_metrics()
        options: dict[str, str | int | bool] = {_MOST_METRICS: -1 if most is None else most}
        if retention.told:
            options["event.maxAgeEnabled"] = retention.days is not None
            options["event.maxAge"] = retention.days or 30
        self._write(Options(options=options))
