from agent.health.catalogue import Faults, check
from agent.health.host_settings import service
from agent.health.look import Unseen
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostService, HostSystem


@check(HOST, State.WARNING, needs=("services",), when=CONNECTED, lasting_minutes=60)
def host_ntp_not_running(host: HostSystem) -> Faults:
    """The time service of a host does not run, or does not start with it.

    Meaning: NTP (or PTP) is stopped, or set to be started by hand, so that the next reboot stops it.
    Impact: the clock drifts from then on, some seconds a week, and nobody is told.
    Ask the vendor: who stopped it, and is it part of the standard build of a host?
    """
    found = service(host, "ntpd", "ptpd")
    if found is None:
        yield Fault(State.WARNING, "has no time service")
    elif found.running is None or found.policy is None:
        raise Unseen(host, "services")
    elif not found.running:
        yield Fault(State.WARNING, f"{found.label or found.key} does not run")
    elif found.policy == "off":
        yield Fault(State.WARNING, f"{found.label or found.key} runs, but does not start with the host")


host_ntp_not_running.fires(services=(HostService(key="ntpd", label="NTP Daemon", running=False, policy="on"),))
host_ntp_not_running.silent(services=(HostService(key="ntpd", label="NTP Daemon", running=True, policy="on"),))
