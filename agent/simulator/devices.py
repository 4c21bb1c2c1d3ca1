"""The instances of performance counters: the devices an entity has, by counter group."""

import re
from typing import Any
from zlib import crc32

from pyVmomi import vim

from agent.simulator.objects import Entry, Estate
from agent.simulator.schema import id_of

_VOLUME = re.compile(r"/vmfs/volumes/([^/]+)")


def instances_of(estate: Estate, entry: Entry, kind: str) -> dict[str, list[str]]:
    """Device names by counter group, as vCenter names instances; empty for entities that only have aggregates."""
    if kind not in "VH":
        return {}
    stores = [estate.entry(id_of(ref)) for ref in entry.root("datastore") or [] if id_of(ref) in estate]
    devices = {
        "datastore": [_volume(store) for store in stores],
        "disk": [_lun(store) for store in stores],
    }
    if kind == "V":
        cards, disks = _hardware(entry)
        cpus = entry.read("summary.config.numCpu") or 1
        return devices | {"cpu": _numbers(cpus), "net": cards, "virtualDisk": disks}
    threads = entry.read("summary.hardware.numCpuThreads") or 1
    ports = entry.read("config.network.pnic") or []
    return devices | {
        "cpu": _numbers(threads),
        "net": [port.device for port in ports] or ["vmnic0", "vmnic1"],
        "storageAdapter": ["vmhba0", "vmhba1"],
    }


def _numbers(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def _hardware(entry: Entry) -> tuple[list[str], list[str]]:
    """Network cards by device key, disks as controller and unit, e.g. 4000 and scsi0:1."""
    devices: list[Any] = entry.read("config.hardware.device") or []
    controllers = {one.key: one for one in devices if isinstance(one, vim.vm.device.VirtualController)}
    cards = [str(one.key) for one in devices if isinstance(one, vim.vm.device.VirtualEthernetCard)]
    disks = []
    for one in devices:
        if isinstance(one, vim.vm.device.VirtualDisk):
            bus = controllers.get(one.controllerKey or 0)
            name = "nvme" if isinstance(bus, vim.vm.device.VirtualNVMEController) else "scsi"
            disks.append(f"{name}{bus.busNumber if bus else 0}:{one.unitNumber or 0}")
    return cards or ["4000"], disks or ["scsi0:0"]


def _volume(store: Entry) -> str:
    """The volume's id as in its URL, ds:///vmfs/volumes/<id>/."""
    found = _VOLUME.search(store.read("summary.url") or "")
    return found[1] if found else f"{crc32(store.moid.encode()):08x}-{crc32(store.moid[::-1].encode()):08x}"


def _lun(store: Entry) -> str:
    """The canonical name of the device under a datastore: the first extent's where the estate says."""
    volume = getattr(store.root("info"), "vmfs", None)
    if volume is not None and volume.extent:
        return str(volume.extent[0].diskName)
    return f"naa.6{crc32(store.moid.encode()):08x}{crc32(store.moid[::-1].encode()):08x}00000000000000f"[:36]
