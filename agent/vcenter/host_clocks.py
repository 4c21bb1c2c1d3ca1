"""The hosts' own clocks. There is no bulk answer: one short call a host, so not all of them at once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from pyVmomi import vim

from agent.clock import Clock
from agent.errors import NotPermitted, Refused, SessionLost, Undecodable
from agent.model.host import HostSystem
from agent.model.inventory import HostClock, Unreadable
from agent.vcenter.session import Session

MOST_A_READING = 50
"""A cluster of 5,000 VMs has some 120 hosts; each call goes to the host itself."""
ASKED_AGAIN_AFTER = timedelta(hours=1)
"""A clock drifts by seconds a day. Asked at each slow reading, they were most calls of an estate with many hosts."""
_KEPT = 2 * ASKED_AGAIN_AFTER
PATH = "QueryDateTime"


class HostClocks(NamedTuple):
    """What was read, by the host's moid, what was refused, and when each was asked last, whatever came of it."""

    clocks: Mapping[str, HostClock]
    unreadable: tuple[Unreadable, ...]
    asked_at: Mapping[str, datetime] = MappingProxyType({})


def read_host_clocks(
    session: Session, hosts: Iterable[HostSystem], before: HostClocks, clock: Clock, taken: Callable[[], None]
) -> HostClocks:
    """Ask connected hosts once an hour, those first that were not asked for longest; the others keep what they said.

    A host that does not answer, or that knows no such question, is left out. What is older than two hours is forgotten.
    `taken` is called before each host.

    Raises:
        VCenterError: vCenter itself could not be asked.
    """
    now = clock.now()
    present = [host for host in hosts if host.connection_state == "connected" and host.date_time_system]
    asked_at = {host.moid: before.asked_at[host.moid] for host in present if host.moid in before.asked_at}
    due = [one for one in present if one.moid not in asked_at or now - asked_at[one.moid] >= ASKED_AGAIN_AFTER]
    due.sort(key=lambda host: (host.moid in asked_at, asked_at.get(host.moid, now)))
    asked = due[:MOST_A_READING]
    found = {moid: one for moid, one in before.clocks.items() if now - one.read_at < _KEPT}
    again = {host.moid for host in asked}
    refused = [one for one in before.unreadable if one.moid in asked_at and one.moid not in again]
    for host in asked:
        taken()
        found.pop(host.moid, None)
        asked_at[host.moid] = now
        try:
            ahead = session.offset_s(vim.host.DateTimeSystem(host.date_time_system, session.stub).QueryDateTime)
        except NotPermitted as error:
            refused.append(
                Unreadable(
                    vsphere_type="HostDateTimeSystem",
                    moid=host.moid,
                    path=PATH,
                    fault=error.kind,
                    privilege=error.privilege,
                )
            )
        except (Refused, Undecodable):
            continue
        except SessionLost as lost:
            if lost.fault != "ManagedObjectNotFound":  # a server that offers the object and does not have it
                raise
        else:
            found[host.moid] = HostClock(ahead_s=ahead, read_at=clock.now())
    return HostClocks(found, tuple(refused), asked_at)
