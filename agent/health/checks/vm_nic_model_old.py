from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_hardware import EthernetCard
from agent.model.virtual_machine import VirtualMachine

_OLD = frozenset({"VirtualE1000", "VirtualE1000e", "VirtualPCNet32", "VirtualVmxnet", "VirtualVmxnet2"})


@check(VM, State.INFO, needs=("nics",), when=MACHINE)
def vm_nic_model_old(vm: VirtualMachine) -> Faults:
    """A VM has a network card of an emulated or outdated model.

    Meaning: not vmxnet3, which is made for virtual machines.
    Impact: more CPU for the same traffic, and known losses under load.
    Ask the vendor: will you exchange it at the next planned stop?
    """
    for nic in vm.nics or ():
        if nic.kind in _OLD:
            model = nic.kind.removeprefix("Virtual")
            yield Fault(State.INFO, f"{nic.label} is a {model}", part=nic.label or "")


vm_nic_model_old.fires(nics=(EthernetCard(label="Network adapter 1", kind="VirtualE1000"),))
vm_nic_model_old.silent(nics=(EthernetCard(label="Network adapter 1", kind="VirtualVmxnet3"),))
