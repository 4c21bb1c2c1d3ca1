from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.example import ago
from agent.health.look import Look
from agent.health.subjects import CONNECTED, HOST
from agent.health.wording import length
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(HOST, State.WARNING, needs=("boot_time",), when=CONNECTED)
def host_rebooted(host: HostSystem, look: Look, *, window_hours: float = 24) -> Faults:
    """A host has been started lately.

    Meaning: it was switched off or restarted within that time, planned or not. The finding goes away by itself.
    Impact: if it was not planned, every VM on it was down; the ledger has the seconds of each.
    Ask the vendor: was this reboot in the change calendar, and if not, what does the host's log say of the cause?
    """
    assert host.boot_time is not None  # noqa: S101 - needed above
    age = look.age(host.boot_time)
    if timedelta() <= age < timedelta(hours=window_hours):
        yield Fault(State.WARNING, f"was started {length(age)} ago, at {host.boot_time:%Y-%m-%d %H:%M} UTC")


host_rebooted.fires(boot_time=ago(hours=5))
host_rebooted.silent(boot_time=ago(days=90))
