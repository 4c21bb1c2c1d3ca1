"""One vCenter read once, everything, without an agent that keeps it: log in, read, log out."""

from collections.abc import Callable

from agent.clock import Clock
from agent.collectors.inventory_reading import InventoryReading
from agent.errors import VCenterError
from agent.model.world import CollectorStatus, Target
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.session import Session, connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport

_LOGGED_IN, _QUICK = 0.1, 0.3
"""How much of the whole is done by then; the heavy properties take the rest."""


def read_once(
    endpoint: Endpoint, password: Callable[[], str], clock: Clock, progress: Callable[[float], None]
) -> Target:
    """The target with its inventory. `progress` is told how much of it is done, from 0 to 1.

    Raises:
        CredentialUnreadable: the password cannot be had.
        VCenterError: vCenter cannot be read; there is one attempt only.
    """
    stub = Stub(Transport(endpoint, clock))
    try:
        session = connect(stub, endpoint.username, password(), clock)
    except VCenterError:
        stub.transport.close()
        raise
    try:
        return _read(endpoint, session, clock, progress)
    finally:
        session.close()


def _read(endpoint: Endpoint, session: Session, clock: Clock, progress: Callable[[float], None]) -> Target:
    reading = InventoryReading(endpoint.name, clock)
    reading.attach(session)
    progress(_LOGGED_IN)
    reading.read_quick(session)
    now = clock.now()
    quick = CollectorStatus(interval_s=endpoint.interval_s, runs=1, last_success=now)
    progress(_QUICK)
    objects = max(1, len(session.reader.objects_in(session.view)))
    done = 0

    def taken() -> None:
        nonlocal done
        done += 1
        progress(min(1.0, _QUICK + (1 - _QUICK) * done / objects))

    reading.read_slow(session, taken)
    now = clock.now()
    slow = CollectorStatus(interval_s=endpoint.slow_interval_s, runs=1, last_success=now)
    inventory = reading.inventory(quick, slow, now)
    reading.detach()
    return Target(
        name=endpoint.name,
        address=endpoint.address,
        up=True,
        inventory=inventory,
        collectors={"inventory": quick, "quick": quick, "slow": slow},
    )
