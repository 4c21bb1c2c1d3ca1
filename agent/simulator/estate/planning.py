"""From a number of VMs to the plan of a municipality: pure, seeded, proportional."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

from agent.simulator.estate.names import DOMAIN, SYSTEMS, TEMPLATES, UBUNTU, W2012, W2016, W2019, W2022, GuestOs, System
from agent.simulator.estate.oddities import with_oddities
from agent.simulator.estate.plan import (
    LOCAL_DATASTORE,
    NFS_DATASTORE,
    POD,
    STANDALONE,
    STANDALONE_HOST,
    ClusterPlan,
    DatastorePlan,
    DiskPlan,
    HostPlan,
    NetworkPlan,
    NicPlan,
    PoolPlan,
    SitePlan,
    VmPlan,
)

VMS_PER_HOST = 40
HOSTS_PER_CLUSTER = 16
VMS_PER_DATASTORE = 25


def plan_municipality(rng: random.Random, *, vms: int, hostile_names: bool) -> SitePlan:
    """The plan of an estate of `vms` virtual machines, templates included; ValueError below 20."""
    if vms < 20:
        raise ValueError(f"a municipality has at least 20 VMs, not {vms}")
    clusters, hosts, datastores = _platform(rng, vms)
    networks = _networks()
    pools = _pools(clusters)
    folders = tuple((f"group-v{31 + i}", name) for i, name in enumerate([s.name for s in SYSTEMS] + [TEMPLATES]))
    machines = _machines(rng, vms, clusters, networks, pools, dict((name, moid) for moid, name in folders))
    return SitePlan(
        clusters=clusters,
        hosts=hosts,
        datastores=datastores,
        networks=networks,
        pools=pools,
        folders=folders,
        vms=with_oddities(machines, home=clusters[0], vapp=pools[-1], hostile_names=hostile_names),
    )


def _platform(
    rng: random.Random, vms: int
) -> tuple[tuple[ClusterPlan, ...], tuple[HostPlan, ...], tuple[DatastorePlan, ...]]:
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
    hosts[1] = replace(hosts[1], dead_path=True, link_down=True)
    hosts[2] = replace(hosts[2], yellow_sensor=True, certificate_days_left=41)
    hosts[3] = replace(hosts[3], ssh_running=True, reboot_required=True)
    hosts.append(
        HostPlan(
            moid=STANDALONE_HOST,
            number=len(hosts) + 1,
            name=f"esx-materielgård.{DOMAIN}",
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


def _networks() -> tuple[NetworkPlan, ...]:
    vlans = {system.vlan: system.name for system in reversed(SYSTEMS)}
    distributed = [
        NetworkPlan(moid=f"dvportgroup-{711 + i}", name=f"dv-{name}-{vlan}", vlan=vlan, distributed=True)
        for i, (vlan, name) in enumerate(sorted(vlans.items()))
    ]
    return (
        NetworkPlan(moid="network-601", name="VM Network", vlan=0, distributed=False),
        NetworkPlan(moid="network-602", name="Backup-170", vlan=170, distributed=False),
        NetworkPlan(moid="dvportgroup-701", name="DSwitch-Kommune-DVUplinks-700", vlan=0, distributed=True, uplink=True),
        *distributed,
    )


def _pools(clusters: tuple[ClusterPlan, ...]) -> tuple[PoolPlan, ...]:
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


def _apportion(total: int) -> list[System]:
    """`total` systems in proportion to their weights, every system at least once."""
    weights = sum(system.weight for system in SYSTEMS)
    counts = [max(1, total * system.weight // weights) for system in SYSTEMS]
    for i in range(total - sum(counts)):
        counts[i % len(counts)] += 1
    return [system for system, number in zip(SYSTEMS, counts, strict=True) for _ in range(number)][:total]


HARDWARE = {
    W2012.guest_id: ("vmx-10", "vmx-11"),
    W2016.guest_id: ("vmx-13", "vmx-14"),
    W2019.guest_id: ("vmx-15", "vmx-17"),
}


def _machines(
    rng: random.Random,
    total: int,
    clusters: tuple[ClusterPlan, ...],
    networks: tuple[NetworkPlan, ...],
    pools: tuple[PoolPlan, ...],
    folders: dict[str, str],
) -> list[VmPlan]:
    by_vlan = {network.vlan: network.moid for network in networks if network.distributed and not network.uplink}
    pool_of = {(pool.owner, pool.name): pool.moid for pool in pools}
    homes = {test: [c for c in clusters if c.test == test] for test in (False, True)}
    turn = {False: count(), True: count()}
    addresses = {vlan: count() for vlan in by_vlan}
    numbers: dict[tuple[str, str], int] = {}
    seen: dict[str, int] = {}
    machines = []
    for i, system in enumerate(_apportion(total - 2)):
        nth = seen[system.name] = seen.get(system.name, -1) + 1
        stem = system.stems[nth % len(system.stems)]
        number = numbers[system.name, stem] = numbers.get((system.name, stem), 0) + 1
        cluster, host, datastore = _place(homes[system.test], next(turn[system.test]))
        os = system.guests[nth % len(system.guests)]
        address = next(addresses[system.vlan])
        nics = [
            NicPlan(
                network=by_vlan[system.vlan],
                mac=_mac(i, 0),
                ip=f"10.{20 + address // 240}.{system.vlan % 256}.{10 + address % 240}",
            )
        ]
        if stem in ("sql", "backup-proxy"):
            nics.append(NicPlan(network="network-602", mac=_mac(i, 1), ip=f"10.{30 + i // 240}.170.{10 + i % 240}"))
        machines.append(
            VmPlan(
                moid=f"vm-{2001 + i}",
                name=f"{stem}{number:02d}",
                system=system,
                os=os,
                uuid=f"42{rng.getrandbits(24):06x}-{rng.getrandbits(16):04x}-{rng.getrandbits(16):04x}-{rng.getrandbits(16):04x}-{rng.getrandbits(48):012x}",
                instance_uuid=f"50{rng.getrandbits(24):06x}-{rng.getrandbits(16):04x}-{rng.getrandbits(16):04x}-{rng.getrandbits(16):04x}-{rng.getrandbits(48):012x}",
                cpus=rng.choice(system.cpus),
                memory_mib=rng.choice(system.memory_gib) * 1024,
                disks=_disks(rng, system, os),
                nics=tuple(nics),
                host=host,
                datastore=datastore,
                folder=folders[system.name],
                pool=pool_of[cluster, system.name],
                age=timedelta(days=rng.randint(60, 2200), seconds=rng.randint(0, 86400)),
                uptime=timedelta(days=rng.randint(1, 38), seconds=rng.randint(0, 86400)),
                backup_age=None if system.test else timedelta(hours=rng.randint(2, 22)),
                hardware=rng.choice(HARDWARE.get(os.guest_id, ("vmx-19", "vmx-20", "vmx-21"))),
                tagged=rng.random() < 0.5,
            )
        )
    return machines + _templates(rng, machines[-1], len(machines), folders[TEMPLATES])


def _templates(rng: random.Random, like: VmPlan, first: int, folder: str) -> list[VmPlan]:
    """Two templates: powered off, on the NFS datastore of the cluster of `like`."""
    return [
        replace(
            like,
            moid=f"vm-{2001 + first + n}",
            name=name,
            os=os,
            uuid=f"42{rng.getrandbits(24):06x}-{n:04x}-4e0a-91bb-{rng.getrandbits(48):012x}",
            instance_uuid=f"50{rng.getrandbits(24):06x}-{n:04x}-4e0a-91bb-{rng.getrandbits(48):012x}",
            disks=(DiskPlan(size_gib=60, written=0.25, guest_free=0.7),),
            nics=(replace(like.nics[0], mac=_mac(first + n, 0)),),
            folder=folder,
            datastore=NFS_DATASTORE,
            power="poweredOff",
            template=True,
            backup_age=None,
        )
        for n, (name, os) in enumerate((("skabelon-windows-2022", W2022), ("skabelon-ubuntu-24.04", UBUNTU)))
    ]


def _place(clusters: Sequence[ClusterPlan], turn: int) -> tuple[str, str, str]:
    """(cluster, host, datastore) of the VM that is placed as number `turn`: each in its turn."""
    cluster = clusters[turn % len(clusters)]
    row = turn // len(clusters)
    return cluster.moid, cluster.hosts[row % len(cluster.hosts)], cluster.datastores[row % len(cluster.datastores)]


def _disks(rng: random.Random, system: System, os: GuestOs) -> tuple[DiskPlan, ...]:
    def disk(size: int) -> DiskPlan:
        written = round(rng.uniform(0.35, 0.8), 3)
        return DiskPlan(
            size_gib=size,
            written=written,
            # what was written and deleted again is not free for the datastore: the guest sees more free than thin does
            guest_free=round(1 - written + rng.uniform(0.02, 0.08), 3),
            kind=rng.choice(("thin", "thin", "thin", "thin", "lazy")),
        )

    data = rng.choice(system.data_gib)
    disks = [disk(90 if os.windows else 40)]
    if data:
        disks.append(disk(data))
    if system.name == "SQL":
        disks.append(disk(data // 4))
    return tuple(disks)


def _mac(vm: int, nic: int) -> str:
    number = vm * 4 + nic
    return f"00:50:56:{0xA0 + (number >> 16):02x}:{number >> 8 & 0xFF:02x}:{number & 0xFF:02x}"
