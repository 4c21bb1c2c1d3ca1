"""A host's storage: `config.storageDevice` and `config.fileSystemVolume`."""

from agent.dataclass import dataclass
from agent.model.property import prop


@dataclass(frozen=True, slots=True, kw_only=True)
class BusAdapter:
    """A host bus adapter; `kind` is its class, e.g. HostFibreChannelHba. The WWN is a 64-bit number."""

    kind: str | None = prop("@type")
    key: str | None = prop("key")
    device: str | None = prop("device")
    status: str | None = prop("status")
    bus: int | None = prop("bus")
    pci: str | None = prop("pci")
    driver: str | None = prop("driver")
    model: str | None = prop("model")
    port_wwn: int | None = prop("[vim.host.FibreChannelHba].portWorldWideName")
    iscsi_name: str | None = prop("[vim.host.InternetScsiHba].iScsiName")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScsiLun:
    """A LUN as the host sees it."""

    key: str | None = prop("key")
    uuid: str | None = prop("uuid")
    canonical_name: str | None = prop("canonicalName")
    display_name: str | None = prop("displayName")
    operational_state: tuple[str, ...] | None = prop("operationalState")
    vendor: str | None = prop("vendor")
    model: str | None = prop("model")
    revision: str | None = prop("revision")
    scsi_level: int | None = prop("scsiLevel")
    serial_number: str | None = prop("serialNumber")
    queue_depth: int | None = prop("queueDepth")
    vaai: str | None = prop("vStorageSupport")
    local: bool | None = prop("[vim.host.ScsiDisk].localDisk")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoragePath:
    """One path to a LUN."""

    name: str | None = prop("name")
    state: str | None = prop("state")
    adapter: str | None = prop("adapter")


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipathLun:
    """A LUN with its paths; `lun` is the key of the ScsiLun."""

    id: str | None = prop("id")
    lun: str | None = prop("lun")
    policy: str | None = prop("policy.policy")
    paths: tuple[StoragePath, ...] | None = prop("path")


@dataclass(frozen=True, slots=True, kw_only=True)
class VmfsExtent:
    """A partition that a VMFS volume lies on."""

    disk: str | None = prop("diskName")
    partition: int | None = prop("partition")


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeMount:
    """A volume as mounted on this host."""

    name: str | None = prop("volume.name")
    kind: str | None = prop("volume.type")
    accessible: bool | None = prop("mountInfo.accessible")
    inaccessible_reason: str | None = prop("mountInfo.inaccessibleReason")
    access_mode: str | None = prop("mountInfo.accessMode")
    path: str | None = prop("mountInfo.path")
    extents: tuple[VmfsExtent, ...] | None = prop("volume[vim.host.VmfsVolume].extent")
