from agent.health.catalogue import Faults, check
from agent.health.host_settings import number
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import OptionValue

_KEY = "Mem.ShareForceSalting"


@check(HOST, State.INFO, needs=("options",), when=CONNECTED)
def host_memory_sharing_open(host: HostSystem) -> Faults:
    """A host shares equal pages of memory between different VMs.

    Meaning: the salt that keeps the memory of VMs apart is off (0 or 1 instead of 2).
    Impact: on a platform that is shared with others, one VM can measure what another one has in memory.
    Ask the vendor: do other customers run on these hosts, and why was the default changed?
    """
    if number(host, _KEY) < 2:
        yield Fault(State.INFO, f"{_KEY} is {number(host, _KEY):g}: memory is shared between VMs")


host_memory_sharing_open.fires(options=(OptionValue(key=_KEY, value="0"),))
host_memory_sharing_open.silent(options=(OptionValue(key=_KEY, value="2"),))
