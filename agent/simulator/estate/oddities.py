"""What makes an estate worth checking: one VM of each kind of trouble, always the same ones."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from agent.simulator.estate.plan import (
    GIB,
    LOCAL_DATASTORE,
    STANDALONE_HOST,
    STANDALONE_POOL,
    VM_NETWORK,
    ClusterPlan,
    DiskPlan,
    PoolPlan,
    SnapshotPlan,
    VmPlan,
)

HOSTILE_NAME = "<script>alert(1)</script>"

OLD_SNAPSHOT = SnapshotPlan(
    moid="snapshot-9001",
    name="før opgradering",
    description="Må slettes når ESDH 7 er godkendt",
    age=timedelta(days=400),
    delta_bytes=61 * GIB,
)
CHAIN = tuple(
    SnapshotPlan(
        moid=f"snapshot-{9002 + n}",
        name=f"SQL CU{n + 20}",
        description="drift-vendor: før cumulative update",
        age=timedelta(days=days),
        delta_bytes=delta * GIB,
    )
    for n, (days, delta) in enumerate(((44, 9), (12, 7), (5, 4)))
)
FRESH_SNAPSHOT = SnapshotPlan(
    moid="snapshot-9005",
    name="VEEAM BACKUP TEMPORARY SNAPSHOT",
    description="Please do not delete this snapshot. It is being used by Veeam Backup.",
    age=timedelta(minutes=25),
    delta_bytes=GIB // 2,
    quiesced=True,
)


def _changes(home: ClusterPlan, vapp: PoolPlan) -> dict[tuple[str, int], dict[str, Any]]:
    """What differs, by (system, which of its VMs, from 0). `home` is the cluster of the vApp and of the full datastore."""
    in_vapp = {"vapp": vapp.moid, "pool": vapp.moid, "host": home.hosts[1], "datastore": home.datastores[0]}
    return {
        ("Test", 2): {"connection": "orphaned", "power": "poweredOff"},
        ("Test", 5): {"connection": "inaccessible", "power": "poweredOff"},
        ("Test", 6): {"power": "suspended"},
        ("Test", 1): {"power": "poweredOff"},
        ("Test", 8): {"power": "poweredOff", "clean_power_off": False},
        ("Web", 5): {"power": "poweredOff"},
        ("Skole", 5): {"power": "poweredOff"},
        ("ERP", 0): {"snapshots": (FRESH_SNAPSHOT,)},
        ("ERP", 2): {"cpu_limit_mhz": 4000, "memory_limit_mib": 8192},
        ("ERP", 3): {"tools": "stopped"},
        ("ERP", 4): {"backup_age": timedelta(days=9, hours=4)},
        ("ESDH", 0): {"snapshots": (OLD_SNAPSHOT,)},
        ("ESDH", 1): {"disks": (DiskPlan(size_gib=90, written=0.99, guest_free=0.021),)},
        ("ESDH", 2): {"consolidation_needed": True},
        ("ESDH", 3): {"backup_age": None},
        ("SQL", 0): {"cpu_reservation_mhz": 6000, "memory_reservation_mib": 16_384},
        ("SQL", 1): {"snapshots": CHAIN},
        ("Web", 0): {"upgrade_scheduled": True, "hardware": "vmx-13"},
        ("Borger", 0): {"encrypted": True},
        ("Borger", 1): {"fault_tolerant": True},
        ("Citrix", 0): {"cdrom": "iso"},
        ("Citrix", 1): {"cdrom": "none"},
        ("Skole", 0): {"tools": "outdated"},
        ("Skole", 2): {"tools": "outdated", "hardware": "vmx-10", "floppy": True},
        ("GIS", 0): {
            "host": home.hosts[0],
            "pool": vapp.parent,
            "datastore": home.datastores[2],
            "question": "There is no more space for virtual disk 'gis-server01_1.vmdk'. You might be able to continue "
            "this session by freeing disk space on the relevant volume, and clicking Retry.",
        },
        ("GIS", 1): in_vapp,
        ("GIS", 2): in_vapp,
        ("Drift", 0): {
            "host": STANDALONE_HOST,
            "pool": STANDALONE_POOL,
            "datastore": LOCAL_DATASTORE,
            "usb_dongle": True,
        },
        ("Drift", 1): {"tools": "absent", "managed_by": "com.vmware.vcops"},
        ("Drift", 2): {"host": STANDALONE_HOST, "pool": STANDALONE_POOL, "datastore": LOCAL_DATASTORE},
    }


def with_oddities(
    machines: Sequence[VmPlan], *, home: ClusterPlan, vapp: PoolPlan, hostile_names: bool
) -> tuple[VmPlan, ...]:
    """The same machines, some of them in trouble. Kinds of trouble for which the estate is too small are left out."""
    changes = _changes(home, vapp)
    seen: dict[str, int] = {}
    result = []
    for vm in machines:
        if vm.template:
            result.append(vm)
            continue
        nth = seen[vm.system.name] = seen.get(vm.system.name, -1) + 1
        odd = replace(vm, **changes.get((vm.system.name, nth), {}))
        if odd.host == STANDALONE_HOST:
            # outside the clusters there is no distributed switch
            odd = replace(odd, nics=tuple(replace(nic, network=VM_NETWORK) for nic in odd.nics[:1]))
        first, *rest = odd.disks
        match vm.system.name, nth:
            case "SQL", 0:
                odd = replace(odd, disks=(first, replace(rest[0], kind="rdm"), *rest[1:]))
            case "SQL", (2 | 3):
                odd = replace(odd, disks=(first, replace(rest[0], kind="multi-writer"), *rest[1:]))
            case "Citrix", 3:
                odd = replace(odd, disks=(replace(first, kind="eager", written=1.0),))
            case "Citrix", 4:
                odd = replace(odd, disks=(replace(first, kind="independent"),))
            case "Skole", 2:
                odd = replace(odd, nics=(replace(odd.nics[0], model="e1000"),))
            case "Web", 2:
                odd = replace(odd, nics=(replace(odd.nics[0], connected=False),))
            case "Web", 4 if hostile_names:
                odd = replace(odd, name=HOSTILE_NAME)
        result.append(odd)
    return _with_own_directories(result)


def _with_own_directories(machines: Sequence[VmPlan]) -> tuple[VmPlan, ...]:
    """The directory of a second VM of the same name is called `name_1`, as vCenter does it."""
    seen: Counter[tuple[str, str]] = Counter()
    result = []
    for vm in machines:
        earlier = seen[vm.datastore, vm.name]
        seen[vm.datastore, vm.name] += 1
        result.append(replace(vm, directory=f"{vm.name}_{earlier}") if earlier else vm)
    return tuple(result)
