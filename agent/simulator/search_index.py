"""SearchIndex: objects by inventory path, UUID, DNS name, and a container's child by name."""

from typing import Any
from urllib.parse import unquote

from pyVmomi import vim

from agent.simulator.call import Call
from agent.simulator.inventory import children, descendants
from agent.simulator.objects import Entry
from agent.simulator.schema import id_of
from agent.simulator.service import root_folder


def FindByInventoryPath(call: Call, path: str) -> Any:
    """The object at a path of names below the root folder, each URL-quoted, e.g. `Rådhus/vm/srv-01`."""
    root = root_folder(call.estate)
    here = call.estate.entry(root)
    parts = [unquote(part) for part in path.strip("/").split("/") if part]
    for part in parts:
        found = _child(call, here, part)
        if found is None:
            return None
        here = found
    return here.ref


def FindChild(call: Call, container: Any, name: str) -> Any:
    """A container's child by its name."""
    found = _child(call, call.find(container), name)
    return found.ref if found else None


def FindByUuid(call: Call, datacenter: Any, uuid: str, of_vm: bool, instance: bool | None) -> Any:
    """The first of `FindAllByUuid`."""
    found = FindAllByUuid(call, datacenter, uuid, of_vm, instance)
    return found[0] if found else None


def FindAllByUuid(call: Call, datacenter: Any, uuid: str, of_vm: bool, instance: bool | None) -> Any:
    """VMs by BIOS or instance UUID, or hosts by hardware UUID, anywhere or in one datacenter."""
    path = ("summary.config.instanceUuid" if instance else "summary.config.uuid") if of_vm else "summary.hardware.uuid"
    return _matching(call, datacenter, of_vm, path, uuid)


def FindByDnsName(call: Call, datacenter: Any, name: str, of_vm: bool) -> Any:
    """A VM by its guest's DNS name, or a host by its own."""
    found = _matching(call, datacenter, of_vm, "summary.guest.hostName" if of_vm else "name", name)
    return found[0] if found else None


def FindByIp(call: Call, datacenter: Any, address: str, of_vm: bool) -> Any:
    """A VM by its guest's address, or a host that is known by its address."""
    found = _matching(call, datacenter, of_vm, "summary.guest.ipAddress" if of_vm else "name", address)
    return found[0] if found else None


def _matching(call: Call, datacenter: Any, of_vm: bool, path: str, value: str) -> Any:
    type_: Any = vim.VirtualMachine if of_vm else vim.HostSystem
    if datacenter is None:
        candidates = [call.estate.entry(moid) for moid in call.estate.ids(type_)]
    else:
        candidates = [one for one in descendants(call.estate, id_of(datacenter)) if issubclass(one.type, type_)]
    return [
        one.ref
        for one in candidates
        if call.server.access.sees(call.user, one.ref) and (one.read(path) or "").lower() == value.lower()
    ]


def _child(call: Call, container: Entry, name: str) -> Entry | None:
    for child in children(call.estate, container):
        if child.read("name") == name and call.server.access.sees(call.user, child.ref):
            return child
    return None
