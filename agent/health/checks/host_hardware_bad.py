from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HardwareElement, HostSystem

_STATES = {"yellow": State.WARNING, "red": State.CRITICAL}


@check(
    HOST,
    State.WARNING,
    State.CRITICAL,
    needs=("cpu_health", "memory_health", "storage_health"),
    when=CONNECTED,
    lasting_minutes=10,
)
def host_hardware_bad(host: HostSystem) -> Faults:
    """A processor, memory module, disk or controller of a host is yellow or red.

    Meaning: the host's hardware status of that part. After a repair it may stand until the server's event log is cleared.
    Impact: a part that is about to fail takes all VMs of the host with it.
    Ask the vendor: is it broken or only not cleared, when was it changed, and where is that written down?
    """
    for kind, elements in (
        ("processor", host.cpu_health),
        ("memory", host.memory_health),
        ("storage", host.storage_health),
    ):
        for element in elements or ():
            state = _STATES.get((element.status or "").lower())
            if state is not None:
                yield Fault(state, f"{kind} {element.name!r} is {element.status}", part=element.name or kind)


_GOOD = (HardwareElement(name="CPU socket #0", status="green"),)
host_hardware_bad.fires(
    cpu_health=_GOOD, memory_health=(HardwareElement(name="DIMM 3", status="red"),), storage_health=()
)
host_hardware_bad.silent(
    cpu_health=_GOOD, memory_health=(HardwareElement(name="DIMM 3", status="unknown"),), storage_health=()
)
