"""Clusters and standalone compute resources. The figures of `summary` are filled in afterwards (see totals)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pyVmomi import vim

from agent.simulator.estate.entities import entity
from agent.simulator.estate.plan import ClusterPlan, VmPlan
from agent.simulator.estate.vm_config import EVC_MODE
from agent.simulator.objects import Estate

_cluster = vim.cluster
_MONITORING = _cluster.VmToolsMonitoringSettings(
    enabled=True,
    vmMonitoring="vmMonitoringOnly",
    clusterSettings=True,
    failureInterval=30,
    minUpTime=120,
    maxFailures=3,
    maxFailureWindow=3600,
)
_SETTINGS = _cluster.DasVmSettings(
    restartPriority="medium",
    restartPriorityTimeout=-1,
    isolationResponse="none",
    vmToolsMonitoringSettings=_MONITORING,
    vmComponentProtectionSettings=_cluster.VmComponentProtectionSettings(
        vmStorageProtectionForAPD="restartConservative",
        enableAPDTimeoutForHosts=True,
        vmTerminateDelayForAPDSec=180,
        vmReactionOnAPDCleared="none",
        vmStorageProtectionForPDL="restartAggressive",
    ),
)


def _high_availability(plan: ClusterPlan, hosts: int) -> vim.cluster.DasConfigInfo:
    share = round(100 / hosts)
    return _cluster.DasConfigInfo(
        enabled=True,
        vmMonitoring="vmMonitoringOnly",
        hostMonitoring="enabled",
        vmComponentProtecting="enabled",
        failoverLevel=1,
        admissionControlPolicy=_cluster.FailoverResourcesAdmissionControlPolicy(
            resourceReductionToToleratePercent=100,
            cpuFailoverResourcesPercent=share,
            memoryFailoverResourcesPercent=share,
            failoverLevel=1,
            autoComputePercentages=True,
        ),
        # the test cluster promises no failover capacity
        admissionControlEnabled=not plan.test,
        defaultVmSettings=_SETTINGS,
        option=[vim.option.OptionValue(key="das.isolationaddress0", value="10.10.10.1")],
        heartbeatDatastore=[vim.Datastore(moid) for moid in plan.datastores[:2]],
        hBDatastoreCandidatePolicy="allFeasibleDsWithUserPreference",
    )


def _rules(vms: Sequence[VmPlan], plan: ClusterPlan) -> list[vim.cluster.RuleInfo]:
    """Domain controllers apart (and in fact together: not in compliance), databases near the licensed host."""
    controllers = [vim.VirtualMachine(vm.moid) for vm in vms if vm.name.startswith("dc") and not vm.template]
    rules: list[vim.cluster.RuleInfo] = []
    if len(controllers) > 1:
        hosts = {vm.host for vm in vms if vm.name.startswith("dc")}
        rules.append(
            _cluster.AntiAffinityRuleSpec(
                key=1,
                status="green",
                enabled=True,
                name="Domænecontrollere adskilt",
                mandatory=False,
                userCreated=True,
                inCompliance=len(hosts) >= min(len(controllers), len(plan.hosts)),
                vm=controllers,
            )
        )
    rules.append(
        _cluster.VmHostRuleInfo(
            key=2,
            status="green",
            enabled=True,
            name="SQL på licenserede værter",
            mandatory=False,
            userCreated=True,
            inCompliance=True,
            vmGroupName="SQL-VM",
            affineHostGroupName="SQL-værter",
        )
    )
    return rules


def cluster_config(plan: ClusterPlan, vms: Sequence[VmPlan]) -> vim.cluster.ConfigInfoEx:
    """`configurationEx` of a cluster with these VMs."""
    sql = [vm for vm in vms if vm.system.name == "SQL"]
    overridden = next((vm for vm in vms if vm.system.name in ("Drift", "Test") and vm.power == "poweredOn"), None)
    das_overrides, drs_overrides = [], []
    if overridden is not None:
        ref = vim.VirtualMachine(overridden.moid)
        das_overrides.append(
            _cluster.DasVmConfigInfo(
                key=ref,
                restartPriority="disabled",
                dasSettings=_cluster.DasVmSettings(
                    restartPriority="disabled",
                    isolationResponse="clusterIsolationResponse",
                    vmToolsMonitoringSettings=_MONITORING,
                ),
            )
        )
        drs_overrides.append(_cluster.DrsVmConfigInfo(key=ref, enabled=False, behavior="manual"))
    return _cluster.ConfigInfoEx(
        vmSwapPlacement="vmDirectory",
        spbmEnabled=True,
        defaultHardwareVersionKey="vmx-21",
        dasConfig=_high_availability(plan, len(plan.hosts)),
        dasVmConfig=das_overrides,
        drsConfig=_cluster.DrsConfigInfo(
            enabled=True,
            enableVmBehaviorOverrides=True,
            defaultVmBehavior="partiallyAutomated" if plan.test else "fullyAutomated",
            vmotionRate=3,
            scaleDescendantsShares="disabled",
            option=[],
        ),
        drsVmConfig=drs_overrides,
        rule=_rules(vms, plan) if sql else [],
        group=[
            _cluster.VmGroup(name="SQL-VM", userCreated=True, vm=[vim.VirtualMachine(vm.moid) for vm in sql]),
            _cluster.HostGroup(
                name="SQL-værter", userCreated=True, host=[vim.HostSystem(moid) for moid in plan.hosts[:2]]
            ),
        ]
        if sql
        else [],
        dpmConfigInfo=_cluster.DpmConfigInfo(
            enabled=False, defaultDpmBehavior="automated", hostPowerActionRate=3, option=[]
        ),
        vsanConfigInfo=vim.vsan.cluster.ConfigInfo(enabled=False),
        infraUpdateHaConfig=_cluster.InfraUpdateHaConfigInfo(enabled=False, providers=[]),
        proactiveDrsConfig=_cluster.ProactiveDrsConfigInfo(enabled=False),
    )


def add_cluster(
    estate: Estate,
    plan: ClusterPlan,
    *,
    folder: vim.Folder,
    vms: Sequence[VmPlan],
    datastores: Sequence[vim.Datastore],
    networks: Sequence[vim.Network],
    now: datetime,
) -> None:
    """Add a cluster with its HA and DRS configuration."""
    config = cluster_config(plan, vms)
    summary = vim.ClusterComputeResource.Summary(
        overallStatus="green",
        numVmotions=1843,
        drsScore=90,
        numVmsPerDrsScoreBucket=[],
        usageSummary=_cluster.UsageSummary(),
        currentEVCModeKey=EVC_MODE,
        clusterMaintenanceModeStatus="none",
        vcsHealthStatus="healthy",
    )
    recommendations, faults = [], []
    if plan.test:
        target = vim.ClusterComputeResource(plan.moid)
        recommendations = [
            _cluster.Recommendation(
                key="14",
                type="V1",
                time=now - timedelta(hours=3),
                rating=3,
                reason="fairnessCpuAvg",
                reasonText="Balance average CPU loads",
                action=[],
                target=target,
            )
        ]
        faults = [
            _cluster.DrsFaults(
                reason="fairnessMemAvg",
                faultsByVm=[
                    _cluster.DrsFaults.FaultsByVm(
                        vm=vim.VirtualMachine(vms[0].moid),
                        fault=[vim.fault.NoCompatibleHost(msg="No host is compatible with the virtual machine.")],
                    )
                ],
            )
        ]
    estate.add(
        vim.ClusterComputeResource,
        plan.moid,
        **entity(plan.name, folder, configIssue=[]),
        resourcePool=vim.ResourcePool(plan.pool),
        host=[vim.HostSystem(moid) for moid in plan.hosts],
        datastore=list(datastores),
        network=list(networks),
        summary=summary,
        summaryEx=summary,
        environmentBrowser=vim.EnvironmentBrowser(f"envbrowser-{plan.moid}"),
        configurationEx=config,
        configuration=_cluster.ConfigInfo(
            dasConfig=config.dasConfig,
            dasVmConfig=config.dasVmConfig,
            drsConfig=config.drsConfig,
            drsVmConfig=config.drsVmConfig,
            rule=config.rule,
        ),
        recommendation=recommendations,
        drsRecommendation=[],
        drsFault=faults,
        actionHistory=[],
        migrationHistory=[],
    )


def add_standalone(
    estate: Estate,
    moid: str,
    *,
    name: str,
    folder: vim.Folder,
    pool: str,
    host: str,
    datastores: Sequence[vim.Datastore],
    networks: Sequence[vim.Network],
) -> None:
    """Add the compute resource of a single host."""
    estate.add(
        vim.ComputeResource,
        moid,
        **entity(name, folder),
        resourcePool=vim.ResourcePool(pool),
        host=[vim.HostSystem(host)],
        datastore=list(datastores),
        network=list(networks),
        summary=vim.ComputeResource.Summary(overallStatus="green"),
        environmentBrowser=vim.EnvironmentBrowser(f"envbrowser-{moid}"),
        configurationEx=vim.ComputeResource.ConfigInfo(vmSwapPlacement="vmDirectory"),
    )
