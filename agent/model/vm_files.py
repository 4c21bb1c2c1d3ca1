"""What a VM occupies on its datastores: `layoutEx` and `storage`. Sizes in bytes."""

from agent.dataclass import dataclass
from agent.model.property import prop


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutFile:
    """One file of the VM; `size` is what it occupies, `unique` what it would free."""

    key: int | None = prop("key")
    path: str | None = prop("name")
    kind: str | None = prop("type")
    size_bytes: int | None = prop("size")
    unique_bytes: int | None = prop("uniqueSize")
    accessible: bool | None = prop("accessible")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutChainLink:
    """One member of a disk's chain: the file keys of a disk at one snapshot."""

    file_keys: tuple[int, ...] | None = prop("fileKey")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutDisk:
    """A disk at a snapshot: base first, the newest delta last."""

    key: int | None = prop("key")
    chain: tuple[LayoutChainLink, ...] | None = prop("chain")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutSnapshot:
    """The files of one snapshot; `data_key` is its .vmsn."""

    moid: str | None = prop("key")
    data_key: int | None = prop("dataKey")
    memory_key: int | None = prop("memoryKey")
    disks: tuple[LayoutDisk, ...] | None = prop("disk")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatastoreUsage:
    """What the VM uses of one datastore."""

    datastore: str | None = prop("datastore")
    committed_bytes: int | None = prop("committed")
    uncommitted_bytes: int | None = prop("uncommitted")
    unshared_bytes: int | None = prop("unshared")
