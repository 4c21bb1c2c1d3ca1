from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_hardware import UsbDevice
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("usb_devices",), when=MACHINE)
def vm_usb_passthrough(vm: VirtualMachine) -> Faults:
    """A USB device of a host is passed through to a VM.

    Meaning: a dongle, or a disk, that is plugged into one host.
    Impact: the VM is bound to what is plugged in there; HA cannot restart it with the device elsewhere.
    Ask the vendor: what happens to this server when its host is replaced? For us: is there a dongle over the network?
    """
    for device in vm.usb_devices or ():
        yield Fault(State.INFO, f"{device.label} is passed through to it", part=device.label or "")


vm_usb_passthrough.fires(usb_devices=(UsbDevice(label="USB 1"),))
vm_usb_passthrough.silent(usb_devices=())
