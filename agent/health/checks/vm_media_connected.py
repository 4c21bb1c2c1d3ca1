from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_hardware import Cdrom, Floppy
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("cdroms", "floppies"), when=RUNNING, lasting_minutes=24 * 60)
def vm_media_connected(vm: VirtualMachine) -> Faults:
    """A CD or a floppy is connected to a VM that is on.

    Meaning: an installation image, or the drive of somebody's PC, was left in.
    Impact: the VM may not be moved to another host, which stops the host's maintenance or becomes downtime.
    Ask the vendor: please take it out, on all servers.
    """
    drives: tuple[Cdrom | Floppy, ...] = (*(vm.cdroms or ()), *(vm.floppies or ()))
    for drive in drives:
        if drive.connected:
            what = drive.iso if isinstance(drive, Cdrom) and drive.iso else "a medium"
            yield Fault(State.INFO, f"{what} is in {drive.label}", part=drive.label or "")


vm_media_connected.fires(cdroms=(Cdrom(label="CD/DVD drive 1", connected=True, iso="[NFS] w2k22.iso"),), floppies=())
vm_media_connected.silent(cdroms=(Cdrom(label="CD/DVD drive 1", connected=False),), floppies=())
