from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(HOST, State.WARNING, needs=("vmotion_enabled",), when=CONNECTED, lasting_minutes=60)
def host_vmotion_off(host: HostSystem) -> Faults:
    """No VM can move to or from a host while it runs.

    Meaning: no VMkernel adapter of the host is enabled for vMotion.
    Impact: DRS cannot relieve the host, and every patch of it means downtime for the VMs on it.
    Ask the vendor: how is this host patched without stopping our VMs?
    """
    if not host.vmotion_enabled:
        yield Fault(State.WARNING, "vMotion is off")


host_vmotion_off.fires(vmotion_enabled=False)
host_vmotion_off.silent(vmotion_enabled=True)
