from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(HOST, State.INFO, needs=("lockdown_mode",), when=CONNECTED)
def host_lockdown_off(host: HostSystem) -> Faults:
    """Lockdown mode is off at a host.

    Meaning: people can log in to the host itself and not only to vCenter.
    Impact: such work bypasses vCenter's permissions, and its events do not name the person.
    Ask the vendor: which hardening guide do you follow, and is this an exception that is written down?
    """
    if host.lockdown_mode == "lockdownDisabled":
        yield Fault(State.INFO, "lockdown mode is off")


host_lockdown_off.fires(lockdown_mode="lockdownDisabled")
host_lockdown_off.silent(lockdown_mode="lockdownNormal")
