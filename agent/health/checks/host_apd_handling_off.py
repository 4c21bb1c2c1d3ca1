from agent.health.catalogue import Faults, check
from agent.health.host_settings import number
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import OptionValue

_KEY = "Misc.APDHandlingEnable"


@check(HOST, State.WARNING, needs=("options",), when=CONNECTED)
def host_apd_handling_off(host: HostSystem) -> Faults:
    """A host waits for lost storage without end.

    Meaning: "all paths down" handling is off, which ends the waiting after 140 seconds by default.
    Impact: when a datastore goes away the whole host may hang, also for VMs on other datastores.
    Ask the vendor: why was the default changed?
    """
    if number(host, _KEY) == 0:
        yield Fault(State.WARNING, f"{_KEY} is 0: it waits for lost storage without end")


host_apd_handling_off.fires(options=(OptionValue(key=_KEY, value="0"),))
host_apd_handling_off.silent(options=(OptionValue(key=_KEY, value="1"),))
