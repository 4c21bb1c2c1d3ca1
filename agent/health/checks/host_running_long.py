from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.example import ago
from agent.health.look import Look
from agent.health.subjects import CONNECTED, HOST
from agent.health.wording import length
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(HOST, State.INFO, needs=("boot_time",), when=CONNECTED)
def host_running_long(host: HostSystem, look: Look, *, most_days: float = 365) -> Faults:
    """A host has not been restarted for a long time.

    Meaning: nearly every patch of ESXi, and every one of the firmware, takes a restart: none was put into force since.
    Impact: "we patched last month" cannot be true for this host; and whether it starts again is not known.
    Ask the vendor: which patches have been installed since that day, and when is it restarted?
    """
    assert host.boot_time is not None  # noqa: S101 - needed above
    age = look.age(host.boot_time)
    if age > timedelta(days=most_days):
        yield Fault(State.INFO, f"runs since {host.boot_time:%Y-%m-%d}, {length(age)}")


host_running_long.fires(boot_time=ago(days=512))
host_running_long.silent(boot_time=ago(days=90))
