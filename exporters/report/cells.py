"""Values as the annexes write them: exact, without a language."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from io import StringIO

from agent.model.verdict import Bounds


def table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV with a line of headings; None is empty, truth yes or no."""
    target = StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return target.getvalue().encode()


def _cell(value: object) -> object:
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else value


def exact(value: Fraction | None) -> str | None:
    """A whole number or a decimal where that is exact, else a fraction: nothing is lost."""
    if value is None:
        return None
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text


def pair(found: Bounds | None) -> tuple[str | None, str | None]:
    """Both bounds."""
    return (None, None) if found is None else (exact(found.lower), exact(found.upper))


def utc(at: datetime | None) -> str | None:
    """ISO 8601, in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
