from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(HOST, State.INFO, needs=("secure_boot",), when=CONNECTED)
def host_secure_boot_off(host: HostSystem) -> Faults:
    """A host was not started with UEFI secure boot.

    Meaning: the firmware does not verify the signatures of the hypervisor and its drivers when it starts.
    Impact: a driver or an implant that nobody signed would run below all VMs.
    Ask the vendor: does the hardware not have it, and if it has, when is it switched on?
    """
    if not host.secure_boot:
        yield Fault(State.INFO, "was not started with secure boot")


host_secure_boot_off.fires(secure_boot=False)
host_secure_boot_off.silent(secure_boot=True)
