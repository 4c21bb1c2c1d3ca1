"""The one place where threads meet: a slot that holds the newest World and wakes those who wait for a newer one."""

import threading
from collections.abc import Callable
from dataclasses import replace

from agent.model.claims_status import ClaimsStatus
from agent.model.world import RemoteWriteStatus, Target, World


class WorldSlot:
    """Readers take one reference and never see a half-updated world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._revision = 0
        self._woken = 0
        self._changed = threading.Condition()

    def read(self) -> tuple[int, World]:
        """The newest world with its revision, which grows by one at each change."""
        with self._changed:
            return self._revision, self._world

    def update(self, name: str, change: Callable[[Target], Target]) -> None:
        """Replace one target by what `change` makes of it."""
        with self._changed:
            target = change(self._world.targets[name])
            self._world = replace(self._world, targets={**self._world.targets, name: target})
            self._revision += 1
            self._changed.notify_all()

    def update_claims(self, claims: ClaimsStatus) -> None:
        """Replace what is known of the contract."""
        with self._changed:
            self._world = replace(self._world, claims=claims)
            self._revision += 1
            self._changed.notify_all()

    def update_remote_write(self, status: RemoteWriteStatus) -> None:
        """Replace what is known of the sending of late samples."""
        with self._changed:
            self._world = replace(self._world, remote_write=status)
            self._revision += 1
            self._changed.notify_all()

    def wake(self) -> None:
        """End every wait, e.g. because the agent stops."""
        with self._changed:
            self._woken += 1
            self._changed.notify_all()

    def wait_for_newer(self, revision: int, seconds: float) -> bool:
        """Wait at most `seconds` for a world newer than `revision`, or for `wake`; True if there is a newer one."""
        with self._changed:
            woken = self._woken
            self._changed.wait_for(lambda: self._revision > revision or self._woken > woken, timeout=seconds)
            return self._revision > revision
