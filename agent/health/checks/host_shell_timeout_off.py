from agent.health.catalogue import Faults, check
from agent.health.host_settings import number
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import OptionValue

_KEY = "UserVars.ESXiShellInteractiveTimeOut"


@check(HOST, State.INFO, needs=("options",), when=CONNECTED)
def host_shell_timeout_off(host: HostSystem) -> Faults:
    """A session on the shell of a host never ends by itself.

    Meaning: the advanced setting for the idle time is 0. The hardening guide asks for 15 minutes.
    Impact: a session that somebody forgot is open to the next one at that desk.
    Ask the vendor: which hardening guide do you follow, and is this an exception that is written down?
    """
    if number(host, _KEY) == 0:
        yield Fault(State.INFO, f"{_KEY} is 0: idle shells stay open")


host_shell_timeout_off.fires(options=(OptionValue(key=_KEY, value="0"),))
host_shell_timeout_off.silent(options=(OptionValue(key=_KEY, value="900"),))
