"""What happens to hosts and datastores, and to all that runs on them. Each function says False where nothing fits."""

from functools import partial

from pyVmomi import vim

from agent.simulator.scenario_hosts import (
    enter_maintenance,
    exit_maintenance,
    failover_completed,
    host_disconnect,
    host_reconnect,
    host_recover,
)
from agent.simulator.scenario_state import vms_on
from agent.simulator.scenario_storage import datastore_loses_access, datastore_regains_access
from agent.simulator.schema import id_of
from tests.proofs.month.scene import HOUR_S, Scene


def fail_host(scene: Scene) -> bool:
    host = scene.happenings.failing_host(scene.engaged)
    if host is None:
        return False
    victims = scene.happenings.host_dies(host)
    scene.engaged.update([host, *victims, *vms_on(scene.estate, host)])
    scene.agenda.after(scene.rng.randint(0, 55), partial(scene.when_possible, partial(_missed, scene, host, victims)))
    return True


def _missed(scene: Scene, host: str, victims: list[str]) -> None:
    others = [vm for vm in vms_on(scene.estate, host) if vm not in victims]
    scene.happenings.host_missed(host)
    for vm in victims:
        scene.later(30, 150, partial(_restarted, scene, vm))
    scene.later(160, 170, lambda: failover_completed(scene.estate, host))
    scene.later(600, 2400, partial(_recovered, scene, host, others))


def _restarted(scene: Scene, vm: str) -> None:
    if scene.happenings.restart(vm):
        scene.release(vm)
    else:
        scene.later(30, 60, partial(_restarted, scene, vm))


def _recovered(scene: Scene, host: str, others: list[str]) -> None:
    host_recover(scene.estate, host)
    scene.happenings.excused_again(f"on lost {host}")
    scene.release(host, *others)


def _free_host(scene: Scene) -> str | None:
    return scene.happenings.failing_host(scene.engaged)


def disconnect_host(scene: Scene) -> bool:
    host = _free_host(scene)
    if host is None:
        return False
    vms = [vm for vm in vms_on(scene.estate, host) if vm in scene.happenings.ids]
    scene.engaged.update([host, *vms])
    for vm in vms:
        scene.happenings.truth.excuse(scene.happenings.ids[vm], scene.happenings.now, None, f"on {host}, off vCenter")
    host_disconnect(scene.estate, host)

    def back() -> None:
        host_reconnect(scene.estate, host)
        scene.happenings.excused_again(f"on {host}, off vCenter")
        scene.release(host, *vms)

    scene.later(300, 3600, back)
    return True


def maintain_host(scene: Scene) -> bool:
    host = _free_host(scene)
    if host is None:
        return False
    enter_maintenance(scene.estate, host)
    left = vms_on(scene.estate, host)
    scene.engaged.update([host, *left])

    def back() -> None:
        exit_maintenance(scene.estate, host)
        scene.release(host, *left)

    scene.later(1800, 4 * HOUR_S, back)
    return True


def lose_datastore(scene: Scene) -> bool:
    found = []
    for one in scene.estate.ids(vim.Datastore):
        on_it = {id_of(ref) for ref in scene.estate.get(one, "vm")}
        if on_it and scene.estate.get(one, "summary.accessible") and scene.engaged.isdisjoint(on_it):
            found.append((one, on_it))
    if not found:
        return False
    datastore, on_it = scene.rng.choice(found)
    vms = [vm for vm in on_it if vm in scene.happenings.ids and not _hidden(scene, vm)]
    scene.engaged.update([datastore, *on_it])
    for vm in vms:
        scene.happenings.truth.excuse(scene.happenings.ids[vm], scene.happenings.now, None, f"on lost {datastore}")
    datastore_loses_access(scene.estate, datastore)

    def back() -> None:
        datastore_regains_access(scene.estate, datastore)
        scene.happenings.excused_again(f"on lost {datastore}")
        scene.release(datastore, *on_it)

    scene.later(600, 3600, back)
    return True


def _hidden(scene: Scene, vm: str) -> bool:
    return bool(scene.estate.get(vm, "runtime.connectionState") != "connected")
