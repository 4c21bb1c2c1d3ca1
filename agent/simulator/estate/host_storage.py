"""`config.storageDevice` and `config.fileSystemVolume` of a host: adapters, LUNs, their paths, the mounted datastores."""

from collections.abc import Mapping, Sequence

from pyVmomi import vim

from agent.simulator.estate.datastores import disk_name, volume
from agent.simulator.estate.plan import GIB, DatastorePlan, HostPlan
from agent.simulator.estate.vms import datastore_url

_host = vim.host
_path = _host.MultipathInfo.Path
ARRAY_PORTS = (0x500601643EA0_2F1A, 0x5006016C3EA0_2F1A)


def _adapters(host: HostPlan) -> list[vim.host.HostBusAdapter]:
    fibre = [
        _host.FibreChannelHba(
            key=f"key-vim.host.FibreChannelHba-vmhba{n}",
            device=f"vmhba{n}",
            bus=0x5E + n,
            status="online",
            model="QLE2742 Dual Port 32Gb Fibre Channel to PCIe Adapter",
            driver="qlnativefc",
            pci=f"0000:{0x5E + n:02x}:00.0",
            storageProtocol="scsi",
            portWorldWideName=0x2100_0024_FF00_0000 + host.number * 16 + n,
            nodeWorldWideName=0x2000_0024_FF00_0000 + host.number * 16 + n,
            portType="fabric",
            speed=32,
        )
        for n in (1, 2)
    ]
    iscsi = _host.InternetScsiHba(
        key="key-vim.host.InternetScsiHba-vmhba64",
        device="vmhba64",
        bus=0,
        status="unbound",
        model="iSCSI Software Adapter",
        driver="iscsi_vmk",
        storageProtocol="scsi",
        isSoftwareBased=True,
        canBeDisabled=True,
        networkBindingSupport="optional",
        discoveryCapabilities=_host.InternetScsiHba.DiscoveryCapabilities(sendTargetsDiscoverySettable=True),
        discoveryProperties=_host.InternetScsiHba.DiscoveryProperties(sendTargetsDiscoveryEnabled=True),
        authenticationCapabilities=_host.InternetScsiHba.AuthenticationCapabilities(chapAuthSettable=True),
        authenticationProperties=_host.InternetScsiHba.AuthenticationProperties(chapAuthEnabled=False),
        ipCapabilities=_host.InternetScsiHba.IPCapabilities(addressSettable=False),
        ipProperties=_host.InternetScsiHba.IPProperties(dhcpConfigurationEnabled=False),
        iScsiName=f"iqn.1998-01.com.vmware:esx{host.number:02d}-{0x4A10 + host.number:x}",
    )
    raid = _host.BlockHba(
        key="key-vim.host.BlockHba-vmhba0",
        device="vmhba0",
        bus=0x18,
        status="unknown",
        model="PERC H755 Front",
        driver="lsi_mr3",
        pci="0000:18:00.0",
        storageProtocol="scsi",
    )
    return [raid, *fibre, iscsi]


def _lun(name: str, number: int, size: int, *, local: bool) -> vim.host.ScsiDisk:
    vendor, model = ("DELL", "PERC H755 Front") if local else ("DGC", "VRAID")
    return _host.ScsiDisk(
        deviceName=f"/vmfs/devices/disks/{name}",
        deviceType="disk",
        devicePath=f"/vmfs/devices/disks/{name}",
        key=f"key-vim.host.ScsiDisk-{name}",
        uuid=f"0200{number:04x}00{name.removeprefix('naa.')}{model.encode().hex()[:12]}",
        canonicalName=name,
        displayName=f"{'Local' if local else 'DGC Fibre Channel'} Disk ({name})",
        lunType="disk",
        vendor=vendor,
        model=model,
        revision="5.26" if local else "5300",
        scsiLevel=5 if local else 4,
        serialNumber=f"APM0019{number:07d}",
        queueDepth=128,
        operationalState=["ok"],
        vStorageSupport="vStorageUnsupported" if local else "vStorageSupported",
        protocolEndpoint=False,
        perenniallyReserved=False,
        capacity=_host.DiskDimensions.Lba(blockSize=512, block=size // 512),
        ssd=True,
        localDisk=local,
        scsiDiskType="native512",
    )


def _unit(lun: vim.host.ScsiDisk, number: int, *, dead: bool) -> vim.host.MultipathInfo.LogicalUnit:
    """A LUN with its paths: one for a local disk; four (two adapters, two array ports) for one of the array."""
    name = lun.canonicalName
    key = f"key-vim.host.MultipathInfo.LogicalUnit-{lun.uuid}"
    if lun.localDisk:
        routes: list[tuple[str, str, int, int | None]] = [("vmhba0", "key-vim.host.BlockHba-vmhba0", 0, None)]
    else:
        routes = [
            (f"vmhba{hba}", f"key-vim.host.FibreChannelHba-vmhba{hba}", target, port)
            for hba in (1, 2)
            for target, port in enumerate(ARRAY_PORTS)
        ]
    paths = []
    for adapter, adapter_key, target, port in routes:
        # one array port behind the second adapter is lost
        state = "dead" if dead and adapter == "vmhba2" and target == 1 else "active"
        path = f"{adapter}:C0:T{target}:L{number}"
        transport = (
            None
            if port is None
            else _host.FibreChannelTargetTransport(portWorldWideName=port, nodeWorldWideName=ARRAY_PORTS[0])
        )
        paths.append(
            _path(
                key=f"key-vim.host.MultipathInfo.Path-{path}",
                name=path if port is None else f"fc.{port:x}-{adapter}-{name}",
                pathState=state,
                state=state,
                isWorkingPath=state == "active",
                adapter=adapter_key,
                lun=key,
                transport=transport,
            )
        )
    policy = "VMW_PSP_FIXED" if lun.localDisk else "VMW_PSP_RR"
    return _host.MultipathInfo.LogicalUnit(
        key=key,
        id=lun.uuid,
        lun=lun.key,
        path=paths,
        policy=_host.MultipathInfo.LogicalUnitPolicy(policy=policy),
        storageArrayTypePolicy=_host.MultipathInfo.LogicalUnitStorageArrayTypePolicy(
            policy="VMW_SATP_LOCAL" if lun.localDisk else "VMW_SATP_ALUA_CX"
        ),
    )


def host_storage(
    host: HostPlan, datastores: Sequence[DatastorePlan], capacities: Mapping[str, int]
) -> vim.host.StorageDeviceInfo:
    """`config.storageDevice`; `capacities` are those of the datastores by managed object id, bytes."""
    boot = _lun(f"naa.6d0946606b1c2f01{host.number:016x}", 0, 223 * GIB, local=True)
    luns = [boot] + [
        _lun(disk_name(plan), plan.number + 1, capacities[plan.moid], local=plan.local)
        for plan in datastores
        if plan.kind == "VMFS"
    ]
    return _host.StorageDeviceInfo(
        hostBusAdapter=_adapters(host),
        scsiLun=luns,
        multipathInfo=_host.MultipathInfo(
            lun=[_unit(lun, number, dead=host.dead_path and number == 2) for number, lun in enumerate(luns)]
        ),
        softwareInternetScsiEnabled=True,
    )


def host_volumes(datastores: Sequence[DatastorePlan], capacities: Mapping[str, int]) -> vim.host.FileSystemVolumeInfo:
    """`config.fileSystemVolume`: the datastores as the host has them mounted."""
    return _host.FileSystemVolumeInfo(
        volumeTypeList=["VMFS", "NFS", "NFS41", "vsan", "VVOL", "VFFS", "OTHER"],
        mountInfo=[
            _host.FileSystemMountInfo(
                mountInfo=_host.MountInfo(
                    path=datastore_url(plan).removeprefix("ds://").rstrip("/"),
                    accessMode="readWrite",
                    mounted=True,
                    accessible=True,
                ),
                volume=volume(plan, capacities[plan.moid]),
                vStorageSupport="vStorageSupported" if plan.kind == "VMFS" else "vStorageUnsupported",
            )
            for plan in datastores
        ],
    )
