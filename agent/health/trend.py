"""Where a figure is going, by the straight line through what it was."""

from collections.abc import Sequence
from datetime import datetime


def slope_per_day(points: Sequence[tuple[datetime, float]]) -> float | None:
    """How much it grows (or, below zero, shrinks) a day; None if all points are of one time."""
    if len(points) < 2:
        return None
    start = points[0][0]
    days = [(at - start).total_seconds() / 86_400 for at, _ in points]
    values = [value for _, value in points]
    mean_day, mean_value = sum(days) / len(days), sum(values) / len(values)
    spread = sum((day - mean_day) ** 2 for day in days)
    if spread == 0:
        return None
    return sum((day - mean_day) * (value - mean_value) for day, value in zip(days, values, strict=True)) / spread
