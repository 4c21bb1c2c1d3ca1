from agent.health.catalogue import Faults, check
from agent.health.host_settings import number
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import OptionValue

_KEY = "Security.AccountLockFailures"


@check(HOST, State.INFO, needs=("options",), when=CONNECTED)
def host_account_lockout_off(host: HostSystem) -> Faults:
    """A host locks no account after failed logins.

    Meaning: the advanced setting for the number of failures is 0, which switches the lock off.
    Impact: passwords of root can be tried without end.
    Ask the vendor: which hardening guide do you follow, and is this an exception that is written down?
    """
    if number(host, _KEY) == 0:
        yield Fault(State.INFO, f"{_KEY} is 0: accounts are never locked")


host_account_lockout_off.fires(options=(OptionValue(key=_KEY, value="0"),))
host_account_lockout_off.silent(options=(OptionValue(key=_KEY, value="5"),))
