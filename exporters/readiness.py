"""Whether the agent has something to say about every target yet."""

from agent.model.world import Target, World

_READERS = ("inventory", "quick", "slow")
"""The collectors that fill the page; counters come a minute later."""


def not_ready(world: World) -> tuple[str, ...]:
    """One line for each target that was not tried yet; empty once all were.

    A target that failed is ready: its problem is known, and a dead vCenter must not take the agent out of service.
    """
    return tuple(f"{target.name}: not read yet" for target in world.targets.values() if not was_tried(target))


def was_tried(target: Target) -> bool:
    """Whether everything was read once, or a problem says why not."""
    if target.problem is not None:
        return True
    return target.inventory is not None and all(
        status.last_success for name, status in target.collectors.items() if name in _READERS
    )
