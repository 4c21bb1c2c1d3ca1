"""What happens to vCenter itself: it cannot be reached, is restarted, ends sessions, and somebody sets its clock."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import uuid4

from pyVmomi import vim

from agent.simulator.estate.events import post
from agent.simulator.sessions import Session
from agent.simulator.vcenter import SimulatedVCenter
from tests.proofs.month.happenings import SYNCHRONIZED
from tests.proofs.month.scene import Scene
from tests.proofs.month.truth import EVERYBODY

IDLE_SESSION_S = 1800
"""How long vCenter keeps a session of a client that has gone."""
AWAY = "vCenter away"
_AROUND_JUMP = timedelta(minutes=2)


class VCenterStory:
    """Of one vCenter, in a scene. `look_s` is how rarely the agent asks for vCenter's clock, `blink_s` how rarely for anything."""

    def __init__(self, vcenter: SimulatedVCenter, scene: Scene, *, look_s: float, blink_s: float) -> None:
        self._vcenter, self._scene = vcenter, scene
        self._idle: list[Session] = []
        self._look, self._blink = timedelta(seconds=look_s), timedelta(seconds=blink_s)

    def leave(self, *, restarts: bool) -> bool:
        """The network is gone, or vCenter is down; it is back after some minutes."""
        scene, truth = self._scene, self._scene.happenings.truth
        if scene.estate.skew and restarts and scene.rng.random() < 0.5:
            return False
        told = scene.estate.events
        last = told[-1].createdTime if told else scene.happenings.now
        away = truth.excuse(EVERYBODY, min(scene.happenings.now - self._blink, last), None, AWAY)
        scene.vcenter_is_there = False
        self._vcenter._close()
        if restarts:
            self._vcenter.sessions.end_all()
            self._vcenter._shared.boot = uuid4().hex[:8]
        else:  # nobody could log out of them
            self.forget_later(list(self._vcenter.sessions))

        def back() -> None:
            scene.vcenter_is_there = True
            if restarts:
                post(scene.estate, vim.event.ServerStartedSessionEvent, None, "vCenter started")
            self._vcenter.start()
            # the agent tries again after a while
            away.end = scene.happenings.now + self._look + SYNCHRONIZED

        scene.agenda.after(scene.rng.uniform(120, 2400), back)
        return True

    def seen_again(self, since: datetime) -> None:
        """The agent is back. What vCenter did after an absence that it did not witness proves nothing of what stood still."""
        for one in self._scene.happenings.truth.excuses[EVERYBODY]:
            if one.why == AWAY and one.end is not None and one.end > since:
                one.end = max(one.end, self._scene.happenings.now + self._look + SYNCHRONIZED)

    def kill_sessions(self) -> bool:
        """Somebody ends the agent's sessions by hand."""
        self._vcenter.faults.kill_sessions()
        return True

    def forget_later(self, sessions: Collection[Session]) -> None:
        """Sessions of a client that was killed or cut off are idle, and end when vCenter notices."""

        self._idle += sessions
        self._scene.agenda.after(IDLE_SESSION_S, self.forget)

    def forget(self) -> None:
        """End them."""
        for one in self._idle:
            self._vcenter.sessions.logout(one)
        self._idle.clear()

    def set_clock(self) -> bool:
        """By seconds, as when time synchronisation begins; what it skips or tells twice proves nothing."""
        scene, truth = self._scene, self._scene.happenings.truth
        step = timedelta(seconds=scene.rng.choice((-11, -7, 2, 8, 15)))
        before = scene.happenings.now
        scene.estate.skew += step
        after = scene.happenings.now
        truth.jumps.append((min(before, after), max(before, after)))
        truth.excuse(
            EVERYBODY, min(before, after) - _AROUND_JUMP, max(before, after) + self._look + _AROUND_JUMP, "clock set"
        )
        return True
