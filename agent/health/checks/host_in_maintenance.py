from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(HOST, State.WARNING, needs=("in_maintenance_mode",), when=CONNECTED, lasting_minutes=24 * 60)
def host_in_maintenance(host: HostSystem) -> Faults:
    """A host is in maintenance mode.

    Meaning: it runs no VMs until somebody takes it out of that mode. The alert is raised after a day: a patch takes an
    hour or two.
    Impact: the cluster has one host less to fail over to, and the others carry its load.
    Ask the vendor: what is being done to it, since when, was it announced, and when will it be back?
    """
    if host.in_maintenance_mode:
        yield Fault(State.WARNING, "is in maintenance mode")


host_in_maintenance.fires(in_maintenance_mode=True)
host_in_maintenance.silent(in_maintenance_mode=False)
