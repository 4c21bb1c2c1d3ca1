from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.example import ago
from agent.health.look import Look
from agent.health.subjects import CONNECTED, HOST
from agent.health.wording import length
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(
    HOST,
    State.WARNING,
    needs=("time_in_sync",),
    sees=("time_last_sync", "time_in_fallback"),
    when=CONNECTED,
    lasting_minutes=60,
)
def host_time_unsynchronised(host: HostSystem, look: Look, *, oldest_hours: float = 24) -> Faults:
    """A host says itself that its clock is not synchronised.

    Meaning: the time service runs and does not reach its servers, has fallen back to another source, or has not heard of
    them for so long. vCenter 7.0 and later tell.
    Impact: its clock drifts. How far it is off by now is said by host_clock_off.
    Ask the vendor: does a firewall block UDP port 123, or are the servers gone?
    """
    if not host.time_in_sync:
        since = f", last {length(look.age(host.time_last_sync))} ago" if host.time_last_sync else ""
        yield Fault(State.WARNING, f"its clock is not synchronised{since}")
    elif host.time_last_sync and look.age(host.time_last_sync) > timedelta(hours=oldest_hours):
        yield Fault(State.WARNING, f"its clock was last synchronised {length(look.age(host.time_last_sync))} ago")
    if host.time_in_fallback:
        yield Fault(State.WARNING, "its time service has fallen back to another source", part="fallback")


host_time_unsynchronised.fires(time_in_sync=False, time_last_sync=ago(days=3))
host_time_unsynchronised.fires(time_in_sync=True, time_last_sync=ago(hours=40))
host_time_unsynchronised.silent(time_in_sync=True, time_last_sync=ago(minutes=8))
