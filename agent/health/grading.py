"""How bad a figure is, against its thresholds."""

from agent.model.health import State


def at_least(value: float, *, warning: float, critical: float) -> State | None:
    """Bad is high: critical or warning from that figure on; None below."""
    if value >= critical:
        return State.CRITICAL
    return State.WARNING if value >= warning else None


def at_most(value: float, *, warning: float, critical: float) -> State | None:
    """Bad is low: critical or warning from that figure down; None above."""
    if value <= critical:
        return State.CRITICAL
    return State.WARNING if value <= warning else None
