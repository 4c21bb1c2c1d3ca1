"""What happens to single VMs and their guests. Each function says False where nothing fits."""

from collections.abc import Callable
from functools import partial

from agent.simulator.scenario_changes import rename as renamed
from agent.simulator.scenario_hosts import vmotion
from agent.simulator.schema import id_of
from tests.proofs.month.scene import HOUR_S, Scene

_SHORT, _LONG, _VERY_LONG = (20.0, 300.0), (300.0, 3600.0), (3600.0, 6.0 * HOUR_S)


def down(scene: Scene, stop: Callable[[str], None], lasting_s: tuple[float, float] | None = None) -> bool:
    vm = scene.pick()
    if vm is None:
        return False
    stop(vm)
    scene.engaged.add(vm)
    low_s, high_s = lasting_s or scene.rng.choice((_SHORT, _LONG, _VERY_LONG))
    scene.later(low_s, high_s, partial(_start, scene, vm))
    return True


def service(scene: Scene) -> bool:
    vm = scene.pick()
    if vm is None:
        return False
    scene.happenings.shut_down(vm)
    scene.engaged.add(vm)
    scene.later(120, 500, partial(_start, scene, vm))
    return True


def _start(scene: Scene, vm: str) -> None:
    if scene.estate.get(vm, "runtime.connectionState") != "connected":
        scene.later(60, 120, partial(_start, scene, vm))
        return
    scene.happenings.power_on(vm)
    scene.release(vm)


def silent(scene: Scene, begin: Callable[[str], None], low_s: float, high_s: float) -> bool:
    vm = scene.pick()
    if vm is None:
        return False
    begin(vm)
    scene.engaged.add(vm)
    scene.later(low_s, high_s, partial(_boot, scene, vm))
    return True


def _boot(scene: Scene, vm: str) -> None:
    scene.happenings.booted(vm)
    scene.release(vm)


def hang(scene: Scene) -> bool:
    vm = scene.pick()
    if vm is None:
        return False
    scene.happenings.hang(vm)
    scene.engaged.add(vm)

    def answers() -> None:
        scene.happenings.answers_again(vm)
        scene.release(vm)

    scene.later(60, 1200, answers)
    return True


def migrate(scene: Scene) -> bool:
    vm = scene.pick()
    targets = scene.happenings.targets(id_of(scene.estate.get(vm, "runtime.host"))) if vm else []
    targets = [one for one in targets if one not in scene.engaged]
    if vm is None or not targets:
        return False
    vmotion(scene.estate, vm, scene.rng.choice(targets))
    return True


def create(scene: Scene) -> bool:
    """A new server, switched on some minutes later."""
    like = scene.pick()
    if like is None:
        return False
    number = scene.happenings.truth.told["VM created"] + 1
    vm = scene.happenings.create(like, f"nysrv{number:02}")
    scene.engaged.add(vm)
    scene.later(60, 600, partial(_start, scene, vm))
    return True


def remove(scene: Scene) -> bool:
    """Switched off, and deleted some hours later."""
    vm = scene.pick()
    if vm is None:
        return False
    scene.happenings.shut_down(vm)
    scene.engaged.add(vm)

    def gone() -> None:
        scene.happenings.remove(vm)
        scene.release(vm)

    scene.later(HOUR_S, 6 * HOUR_S, gone)
    return True


def rename(scene: Scene) -> bool:
    vm = scene.pick()
    if vm is None:
        return False
    name = str(scene.estate.get(vm, "name"))
    renamed(scene.estate, vm, f"{name}-gl" if not name.endswith("-gl") else name.removesuffix("-gl"))
    return True


def register_again(scene: Scene) -> bool:
    """Switched off, taken out of the inventory and registered anew, switched on."""
    vm = scene.pick()
    if vm is None:
        return False
    scene.happenings.shut_down(vm)
    scene.engaged.add(vm)

    def again() -> None:
        new = scene.happenings.register_again(vm)
        scene.release(vm)
        scene.engaged.add(new)
        scene.later(60, 600, partial(_start, scene, new))

    scene.later(300, 1200, again)
    return True
