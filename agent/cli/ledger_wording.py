"""Times, lengths and evidence as the ledger's commands print them."""

from datetime import UTC, datetime, tzinfo
from typing import Any

from agent.model.availability import Contradiction, Evidence, Interval, Outage
from agent.model.availability_words import evidence_words

_PER_DAY, _PER_HOUR, _PER_MINUTE = 86_400, 3600, 60


def utc(at: datetime) -> str:
    """`2026-10-03T12:02:11Z`, with a fraction only where there is one."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def both_clocks(at: datetime, zone: tzinfo) -> str:
    """Local time with its offset, and UTC, to the second: `2026-10-03 14:02:11+02:00 (12:02:11Z)`."""
    local, universal = at.astimezone(zone), at.astimezone(UTC)
    if local.utcoffset() == universal.utcoffset():
        return f"{universal:%Y-%m-%d %H:%M:%S}Z"
    day = "" if local.date() == universal.date() else f"{universal:%Y-%m-%d }"
    return f"{local.isoformat(sep=' ', timespec='seconds')} ({day}{universal:%H:%M:%S}Z)"


def length(seconds: float) -> str:
    """To the second, whole seconds only: `52 s`, `4:12`, `1:02:03`, `3 d 01:02:03`."""
    whole = int(seconds)
    days, rest = divmod(whole, _PER_DAY)
    hours, rest = divmod(rest, _PER_HOUR)
    minutes, left = divmod(rest, _PER_MINUTE)
    if days:
        return f"{days} d {hours:02}:{minutes:02}:{left:02}"
    if hours:
        return f"{hours}:{minutes:02}:{left:02}"
    return f"{minutes}:{left:02}" if minutes else f"{left} s"


def outage_length(one: Outage) -> str:
    """What is certain, and what is possible where that is more."""
    if one.seconds == 0 and one.seconds_at_most == 0:
        return "not measured"
    words = length(one.seconds)
    if one.ongoing:
        words += ", lasting"
    return f"{words}, at most {length(one.seconds_at_most)}" if one.seconds_at_most > one.seconds else words


def evidence_line(piece: Evidence, zone: tzinfo) -> str:
    """One piece of evidence with when it was so; when the agent came to know is in the JSON."""
    ledger = "" if piece.ledger is None else f"  [ledger {piece.ledger}]"
    return f"{evidence_words(piece)} at {both_clocks(piece.at, zone)}{ledger}"


def contradiction_line(one: Contradiction, zone: tzinfo) -> str:
    """What disagrees with what."""
    told = ", ".join(evidence_words(piece) for piece in one.evidence)
    if one.ledgers is not None:
        sides = [
            f"{state} in ledger {ledger} ({', '.join(evidence_words(piece) for piece in one.evidence if piece.ledger == ledger)})"
            for state, ledger in zip((one.before, one.after), one.ledgers, strict=True)
        ]
        return f"{both_clocks(one.start, zone)} for {length((one.end - one.start).total_seconds())}: {', '.join(sides)}"
    return f"{both_clocks(one.start, zone)}: {one.before} before, {one.after} after, and no event between: {told}"


def outage_json(one: Outage, **more: Any) -> dict[str, Any]:
    """An outage with all its evidence; `more` comes first."""
    return {
        **more,
        "start": utc(one.start),
        "end": utc(one.end),
        "earliest_start": utc(one.earliest_start),
        "seconds": one.seconds,
        "seconds_at_most": one.seconds_at_most,
        "ongoing": one.ongoing,
        **_why(one),
    }


def interval_json(one: Interval) -> dict[str, Any]:
    """An interval with all its evidence."""
    return {"start": utc(one.start), "end": utc(one.end), "seconds": one.seconds, **_why(one)}


def _why(one: Outage | Interval) -> dict[str, Any]:
    return {
        "state": one.state.value,
        "cause": one.cause.value if one.cause else None,
        "who": one.who,
        "learned_at": utc(one.learned_at) if one.learned_at else None,
        "evidence": [_evidence_json(piece) for piece in one.evidence],
    }


def _evidence_json(piece: Evidence) -> dict[str, Any]:
    return {
        "kind": piece.kind.value,
        "name": piece.name,
        "at": utc(piece.at),
        "learned_at": utc(piece.learned_at),
        "event_key": piece.event_key,
        "value": piece.value,
        "about": piece.about,
        **({} if piece.ledger is None else {"ledger": piece.ledger}),
    }
