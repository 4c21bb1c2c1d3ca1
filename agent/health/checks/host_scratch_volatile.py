from agent.health.catalogue import Faults, check
from agent.health.host_settings import option
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import OptionValue

_KEY = "ScratchConfig.CurrentScratchLocation"
_RAM_DISK = "/tmp"  # noqa: S108 - where ESXi keeps it, nothing is written there


@check(HOST, State.WARNING, needs=("options",), when=CONNECTED)
def host_scratch_volatile(host: HostSystem) -> Faults:
    """A host keeps its log in memory.

    Meaning: its scratch location is on the RAM disk, as it is when a host boots from a card and was set up no further.
    Impact: the log is gone after every reboot, that is, after every crash.
    Ask the vendor: on which disk should the scratch location be, and why is this host different?
    """
    if option(host, _KEY).startswith(_RAM_DISK):
        yield Fault(State.WARNING, f"its scratch location is the RAM disk, {option(host, _KEY)}")


host_scratch_volatile.fires(options=(OptionValue(key=_KEY, value=f"{_RAM_DISK}/scratch"),))
host_scratch_volatile.silent(options=(OptionValue(key=_KEY, value="/vmfs/volumes/5f00/.locker"),))
