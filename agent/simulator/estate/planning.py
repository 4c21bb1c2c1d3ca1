"""From a number of VMs to the plan of a municipality: pure, seeded, proportional."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

from agent.simulator.estate.names import SYSTEMS, TEMPLATES, UBUNTU, W2012, W2016, W2019, W2022, GuestOs, System
from agent.simulator.estate.oddities import with_oddities
from agent.simulator.estate.plan import (
    BACKUP_NETWORK,
    NFS_DATASTORE,
    ClusterPlan,
    DiskPlan,
    HostPlan,
    NetworkPlan,
    NicPlan,
    PoolPlan,
    SitePlan,
    VmPlan,
)
from agent.simulator.estate.planning_platform import HOST_BOOT, networks, platform, resource_pools


def plan_municipality(rng: random.Random, *, vms: int, hostile_names: bool) -> SitePlan:
    """The plan of an estate of `vms` virtual machines, templates included; ValueError below 20."""
    if vms < 20:
        raise ValueError(f"a municipality has at least 20 VMs, not {vms}")
    clusters, hosts, datastores = platform(rng, vms)
    nets = networks()
    pools = resource_pools(clusters)
    folders = tuple((f"group-v{31 + i}", name) for i, name in enumerate([s.name for s in SYSTEMS] + [TEMPLATES]))
    machines = _machines(
        rng, vms, clusters=clusters, networks=nets, pools=pools, folders={name: moid for moid, name in folders}
    )
    failed = hosts[-2]
    return SitePlan(
        clusters=clusters,
        hosts=hosts,
        datastores=datastores,
        networks=nets,
        pools=pools,
        folders=folders,
        vms=with_oddities(
            _restarted_by_ha(machines, failed, clusters[-1].hosts[:-1]),
            home=clusters[0],
            vapp=pools[-1],
            hostile_names=hostile_names,
        ),
    )


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
    *,
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
            nics.append(NicPlan(network=BACKUP_NETWORK, mac=_mac(i, 1), ip=f"10.{30 + i // 240}.170.{10 + i % 240}"))
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
                uptime=_uptime(rng),
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


def _restarted_by_ha(machines: list[VmPlan], failed: HostPlan, peers: Sequence[str]) -> list[VmPlan]:
    """The same machines; those of the host that failed have run on its peers since HA restarted them there."""
    down = failed.uptime + HOST_BOOT
    moved = 0
    result = []
    for vm in machines:
        if vm.host == failed.moid and not vm.template:
            result.append(
                replace(vm, host=peers[moved % len(peers)], uptime=down - timedelta(seconds=75 + 4 * (moved % 40)))
            )
            moved += 1
        else:
            result.append(vm)
    return result


def _uptime(rng: random.Random) -> timedelta:
    """Three servers in ten were restarted in the last three weeks, the others long before."""
    days = rng.randint(1, 19) if rng.random() < 0.3 else rng.randint(25, 300)
    return timedelta(days=days, seconds=rng.randint(0, 80_000))


def _mac(vm: int, nic: int) -> str:
    number = vm * 4 + nic
    return f"00:50:56:{0xA0 + (number >> 16):02x}:{number >> 8 & 0xFF:02x}:{number & 0xFF:02x}"
