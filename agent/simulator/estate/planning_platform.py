"""The platform of a municipality: clusters, hosts, datastores, networks and pools for a number of VMs."""

import math
import random
from dataclasses import replace
from datetime import timedelta

from agent.simulator.estate.names import DOMAIN, SYSTEMS
from agent.simulator.estate.plan import (
    BACKUP_NETWORK,
    LOCAL_DATASTORE,
    NFS_DATASTORE,
    POD,
    STANDALONE,
    STANDALONE_HOST,
    UPLINKS,
    VM_NETWORK,
    ClusterPlan,
    DatastorePlan,
    HostPlan,
    NetworkPlan,
    PoolPlan,
)

VMS_PER_HOST = 40
HOSTS_PER_CLUSTER = 16
VMS_PER_DATASTORE = 25
FAILED_HOST_UPTIME = timedelta(days=6, hours=3)
# from the failure of a host to its being up again
HOST_BOOT = timedelta(seconds=410)


def platform(
    rng: random.Random, vms: int
) -> tuple[tuple[ClusterPlan, ...], tuple[HostPlan, ...], tuple[DatastorePlan, ...]]:
    """Clusters, hosts and datastores for `vms` VMs; the standalone host comes last, five have their troubles."""
    wanted = max(5, math.ceil(vms / VMS_PER_HOST))
    for_test = max(2, round(wanted * 0.15))
    clusters: list[ClusterPlan] = []
    hosts: list[HostPlan] = []
    datastores: list[DatastorePlan] = []
    for test, total in ((False, wanted - for_test), (True, for_test)):
        groups = math.ceil(total / HOSTS_PER_CLUSTER)
        for group in range(groups):
            size = total // groups + (1 if group < total % groups else 0)
            number = len(clusters)
            name = ("KOMMUNE-TEST" if test else "KOMMUNE-PROD") + (f"-{group + 1:02d}" if group else "")
            share = vms * size / wanted
            own = []
            for n in range(max(1 if test else 4, math.ceil(share / VMS_PER_DATASTORE))):
                first = not test and group == 0
                own.append(
                    DatastorePlan(
                        moid=f"datastore-{501 + len(datastores)}",
                        name=f"VMFS-{'TEST' if test else 'PROD'}-{sum(d.name.startswith('VMFS-T') == test for d in datastores) + 1:02d}",
                        kind="VMFS",
                        number=len(datastores),
                        full=0.94 if first and n == 2 else round(rng.uniform(0.55, 0.78), 2),
                        pod=POD if first and n < 2 else None,
                    )
                )
                datastores.append(own[-1])
            moids = tuple(d.moid for d in own)
            members = tuple(f"host-{301 + len(hosts) + n}" for n in range(size))
            for n, moid in enumerate(members):
                hosts.append(
                    HostPlan(
                        moid=moid,
                        number=len(hosts) + 1,
                        name=f"esx{len(hosts) + 1:02d}.{DOMAIN}",
                        compute=f"domain-c{101 + number}",
                        in_cluster=True,
                        uptime=timedelta(days=rng.randint(40, 320), seconds=rng.randint(0, 86400)),
                        datastores=(*moids, NFS_DATASTORE),
                        master=n == 0,
                    )
                )
            clusters.append(
                ClusterPlan(
                    moid=f"domain-c{101 + number}",
                    name=name,
                    pool=f"resgroup-{201 + number}",
                    test=test,
                    hosts=members,
                    datastores=moids,
                )
            )
    # the host that failed: it came back, HA had restarted its VMs elsewhere (see history)
    hosts[-1] = replace(hosts[-1], uptime=FAILED_HOST_UPTIME)
    hosts[1] = replace(hosts[1], dead_path=True, link_down=True)
    hosts[2] = replace(hosts[2], yellow_sensor=True, certificate_days_left=41)
    hosts[3] = replace(hosts[3], ssh_running=True, reboot_required=True)
    hosts.append(
        HostPlan(
            moid=STANDALONE_HOST,
            number=len(hosts) + 1,
            name=f"esx-materielgaard.{DOMAIN}",
            compute=STANDALONE,
            in_cluster=False,
            uptime=timedelta(days=512, seconds=rng.randint(0, 86400)),
            datastores=(LOCAL_DATASTORE, NFS_DATASTORE),
        )
    )
    datastores.append(
        DatastorePlan(
            moid=LOCAL_DATASTORE, name="esx-materielgård-local", kind="VMFS", number=98, full=0.62, local=True
        )
    )
    datastores.append(DatastorePlan(moid=NFS_DATASTORE, name="NFS-ISO-01", kind="NFS", number=99, full=0.71))
    return tuple(clusters), tuple(hosts), tuple(datastores)


def networks() -> tuple[NetworkPlan, ...]:
    """Two standard portgroups, the switch's uplinks, and a distributed portgroup for every VLAN."""
    vlans = {system.vlan: system.name for system in reversed(SYSTEMS)}
    distributed = [
        NetworkPlan(moid=f"dvportgroup-{711 + i}", name=f"dv-{name}-{vlan}", vlan=vlan, distributed=True)
        for i, (vlan, name) in enumerate(sorted(vlans.items()))
    ]
    return (
        NetworkPlan(moid=VM_NETWORK, name="VM Network", vlan=0, distributed=False),
        NetworkPlan(moid=BACKUP_NETWORK, name="Backup-170", vlan=170, distributed=False),
        NetworkPlan(moid=UPLINKS, name="DSwitch-Kommune-DVUplinks-700", vlan=0, distributed=True, uplink=True),
        *distributed,
    )


def resource_pools(clusters: tuple[ClusterPlan, ...]) -> tuple[PoolPlan, ...]:
    """A pool for every system in every cluster it may run in, and at the end the vApp."""
    pools: list[PoolPlan] = []
    for cluster in clusters:
        for system in SYSTEMS:
            if system.test != cluster.test:
                continue
            pools.append(
                PoolPlan(
                    moid=f"resgroup-{1001 + len(pools)}",
                    name=system.name,
                    parent=cluster.pool,
                    owner=cluster.moid,
                    cpu_limit_mhz=40_000 if system.test else -1,
                    memory_limit_mib=393_216 if system.test else -1,
                    cpu_reservation_mhz=12_000 if system.name == "SQL" else 0,
                    memory_reservation_mib=65_536 if system.name == "SQL" else 0,
                )
            )
    gis = next(pool for pool in pools if pool.name == "GIS")
    pools.append(
        PoolPlan(moid=f"resgroup-v{1001 + len(pools)}", name="Kortcenter", parent=gis.moid, owner=gis.owner, vapp=True)
    )
    return tuple(pools)
