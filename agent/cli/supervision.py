"""Whether the agent as a whole makes progress, and how it stands, in one line."""

from dataclasses import dataclass, field

from agent.clock import Clock
from agent.model.world import Target, World
from exporters.readiness import was_tried

STUCK_AFTER_S = 900.0
"""A collector tries at least this often, whatever is wrong with its vCenter."""


@dataclass(slots=True, kw_only=True)
class Progress:
    """Watches the targets change."""

    clock: Clock
    _changed: dict[str, tuple[Target, float]] = field(default_factory=dict)

    def stuck(self, world: World) -> tuple[str, ...]:
        """The targets of which nothing was heard, not even a failure, for `STUCK_AFTER_S`.

        A refused login waits for a new password, as long as it takes: that is not being stuck.
        """
        now = self.clock.monotonic()
        for name, target in world.targets.items():
            last = self._changed.get(name)
            if last is None or last[0] is not target or target.login_blocked:
                self._changed[name] = (target, now)
        return tuple(name for name, (_, since) in self._changed.items() if now - since > STUCK_AFTER_S)


def status_line(world: World) -> str:
    """`2 of 3 vCenters answer; dc3: no answer from …`."""
    targets = world.targets.values()
    up = sum(target.up for target in targets)
    untried = sum(not was_tried(target) for target in targets)
    problems = [target.problem.problem for target in targets if target.problem is not None]
    waiting = [f"{untried} not tried yet"] if untried else []
    return "; ".join([f"{up} of {len(targets)} vCenters answer", *waiting, *problems])
