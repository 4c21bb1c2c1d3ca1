from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(HOST, State.WARNING, sees=("ntp_servers",), when=CONNECTED)
def host_ntp_missing(host: HostSystem, *, fewest_count: float = 2) -> Faults:
    """A host has no time server, or too few of them.

    Meaning: with none its clock drifts; with one nobody notices when that one is wrong or away.
    Impact: the times in its logs are no evidence, and guests that take their time from the host are wrong with it.
    Ask the vendor: which time servers are agreed for this platform, and who watches that every host has them?
    """
    servers = host.ntp_servers or ()
    if len(servers) < fewest_count:
        yield Fault(State.WARNING, f"has only one time server: {servers[0]}" if len(servers) == 1 else _few(servers))


def _few(servers: tuple[str, ...]) -> str:
    return f"has {len(servers)} time servers: {', '.join(servers)}" if servers else "has no time server"


host_ntp_missing.fires(ntp_servers=None)
host_ntp_missing.fires(ntp_servers=("ntp1.example",))
host_ntp_missing.silent(ntp_servers=("ntp1.example", "ntp2.example", "ntp3.example"))
