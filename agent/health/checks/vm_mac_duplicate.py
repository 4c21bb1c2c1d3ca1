from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_hardware import EthernetCard
from agent.model.virtual_machine import VirtualMachine


def _owners(look: Look) -> Mapping[str, Sequence[str]]:
    """The running VMs that have each MAC address which more than one has."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for vm in look.inventory.vms.values():
        if vm.power_state == "poweredOn":
            for mac in {nic.mac for nic in vm.nics or () if nic.mac}:
                found[mac].append(vm.moid)
    return {mac: moids for mac, moids in found.items() if len(moids) > 1}


@check(VM, State.WARNING, needs=("nics",), when=RUNNING)
def vm_mac_duplicate(vm: VirtualMachine, look: Look) -> Faults:
    """Two running VMs have the same MAC address.

    Meaning: mostly a copy that kept the address of its original.
    Impact: where both are in one network, packets reach now the one, now the other.
    Ask the vendor: which of them is the copy, and why did the copying not give it a new address?
    """
    shared = look.once(_owners)
    for mac in {nic.mac for nic in vm.nics or () if nic.mac} & shared.keys() if shared else ():
        others = [moid for moid in shared[mac] if moid != vm.moid]
        if others:
            words = f"{mac} is also the address of {look.inventory.named(others[0]) or others[0]}"
            yield Fault(State.WARNING, words, part=mac)


_CARD = EthernetCard(label="Network adapter 1", mac="00:50:56:00:00:01")
_COPY = VirtualMachine(moid="vm-2", name="copy", power_state="poweredOff", template=False, nics=(_CARD,))
vm_mac_duplicate.fires(
    replace(_COPY, power_state="poweredOn", connection_state="connected"), moid="vm-1", nics=(_CARD,)
)
vm_mac_duplicate.silent(replace(_COPY, connection_state="connected"), moid="vm-1", nics=(_CARD,))
