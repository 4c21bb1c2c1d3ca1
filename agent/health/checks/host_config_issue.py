from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import ConfigIssue


@check(HOST, State.WARNING, sees=("config_issues",), when=CONNECTED, lasting_minutes=24 * 60)
def host_config_issue(host: HostSystem) -> Faults:
    """A host has a configuration issue in vCenter's summary.

    Meaning: what vCenter writes in the yellow bar of the host's summary page, for everybody who looks.
    Impact: what it says. That it stands there means that nobody looks, or that nobody acts.
    Ask the vendor: since when does it stand there, and when will it be gone?
    """
    for issue in host.config_issues or ():
        since = f", since {issue.created:%Y-%m-%d}" if issue.created else ""
        yield Fault(State.WARNING, f"{issue.message or issue.kind}{since}", part=issue.kind or "")


host_config_issue.fires(config_issues=(ConfigIssue(kind="RemoteTSMEnabledEvent", message="SSH has been enabled"),))
host_config_issue.silent(config_issues=())
