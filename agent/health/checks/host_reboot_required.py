from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(HOST, State.WARNING, needs=("reboot_required",), when=CONNECTED, lasting_minutes=24 * 60)
def host_reboot_required(host: HostSystem) -> Faults:
    """A host needs a reboot to finish what was changed on it.

    Meaning: a patch or a setting was installed and is not in force before the next reboot.
    Impact: "we have patched" is not yet true for this host, and its next reboot, planned or not, changes it.
    Ask the vendor: what was installed and when, and for which maintenance window is the reboot planned?
    """
    if host.reboot_required:
        yield Fault(State.WARNING, "needs a reboot")


host_reboot_required.fires(reboot_required=True)
host_reboot_required.silent(reboot_required=False)
