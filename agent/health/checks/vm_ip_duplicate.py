from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import GuestNic, VirtualMachine

_EVERYWHERE = ("fe80:", "FE80:", "169.254.", "127.", "0.", "::")


def _addresses(vm: VirtualMachine) -> set[str]:
    """The addresses that must be a server's own; link-local and loopback ones are everywhere."""
    return {
        address
        for nic in vm.guest_nics or ()
        for address in nic.ip_addresses or ()
        if not address.startswith(_EVERYWHERE)
    }


def _owners(look: Look) -> Mapping[str, Sequence[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for vm in look.inventory.vms.values():
        if vm.power_state == "poweredOn":
            for address in _addresses(vm):
                found[address].append(vm.moid)
    return {address: moids for address, moids in found.items() if len(moids) > 1}


@check(VM, State.WARNING, sees=("guest_nics",), when=RUNNING, lasting_minutes=15)
def vm_ip_duplicate(vm: VirtualMachine, look: Look) -> Faults:
    """Two running VMs have the same IP address.

    Meaning: VMware Tools of both report it. Clusters that share an address show it on one of them at a time.
    Impact: users reach now the one, now the other.
    Ask the vendor: if they give out addresses: which of the two is right?
    """
    shared = look.once(_owners)
    for address in sorted(_addresses(vm) & shared.keys()) if shared else ():
        others = [moid for moid in shared[address] if moid != vm.moid]
        if others:
            words = f"{address} is also the address of {look.inventory.named(others[0]) or others[0]}"
            yield Fault(State.WARNING, words, part=address)


_NIC = GuestNic(ip_addresses=("10.20.0.5", "fe80::1"))
_OTHER = VirtualMachine(moid="vm-2", name="b", template=False, power_state="poweredOn", guest_nics=(_NIC,))
_ON = replace(_OTHER, connection_state="connected")
vm_ip_duplicate.fires(_ON, moid="vm-1", guest_nics=(_NIC,))
vm_ip_duplicate.silent(_ON, moid="vm-1", guest_nics=(GuestNic(ip_addresses=("10.20.0.6", "fe80::1")),))
