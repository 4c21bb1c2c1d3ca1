from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import HOST, VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "esx.audit.ssh.enabled",
        "esx.audit.shell.enabled",
        "esx.audit.ssh.session.opened",
        "esx.audit.dcui.login.failed",
        "RemoteTSMEnabledEvent",
        "LocalTSMEnabledEvent",
    }
)


@check(VCENTER, State.INFO, events=_KINDS, about=HOST)
def host_shell_opened(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """Somebody opened a shell on a host.

    Meaning: SSH or the ESXi shell was switched on within the last day, or a login at the console failed.
    Impact: work below vCenter, of which no change ticket tells by itself.
    Ask the vendor: who did it, for which work, and is it closed again?
    """
    for happening in look.happened(_KINDS, within_hours):
        message = happening.newest.message or f"a shell was opened ({happening.newest.kind})"
        yield happening.fault(State.INFO, message)


_SEEN = happened("esx.audit.ssh.enabled", host="host-1", host_name="esx01", message="SSH access has been enabled")
host_shell_opened.fires(given=Given(events=(_SEEN,)))
host_shell_opened.silent(given=Given(events=()))
