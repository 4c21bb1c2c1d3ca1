"""A month of a municipality's servers, drawn from a seed: what happens to VMs, guests, hosts, datastores and vCenter."""

import random
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from agent.simulator.scenario_load import Load, record_backups, refresh_timestamps
from tests.proofs.month import host_story, vm_story
from tests.proofs.month.agenda import Action
from tests.proofs.month.scene import DAY_S, HOUR_S, MINUTE_S, Scene
from tests.proofs.month.vcenter_story import VCenterStory

ZONE = ZoneInfo("Europe/Copenhagen")
LOAD_S = 1200
A_MONTH = {
    "power-off by a user": 60,
    "shutdown of a guest": 40,
    "suspend": 10,
    "reset": 15,
    "reboot of a guest": 30,
    "crash of a guest": 10,
    "hang of a guest": 15,
    "migration": 300,
    "host failure": 8,
    "host taken off vCenter": 4,
    "host in maintenance": 6,
    "datastore inaccessible": 3,
    "vCenter unreachable": 6,
    "vCenter restart": 5,
    "sessions killed": 10,
    "VM created": 5,
    "VM removed": 4,
    "VM renamed": 5,
    "VM registered anew": 2,
    "clock of vCenter set": 3,
}
"""How often in 30 days."""
_CALM_AT_THE_END_S = 8 * HOUR_S
"""In which all that was begun ends."""
NIGHT_OF_CLOCKS = datetime.fromisoformat("2026-10-25T00:40Z")
"""Twenty minutes before clocks in Copenhagen go from 03:00 to 02:00."""


def plan(scene: Scene, vcenter: VCenterStory, seconds: float) -> None:
    """All that will happen in `seconds` from now."""
    happenings, rng, times = scene.happenings, scene.rng, seconds / (30 * DAY_S)
    happens: dict[str, Action] = {
        "power-off by a user": lambda: vm_story.down(scene, happenings.power_off),
        "shutdown of a guest": lambda: vm_story.down(scene, happenings.shut_down),
        "suspend": lambda: vm_story.down(scene, happenings.suspend),
        "reset": lambda: vm_story.silent(scene, happenings.reset, 30, 400),
        "reboot of a guest": lambda: vm_story.silent(scene, happenings.reboot, 30, 300),
        "crash of a guest": lambda: vm_story.silent(scene, happenings.crash, 300, 1800),
        "hang of a guest": lambda: vm_story.hang(scene),
        "migration": lambda: vm_story.migrate(scene),
        "host failure": lambda: host_story.fail_host(scene),
        "host taken off vCenter": lambda: host_story.disconnect_host(scene),
        "host in maintenance": lambda: host_story.maintain_host(scene),
        "datastore inaccessible": lambda: host_story.lose_datastore(scene),
        "vCenter unreachable": lambda: vcenter.leave(restarts=False),
        "vCenter restart": lambda: vcenter.leave(restarts=True),
        "sessions killed": vcenter.kill_sessions,
        "VM created": lambda: vm_story.create(scene),
        "VM removed": lambda: vm_story.remove(scene),
        "VM renamed": lambda: vm_story.rename(scene),
        "VM registered anew": lambda: vm_story.register_again(scene),
        "clock of vCenter set": vcenter.set_clock,
    }
    last = seconds - min(_CALM_AT_THE_END_S, seconds / 4)
    for name, action in happens.items():
        for _ in range(max(1, round(A_MONTH[name] * times))):
            scene.agenda.at(rng.uniform(HOUR_S, last), partial(scene.once_there, name, action))
    _plan_nights(scene, last)
    load = Load(scene.estate, random.Random(rng.random()))
    scene.agenda.after(LOAD_S, partial(_every_load, scene, load))
    scene.agenda.after(HOUR_S, partial(_every_hour, scene))


def _plan_nights(scene: Scene, last: float) -> None:
    """Servicing of ten servers on Sundays from 02:00 by the clocks on the wall; in the night of the clocks one more is off."""
    begin = scene.happenings.now
    first = begin.astimezone(ZONE).date()
    for day in range(int(last // DAY_S) + 2):
        at = datetime(first.year, first.month, first.day, 2, tzinfo=ZONE) + timedelta(days=day)
        moment = (at - begin).total_seconds()
        if at.weekday() == 6 and 0 < moment < last:
            for number in range(10):
                service = partial(vm_story.service, scene)
                scene.agenda.at(
                    moment + MINUTE_S * (2 + 9 * number), partial(scene.once_there, "planned servicing", service)
                )
    moment = (NIGHT_OF_CLOCKS - begin).total_seconds()
    if 0 < moment < last:
        down = partial(vm_story.down, scene, scene.happenings.power_off, (2400, 3000))
        scene.agenda.at(moment, partial(scene.once_there, "power-off in the night of the clocks", down))


def _every_load(scene: Scene, load: Load) -> None:
    load.move(scene.happenings.now)
    scene.agenda.after(LOAD_S, partial(_every_load, scene, load))


def _every_hour(scene: Scene) -> None:
    refresh_timestamps(scene.estate, scene.happenings.now)
    record_backups(scene.estate, scene.happenings.now)
    scene.agenda.after(HOUR_S, partial(_every_hour, scene))
