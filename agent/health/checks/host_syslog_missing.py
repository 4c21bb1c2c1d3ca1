from agent.health.catalogue import Faults, check
from agent.health.host_settings import option
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import OptionValue

_KEY = "Syslog.global.logHost"


@check(HOST, State.WARNING, needs=("options",), when=CONNECTED)
def host_syslog_missing(host: HostSystem) -> Faults:
    """A host sends its log nowhere.

    Meaning: no remote syslog server is set. The log stays on the host, and is lost with it or overwritten in days.
    Impact: after a crash or a break-in there is no evidence of what happened.
    Ask the vendor: where are the logs of this host, for how long are they kept, and may we read those of our VMs?
    """
    if not option(host, _KEY).strip():
        yield Fault(State.WARNING, "sends its log to no server")


host_syslog_missing.fires(options=(OptionValue(key=_KEY, value=""),))
host_syslog_missing.silent(options=(OptionValue(key=_KEY, value="udp://syslog.example:514"),))
