"""Faults in how clusters are set up, and hosts of a cluster that are not alike."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.objects import Estate
from agent.simulator.planted.hosts import FIFTH, FIRST, SECOND, THIRD
from agent.simulator.planted.table import plant, set_in, set_option
from agent.simulator.scenario_state import set_runtime
from agent.simulator.schema import id_of

PRODUCTION, TEST = "domain-c101", "domain-c102"


def _set_config(estate: Estate, cluster: str, part: str, **changes: Any) -> None:
    config = estate.get(cluster, "configurationEx")
    estate.set(cluster, "configurationEx", vary(config, **{part: vary(getattr(config, part), **changes)}))


def _set_rule(estate: Estate, key: int, **changes: Any) -> None:
    config = estate.get(PRODUCTION, "configurationEx")
    rules = [vary(rule, **changes) if rule.key == key else rule for rule in config.rule]
    estate.set(PRODUCTION, "configurationEx", vary(config, rule=rules))


@plant("cluster_failover_capacity_low")
def reserved(estate: Estate) -> Iterator[str]:
    """VMs have reserved so much that HA has less room than it is to keep."""
    info = vim.cluster.FailoverResourcesAdmissionControlInfo(
        currentCpuFailoverResourcesPercent=80, currentMemoryFailoverResourcesPercent=10
    )
    set_in(estate, PRODUCTION, "summary", admissionControlInfo=info)
    yield PRODUCTION


@plant("cluster_heartbeat_datastores_few", causes=("vm_local_datastore", "datastore_not_on_all_hosts"))
def few_heartbeats(estate: Estate) -> Iterator[str]:
    """A host of the test cluster has lost all datastores of the cluster but one."""
    for datastore in map(id_of, estate.get(TEST, "datastore")[1:]):
        mounts = estate.get(datastore, "host")
        estate.set(datastore, "host", [mount for mount in mounts if mount.key != vim.HostSystem(FIFTH)])
    yield TEST


@plant("cluster_rule_disabled")
def rule_off(estate: Estate) -> Iterator[str]:
    """A rule was switched off."""
    _set_rule(estate, 2, enabled=False)
    yield PRODUCTION


@plant("cluster_rule_empty", round_=1)
def rule_empty(estate: Estate) -> Iterator[str]:
    """The group of hosts that a rule names is empty."""
    config = estate.get(PRODUCTION, "configurationEx")
    groups = [vary(one, host=[]) if isinstance(one, vim.cluster.HostGroup) else one for one in config.group]
    estate.set(PRODUCTION, "configurationEx", vary(config, group=groups))
    yield PRODUCTION


@plant("cluster_drs_score_low")
def low_score(estate: Estate) -> Iterator[str]:
    """VMs wait for what they ask for."""
    set_in(estate, PRODUCTION, "summary", drsScore=55)
    yield PRODUCTION


@plant("cluster_evc_off")
def no_evc(estate: Estate) -> Iterator[str]:
    """EVC was never set up."""
    set_in(estate, TEST, "summary", currentEVCModeKey=None)
    yield TEST


@plant("cluster_dpm_on")
def sleepers(estate: Estate) -> Iterator[str]:
    """Power management is on."""
    _set_config(estate, TEST, "dpmConfigInfo", enabled=True)
    yield TEST


@plant("cluster_saturated", round_=3, causes=("host_memory_high", "host_hidden_load", "cluster_not_n_plus_1"))
def saturated(estate: Estate) -> Iterator[str]:
    """The hosts of production are nearly full."""
    for host in (FIRST, SECOND, THIRD):
        used = round(0.92 * estate.get(host, "hardware.memorySize") / 1024**2)
        set_in(estate, host, "summary.quickStats", overallMemoryUsage=used)
    yield PRODUCTION


@plant("cluster_status_bad")
def yellow(estate: Estate) -> Iterator[str]:
    """The cluster is yellow."""
    set_in(estate, PRODUCTION, "summary", overallStatus="yellow")
    yield PRODUCTION


@plant("cluster_vm_monitoring_off")
def no_vm_monitoring(estate: Estate) -> Iterator[str]:
    """HA does not look after guests."""
    _set_config(estate, TEST, "dasConfig", vmMonitoring="vmMonitoringDisabled")
    yield TEST


@plant("cluster_component_protection_off")
def no_component_protection(estate: Estate) -> Iterator[str]:
    """HA does not act on lost storage."""
    _set_config(estate, TEST, "dasConfig", vmComponentProtecting="disabled")
    yield TEST


@plant("cluster_models_mixed")
def other_model(estate: Estate) -> Iterator[str]:
    """One server is of the generation before."""
    estate.set(THIRD, "hardware.systemInfo.model", "PowerEdge R640")
    yield PRODUCTION


@plant("cluster_time_servers_differ")
def other_time(estate: Estate) -> Iterator[str]:
    """One host follows other time servers."""
    estate.set(FIFTH, "config.dateTimeInfo.ntpConfig.server", ["0.pool.example", "1.pool.example"])
    yield TEST


@plant("cluster_dns_differs")
def other_names(estate: Estate) -> Iterator[str]:
    """One host asks another name server."""
    set_in(estate, FIFTH, "config.network.dnsConfig", address=["10.20.100.99"])
    yield TEST


@plant("cluster_syslog_differs")
def other_log(estate: Estate) -> Iterator[str]:
    """One host sends its log to the old server."""
    set_option(estate, FIFTH, "Syslog.global.logHost", "udp://old-syslog.kommune.example:514")
    yield TEST


@plant("cluster_path_policies_differ")
def other_policy(estate: Estate) -> Iterator[str]:
    """One host uses a fixed path to the array."""
    path = "config.storageDevice.multipathInfo.lun"
    fixed = vim.host.MultipathInfo.LogicalUnitPolicy(policy="VMW_PSP_FIXED")
    luns = estate.get(FIFTH, path)
    estate.set(FIFTH, path, [vary(lun, policy=fixed) for lun in luns])
    yield TEST


@plant("cluster_config_issue")
def no_isolation_address(estate: Estate) -> Iterator[str]:
    """The summary of a cluster complains of HA."""
    issue = vim.event.EventEx(
        key=0,
        chainId=0,
        createdTime=estate.now() - timedelta(days=9),
        userName="",
        fullFormattedMessage="vSphere HA: the number of heartbeat datastores is 1, less than required: 2",
        eventTypeId="com.vmware.vc.HA.HeartbeatDatastoreNotSufficient",
        severity="warning",
    )
    estate.set(TEST, "configIssue", [issue])
    yield TEST


@plant("cluster_vm_evc_differs")
def other_evc(estate: Estate) -> Iterator[str]:
    """A VM was started before EVC was changed."""
    vm = id_of(estate.get(THIRD, "vm")[0])
    set_runtime(estate, vm, minRequiredEVCModeKey="intel-broadwell")
    yield vm


@plant("cluster_sizes_differ")
def lost_module(estate: Estate) -> Iterator[str]:
    """A host has lost a memory module of 64 GiB."""
    memory = estate.get(FIRST, "hardware.memorySize") - 64 * 1024**3
    estate.set(FIRST, "hardware.memorySize", memory)
    yield PRODUCTION


@plant("cluster_firmware_differs")
def old_firmware(estate: Estate) -> Iterator[str]:
    """One server of the test cluster was left out of the update."""
    estate.set(FIFTH, "hardware.biosInfo.biosVersion", "1.9.0")
    yield TEST
