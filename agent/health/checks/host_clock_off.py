from collections.abc import Mapping
from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.example import NOON, Given
from agent.health.grading import at_least
from agent.health.look import Look, Unseen
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Evidence, Fault, Reason, State
from agent.model.host import HostSystem
from agent.model.inventory import HostClock

_SOURCE = "HostDateTimeSystem.QueryDateTime"
_OLDEST = timedelta(hours=2)


@check(
    HOST,
    State.WARNING,
    State.CRITICAL,
    needs=("date_time_system",),
    also=(_SOURCE,),
    when=CONNECTED,
    lasting_minutes=30,
)
def host_clock_off(host: HostSystem, look: Look, *, warning_seconds: float = 2, critical_seconds: float = 30) -> Faults:
    """The clock of a host differs from ours.

    Meaning: the host's own time, asked for over the API, against the clock of this machine, less half of the way there
    and back. If all hosts differ by the same, look at this machine's clock.
    Impact: the times in its logs are no evidence, and guests that take their time from the host are wrong with it.
    Ask the vendor: which time servers does this host follow, and who watches that it follows them?
    """
    clock = look.inventory.host_clocks.get(host.moid)
    if clock is None or look.now - clock.read_at > _OLDEST:
        refused = look.once(_refusals)
        reason = Reason.NO_PRIVILEGE if host.moid in refused else Reason.NOT_TOLD
        raise Unseen(host, "date_time_system", reason=reason, source=_SOURCE, privilege=refused.get(host.moid))
    if state := at_least(abs(clock.ahead_s), warning=warning_seconds, critical=critical_seconds):
        words = f"{abs(clock.ahead_s):.1f} s {'ahead of' if clock.ahead_s > 0 else 'behind'} ours"
        evidence = Evidence(source=_SOURCE, value=words, read_at=clock.read_at)
        yield Fault(state, f"its clock is {words}", evidence=(evidence,))


def _refusals(look: Look) -> Mapping[str, str | None]:
    unreadable = look.inventory.unreadable
    return {one.moid: one.privilege for one in unreadable if one.vsphere_type == "HostDateTimeSystem"}


def _given(ahead_s: float) -> Given:
    return Given(inventory={"host_clocks": {"host-1": HostClock(ahead_s=ahead_s, read_at=NOON)}})


host_clock_off.fires(date_time_system="dateTimeSystem-1", given=_given(-41.5))
host_clock_off.silent(date_time_system="dateTimeSystem-1", given=_given(0.2))
