from agent.health.catalogue import Faults, check
from agent.health.host_settings import option
from agent.health.look import Look
from agent.health.members import difference, members
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import OptionValue

_KEY = "Syslog.global.logHost"


@check(CLUSTER, State.INFO, needs=("hosts",), also=("HostSystem.config.option",))
def cluster_syslog_differs(cluster: ClusterComputeResource, look: Look) -> Faults:
    """The hosts of a cluster send their logs to different servers.

    Meaning: the remote syslog server is not the same on all of them.
    Impact: the evidence of one event lies in several places, or is missing for one host.
    Ask the vendor: where are the logs of all hosts of this cluster?
    """
    servers = {host.name or host.moid: option(host, _KEY) for host in members(cluster, look, "options")}
    if words := difference(servers):
        yield Fault(State.INFO, words)


def _host(number: int, server: str) -> HostSystem:
    options = (OptionValue(key=_KEY, value=server),)
    return HostSystem(moid=f"host-{number}", name=f"esx0{number}", connection_state="connected", options=options)


_TWO = ("host-1", "host-2")
cluster_syslog_differs.fires(_host(1, "udp://a.example:514"), _host(2, "udp://old.example:514"), hosts=_TWO)
cluster_syslog_differs.silent(_host(1, "udp://a.example:514"), _host(2, "udp://a.example:514"), hosts=_TWO)
