"""A past event that is still to be posted: histories are sorted by time first, as vCenter numbers events in that order."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from agent.dataclass import dataclass
from agent.simulator.estate.events import post, post_ex, post_task
from agent.simulator.objects import Estate


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened at `when` (UTC): `post` is called with the keyword `when`."""

    when: datetime
    post: Callable[..., object]


def event(when: datetime, estate: Estate, type_: Any, about: str | None, message: str, **more: Any) -> Happening:
    """An event of an own class."""
    return Happening(when, partial(post, estate, type_, about, message, **more))


def event_ex(
    when: datetime, estate: Estate, type_id: str, about: str, message: str, *, severity: str = "warning"
) -> Happening:
    """An EventEx."""
    return Happening(when, partial(post_ex, estate, type_id, about, message, severity=severity))


def task(when: datetime, estate: Estate, about: str, description_id: str, label: str, *, user: str) -> Happening:
    """A task that somebody started."""
    return Happening(when, partial(post_task, estate, about, description_id, label, user=user))
