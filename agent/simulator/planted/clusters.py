"""Faults of clusters."""

from collections.abc import Iterator
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.objects import Estate
from agent.simulator.planted.hosts import FIRST, FOURTH, SECOND, THIRD
from agent.simulator.planted.table import plant
from agent.simulator.scenario_state import set_runtime
from agent.simulator.schema import id_of

PRODUCTION, TEST = "domain-c101", "domain-c102"


def _set_config(estate: Estate, cluster: str, **changes: Any) -> None:
    estate.set(cluster, "configurationEx", vary(estate.get(cluster, "configurationEx"), **changes))


def _ha(estate: Estate, cluster: str) -> Any:
    return estate.get(cluster, "configurationEx").dasConfig


def _set_ha(estate: Estate, cluster: str, **changes: Any) -> None:
    _set_config(estate, cluster, dasConfig=vary(_ha(estate, cluster), **changes))


def _first_vm(estate: Estate, host: str) -> str:
    return id_of(estate.get(host, "vm")[0])


@plant("cluster_ha_off", round_=1, hides=True, silences=("cluster_vm_ha_override",))
def ha_off(estate: Estate) -> Iterator[str]:
    """HA is switched off."""
    _set_ha(estate, TEST, enabled=False)
    yield TEST


@plant("cluster_host_monitoring_off")
def not_watching(estate: Estate) -> Iterator[str]:
    """HA does not watch the hosts."""
    _set_ha(estate, PRODUCTION, hostMonitoring="disabled")
    yield PRODUCTION


@plant("cluster_ha_restarts_nothing")
def restarts_nothing(estate: Estate) -> Iterator[str]:
    """HA restarts no VM by default."""
    settings = vary(_ha(estate, PRODUCTION).defaultVmSettings, restartPriority="disabled")
    _set_ha(estate, PRODUCTION, defaultVmSettings=settings)
    yield PRODUCTION


@plant("cluster_admission_control_weak")
def keeps_too_little(estate: Estate) -> Iterator[str]:
    """The share that HA keeps free is that of a larger cluster."""
    policy = vary(_ha(estate, PRODUCTION).admissionControlPolicy, memoryFailoverResourcesPercent=12)
    _set_ha(estate, PRODUCTION, admissionControlPolicy=policy)
    yield PRODUCTION


@plant("cluster_ha_agent_bad")
def isolated(estate: Estate) -> Iterator[str]:
    """The HA agent of a host is isolated."""
    set_runtime(estate, SECOND, dasHostState=vim.cluster.DasFdmHostState(state="networkIsolated"))
    yield SECOND


@plant("cluster_paths_fewer")
def two_paths_only(estate: Estate) -> Iterator[str]:
    """A host was started without one of its fabrics."""
    path = "config.storageDevice.multipathInfo.lun"
    luns = estate.get(FIRST, path)
    estate.set(FIRST, path, [vary(lun, path=lun.path[:2]) if len(lun.path) > 2 else lun for lun in luns])
    yield FIRST


@plant("cluster_not_n_plus_1", round_=2, causes=("cluster_saturated", "host_memory_high", "host_hidden_load"))
def full(estate: Estate) -> Iterator[str]:
    """The hosts of the test cluster have so little memory left that one cannot take over from the other."""
    quick = estate.get(FOURTH, "summary.quickStats")
    memory = estate.get(FOURTH, "hardware.memorySize") // 1024**2
    estate.set(FOURTH, "summary.quickStats", vary(quick, overallMemoryUsage=memory - 1024))
    yield TEST


@plant("cluster_cpu_overcommitted", round_=2, causes=("vm_hot_add_hides_numa",))
def many_processors(estate: Estate) -> Iterator[str]:
    """A VM of production has more processors than ten hosts."""
    estate.set(_first_vm(estate, THIRD), "config.hardware.numCPU", 800)
    yield PRODUCTION


@plant("cluster_memory_overcommitted", round_=3, causes=("cluster_not_n_plus_1",))
def much_memory(estate: Estate) -> Iterator[str]:
    """A VM of production is given more memory than the cluster has."""
    estate.set(_first_vm(estate, THIRD), "config.hardware.memoryMB", 4 * 1024 * 1024)
    yield PRODUCTION


@plant("cluster_unbalanced")
def busy(estate: Estate) -> Iterator[str]:
    """One VM keeps a whole host busy."""
    for moid in (THIRD, _first_vm(estate, THIRD)):
        quick = estate.get(moid, "summary.quickStats")
        estate.set(moid, "summary.quickStats", vary(quick, overallCpuUsage=quick.overallCpuUsage + 70_000))
    yield THIRD
