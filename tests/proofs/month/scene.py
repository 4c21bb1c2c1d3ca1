"""What every part of the story needs: the estate, the agenda, dice, and who is busy with something already."""

import random
from functools import partial

from agent.simulator.objects import Estate
from agent.simulator.schema import id_of
from tests.proofs.month.agenda import Action, Agenda
from tests.proofs.month.happenings import Happenings

DAY_S, HOUR_S, MINUTE_S = 86_400, 3600, 60


class Scene:
    """Nothing is done to a VM or host that something else is being done to."""

    def __init__(self, happenings: Happenings, agenda: Agenda, rng: random.Random) -> None:
        self.happenings, self.agenda, self.rng = happenings, agenda, rng
        self.engaged: set[str] = set()
        self.vcenter_is_there = True

    @property
    def estate(self) -> Estate:
        return self.happenings.estate

    def once_there(self, name: str, action: Action) -> None:
        """Do it and count it; nothing is done through a vCenter that is away. False means that nothing fitted."""
        if not self.vcenter_is_there:
            self.agenda.after(self.rng.uniform(5, 20) * MINUTE_S, partial(self.once_there, name, action))
            return
        with self.estate.lock:
            if action() is not False:
                self.happenings.truth.told[name] += 1

    def later(self, low_s: float, high_s: float, action: Action) -> None:
        self.agenda.after(self.rng.uniform(low_s, high_s), partial(self.when_possible, action))

    def when_possible(self, action: Action) -> None:
        if not self.vcenter_is_there:
            self.agenda.after(MINUTE_S, partial(self.when_possible, action))
            return
        with self.estate.lock:
            action()

    def pick(self) -> str | None:
        """A VM that runs, that nothing is happening to, on a host to which nothing is happening."""
        found = [
            vm
            for vm in self.happenings.ids
            if vm in self.estate
            and vm not in self.engaged
            and self.happenings.runs(vm)
            and id_of(self.estate.get(vm, "runtime.host")) not in self.engaged
        ]
        return self.rng.choice(found) if found else None

    def release(self, *moids: str) -> None:
        self.engaged.difference_update(moids)
