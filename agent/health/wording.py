"""Figures as people say them."""

from datetime import timedelta

_GIB = 1024**3
_TIB = 1024**4


def size(count: float) -> str:
    """Bytes in the unit that fits: `61.0 GiB`."""
    return f"{count / _TIB:.1f} TiB" if abs(count) >= _TIB else f"{count / _GIB:.1f} GiB"


def length(span: timedelta) -> str:
    """A span of time in its largest unit: `9 days`, `5 hours`, `12 minutes`."""
    seconds = abs(span.total_seconds())
    for word, unit in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        count = int(seconds // unit)
        if count:
            return f"{count} {word}{'s' if count > 1 else ''}"
    return "less than a minute"
