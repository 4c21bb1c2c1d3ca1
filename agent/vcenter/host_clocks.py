"""The hosts' own clocks. There is no bulk answer: one short call a host, so not all of them at once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from pyVmomi import vim

from agent.clock import Clock
from agent.errors import NotPermitted, Refused, SessionLost, Undecodable
from agent.model.host import HostSystem
from agent.model.inventory import HostClock, Unreadable
from agent.vcenter.session import Session

MOST_A_READING = 50
"""A cluster of 5,000 VMs has some 120 hosts; each call goes to the host itself."""
_KEPT = timedelta(hours=1)
PATH = "QueryDateTime"


class HostClocks(NamedTuple):
    """What was read, by the host's moid, and what was refused."""

    clocks: Mapping[str, HostClock]
    unreadable: tuple[Unreadable, ...]


def read_host_clocks(
    session: Session, hosts: Iterable[HostSystem], before: HostClocks, clock: Clock, taken: Callable[[], None]
) -> HostClocks:
    """Ask the hosts that are connected, those first that were not asked for longest; the others keep what they said.

    A host that does not answer, or that knows no such question, is left out. What is older than an hour is forgotten.
    `taken` is called before each host.

    Raises:
        VCenterError: vCenter itself could not be asked.
    """
    now = clock.now()
    asked = [host for host in hosts if host.connection_state == "connected" and host.date_time_system]
    asked.sort(key=lambda host: (host.moid in before.clocks, _read_at(before, host.moid)))
    found = {moid: one for moid, one in before.clocks.items() if now - one.read_at < _KEPT}
    refused = []
    for host in asked[:MOST_A_READING]:
        taken()
        found.pop(host.moid, None)
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
    return HostClocks(found, tuple(refused))


def _read_at(before: HostClocks, moid: str) -> float:
    known = before.clocks.get(moid)
    return known.read_at.timestamp() if known else 0.0
