"""Charts as inline SVG: plain shapes with a title each, readable in black and white. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from agent.dataclass import dataclass

_WIDTH, _ROW = 720, 26
_LEFT, _RIGHT = 150, 130
_MIDDLE = _LEFT + (_WIDTH - _LEFT - _RIGHT) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisker:
    """One figure with its bounds, its target, and what the vendor says."""

    label: str
    lower: float
    upper: float
    target: float
    reported: float | None
    verdict: str
    told: str
    """the figures in words"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A month of a group: days down, hours across. Each hour has the share of it in which something was wrong."""

    label: str
    down: Sequence[tuple[datetime, datetime]]
    unknown: Sequence[tuple[datetime, datetime]]


def whiskers(rows: Sequence[Whisker]) -> Markup:
    """Availability per claim: a bar from the lower to the upper bound, the target as a line, the vendor as a diamond."""
    if not rows:
        return Markup("")
    inner = _WIDTH - _LEFT - _RIGHT

    def x(value: float, target: float) -> float:
        """Each row has its own scale: the target in the middle, 100 % at the right."""
        span = 2 * max(100.0 - target, 0.001)
        return round(_LEFT + inner * min(max((value - 100.0 + span) / span, 0.0), 1.0), 1)

    parts = []
    for number, row in enumerate(rows):
        y = number * _ROW + 18
        title = f"<title>{escape(row.label)}: {escape(row.told)}</title>"
        left, right = x(row.lower, row.target), x(row.upper, row.target)
        parts.append(
            f'<g class="{row.verdict}">{title}'
            f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{escape(row.label)}</text>'
            f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>'
            f'<rect class="range" x="{left}" y="{y - 5}" width="{max(right - left, 4)}" height="10" rx="2"/>'
            f'<line class="target" x1="{_MIDDLE}" x2="{_MIDDLE}" y1="{y - 10}" y2="{y + 10}"/>'
        )
        if row.reported is not None:
            at = x(row.reported, row.target)
            parts.append(f'<path class="reported" d="M{at} {y - 7} l6 7 l-6 7 l-6 -7 z"/>')
        parts.append(f'<text x="{_WIDTH - _RIGHT + 8}" y="{y + 4}">{escape(row.told)}</text></g>')
    height = len(rows) * _ROW + 14
    return Markup(f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}" role="img">{"".join(parts)}</svg>')  # noqa: S704 - made of numbers and escaped texts


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthBar:
    """One month of one claim."""

    label: str
    lower: float
    upper: float
    verdict: str
    told: str


def trend(bars: Sequence[MonthBar], target: float) -> Markup:
    """A column a month from the lower to the upper bound; the line in the middle is the target, at the top is 100 %."""
    width, height, step, left = 40 + len(bars) * 46, 86, 46, 20
    span = 2 * max(100.0 - target, 0.001)

    def y(value: float) -> float:
        return round(8 + 60 * (1 - min(max((value - 100.0 + span) / span, 0.0), 1.0)), 1)

    parts = [f'<line class="target" x1="{left - 8}" x2="{width - 8}" y1="38" y2="38"/>']
    for number, bar in enumerate(bars):
        x = left + number * step
        top, bottom = y(bar.upper), y(bar.lower)
        parts.append(
            f'<g class="{bar.verdict}"><title>{escape(bar.label)}: {escape(bar.told)}</title>'
            f'<rect class="range" x="{x + 6}" y="{top}" width="22" height="{max(bottom - top, 3)}"/>'
            f'<text class="small" x="{x + 17}" y="80" text-anchor="middle">{escape(bar.label)}</text></g>'
        )
    return Markup(  # noqa: S704 - made of numbers and escaped texts
        f'<svg class="trend" viewBox="0 0 {width} {height}" width="{width}" role="img">{"".join(parts)}</svg>'
    )


def strip(row: Strip, start: datetime, end: datetime, zone: ZoneInfo) -> Markup:
    """A calendar: a column a day, a row an hour; dark where a server was down, hatched where nothing could tell."""
    days = (end.astimezone(zone).date() - start.astimezone(zone).date()).days
    cell_w, cell_h, left, top = 18, 6, 26, 14
    parts = [
        f'<text class="small" x="{left - 4}" y="{top + hour * cell_h + 6}" text-anchor="end">{hour:02}</text>'
        for hour in (0, 6, 12, 18)
    ]
    parts += [
        f'<text class="small" x="{left + day * cell_w + cell_w / 2}" y="{top - 4}" text-anchor="middle">{day + 1}</text>'
        for day in range(days)
    ]
    parts.append(f'<rect class="paper" x="{left}" y="{top}" width="{days * cell_w}" height="{24 * cell_h}"/>')
    first = start.astimezone(zone).date()
    seen: set[tuple[str, int, int]] = set()
    for kind, spans in (("unknown", row.unknown), ("down", row.down)):
        for begun, ended in spans:
            hour = max(begun, start).replace(minute=0, second=0, microsecond=0)
            while hour < min(ended, end):
                local = hour.astimezone(zone)
                place = (kind, (local.date() - first).days, local.hour)
                if place not in seen and 0 <= place[1] < days:
                    seen.add(place)
                    at = f"{local:%d.%m. %H}:00"
                    parts.append(
                        f'<rect class="{kind}" x="{left + place[1] * cell_w + 1}" y="{top + place[2] * cell_h}" '
                        f'width="{cell_w - 2}" height="{cell_h - 1}"><title>{at}</title></rect>'
                    )
                hour += timedelta(hours=1)
    width, height = left + days * cell_w + 4, top + 24 * cell_h + 4
    return Markup(  # noqa: S704 - made of numbers and escaped texts
        f'<svg class="strip" viewBox="0 0 {width} {height}" role="img">'
        f"<title>{escape(row.label)}</title>{''.join(parts)}</svg>"
    )
