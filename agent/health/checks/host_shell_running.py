from agent.health.catalogue import Faults, check
from agent.health.host_settings import runs
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostService, HostSystem


@check(HOST, State.WARNING, needs=("services",), when=CONNECTED, lasting_minutes=24 * 60)
def host_shell_running(host: HostSystem) -> Faults:
    """The ESXi shell is on at a host.

    Meaning: who stands at its console, or at its remote management, can log in to a command line. It is meant to be on
    during a repair only.
    Impact: what is done there is in no event and in no change ticket.
    Ask the vendor: for which work was it switched on, and when is it switched off?
    """
    if runs(host, "TSM"):
        yield Fault(State.WARNING, "the ESXi shell is on")


host_shell_running.fires(services=(HostService(key="TSM", running=True),))
host_shell_running.silent(services=(HostService(key="TSM", running=False),))
