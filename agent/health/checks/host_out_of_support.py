from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(HOST, State.WARNING, State.CRITICAL, needs=("version",), when=CONNECTED)
def host_out_of_support(host: HostSystem, look: Look, *, warning_days: float = 180) -> Faults:
    """The general support of a host's version of ESXi has ended, or ends soon.

    Meaning: by the maker's life cycle, in a table that comes with Checkmeter and can be added to.
    Impact: no more fixes, security fixes neither.
    Ask the vendor: when will you upgrade, and does a paid extension cover us until then?
    """
    end = look.support_end(host, "esxi")
    left = (end - look.now.date()).days
    if left < 0:
        yield Fault(State.CRITICAL, f"the support of ESXi {host.version} ended on {end}")
    elif left <= warning_days:
        yield Fault(State.WARNING, f"the support of ESXi {host.version} ends on {end}")


host_out_of_support.fires(version="7.0.3")
host_out_of_support.silent(version="8.0.3")
