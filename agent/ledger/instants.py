"""Times as the database keeps them: whole microseconds since 1970, UTC. Exact, for floats are not."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """A time that knows its zone as the database keeps it."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(stored: int) -> datetime:
    """The time, UTC."""
    return _EPOCH + timedelta(microseconds=stored)
