"""The agent itself: `checkmeter_*`. These stay on the page when vCenter's own values have left it."""

import platform
from collections.abc import Iterable
from typing import NamedTuple

from agent.model.world import World
from exporters.prometheus.family import AGENT, Family, Kind
from exporters.prometheus.section import Section, Subject


class AgentView(NamedTuple):
    """The agent, and how many samples its page has (this section's own among them)."""

    world: World
    series: int


FAMILIES: tuple[Family[AgentView], ...] = (
    Family(
        name="checkmeter_build_info",
        help="Version of the agent and of the Python it runs on.",
        source=AGENT,
        kind=Kind.INFO,
        labels=("version", "python"),
        samples=lambda view: (((view.world.version, platform.python_version()), 1),),
    ),
    Family(
        name="checkmeter_start_time_seconds",
        help="When the agent started.",
        source=AGENT,
        samples=lambda view: (((), view.world.started_at.timestamp()),),
    ),
    Family(
        name="checkmeter_series",
        help="Samples on this page.",
        source=AGENT,
        samples=lambda view: (((), view.series),),
    ),
)


def _subjects(view: AgentView) -> Iterable[Subject[AgentView]]:
    yield Subject("", (), view)


SECTION = Section(title="The agent", labels=(), families=FAMILIES, subjects=_subjects)
