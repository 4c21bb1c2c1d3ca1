from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem

_STATES = {"yellow": State.WARNING, "red": State.CRITICAL}


@check(HOST, State.WARNING, State.CRITICAL, needs=("overall_status",), when=CONNECTED, lasting_minutes=30)
def host_status_bad(host: HostSystem) -> Faults:
    """A host is yellow or red in vCenter.

    Meaning: vCenter's own sum over the alarms and the state of the host. What is behind it is mostly a finding of its
    own here; if there is none, it is something that our account cannot see.
    Impact: as the alarm behind it.
    Ask the vendor: which alarm is it, and is somebody at work on it?
    """
    if state := _STATES.get(host.overall_status or ""):
        yield Fault(state, f"its overall status is {host.overall_status}")


host_status_bad.fires(overall_status="red")
host_status_bad.silent(overall_status="green")
