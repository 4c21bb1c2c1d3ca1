from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.host_storage import BusAdapter

_DOWN = frozenset({"offline", "fault"})


@check(HOST, State.WARNING, needs=("bus_adapters",), when=CONNECTED, lasting_minutes=15)
def host_storage_adapter_down(host: HostSystem) -> Faults:
    """A storage adapter of a host is offline or at fault.

    Meaning: the adapter itself says so. One that was never connected counts too: it is in the server and paid for.
    Impact: half of the paths to the storage are gone, or were never there.
    Ask the vendor: is it broken, not connected, or not needed?
    """
    for adapter in host.bus_adapters or ():
        if adapter.status in _DOWN:
            yield Fault(
                State.WARNING,
                f"storage adapter {adapter.device} ({adapter.model}) is {adapter.status}",
                part=adapter.device or "",
            )


host_storage_adapter_down.fires(bus_adapters=(BusAdapter(device="vmhba2", model="QLE2742", status="offline"),))
host_storage_adapter_down.silent(bus_adapters=(BusAdapter(device="vmhba2", model="QLE2742", status="online"),))
