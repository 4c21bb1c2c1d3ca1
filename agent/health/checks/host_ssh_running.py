from agent.health.catalogue import Faults, check
from agent.health.host_settings import runs
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostService, HostSystem


@check(HOST, State.WARNING, needs=("services",), when=CONNECTED, lasting_minutes=24 * 60)
def host_ssh_running(host: HostSystem) -> Faults:
    """SSH is on at a host.

    Meaning: it is needed for some work and is meant to be switched off after it. The alert waits a day.
    Impact: whoever has the password of root, from wherever the port is open, has every VM on the host.
    Ask the vendor: for which work was it switched on, by whom, and when is it switched off?
    """
    if runs(host, "TSM-SSH"):
        yield Fault(State.WARNING, "SSH is on")


host_ssh_running.fires(services=(HostService(key="TSM-SSH", running=True),))
host_ssh_running.silent(services=(HostService(key="TSM-SSH", running=False),))
