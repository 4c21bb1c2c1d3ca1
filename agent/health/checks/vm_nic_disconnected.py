from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_hardware import EthernetCard
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, needs=("nics",), when=RUNNING, lasting_minutes=15)
def vm_nic_disconnected(vm: VirtualMachine) -> Faults:
    """A network card of a running VM is not connected, or will not be after its next start.

    Meaning: the card is unplugged in vCenter, or "connect at power on" is off.
    Impact: the server is alone, or will be after the next restart by HA, at night.
    Ask the vendor: is this wanted? If not, please connect it and set it to connect at power on.
    """
    for nic in vm.nics or ():
        if nic.connected is False:
            yield Fault(State.WARNING, f"{nic.label} is not connected", part=nic.label or "")
        elif nic.start_connected is False:
            yield Fault(State.WARNING, f"{nic.label} will not connect at its next start", part=nic.label or "")


vm_nic_disconnected.fires(nics=(EthernetCard(label="Network adapter 1", connected=False, start_connected=True),))
vm_nic_disconnected.silent(nics=(EthernetCard(label="Network adapter 1", connected=True, start_connected=True),))
