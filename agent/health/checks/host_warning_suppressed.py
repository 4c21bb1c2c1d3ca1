from agent.health.catalogue import Faults, check
from agent.health.host_settings import number
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import OptionValue

_KEY = "UserVars.SuppressShellWarning"


@check(HOST, State.WARNING, needs=("options",), when=CONNECTED)
def host_warning_suppressed(host: HostSystem) -> Faults:
    """The warning that SSH or the shell is on was switched off at a host.

    Meaning: vCenter shows a yellow bar while a shell is open. Somebody has hidden it instead of closing the shell.
    Impact: nobody is reminded, and the finding host_config_issue does not show it either.
    Ask the vendor: who decided that, and for which hosts?
    """
    if number(host, _KEY) != 0:
        yield Fault(State.WARNING, "the warning that a shell is open is suppressed")


host_warning_suppressed.fires(options=(OptionValue(key=_KEY, value="1"),))
host_warning_suppressed.silent(options=(OptionValue(key=_KEY, value="0"),))
