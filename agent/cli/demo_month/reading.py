"""Reads a vCenter once, whole: what the demonstration's past is made from."""

from datetime import datetime

from agent.clock import Clock
from agent.collectors.inventory_reading import InventoryReading
from agent.errors import AgentError
from agent.model.event import Event
from agent.model.inventory import Inventory
from agent.model.world import CollectorStatus
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.events import EventReader
from agent.vcenter.session import connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport


def read_once(endpoint: Endpoint, password: str, clock: Clock, since: datetime) -> tuple[Inventory, tuple[Event, ...]]:
    """Log in, read everything that is there and the events since a time, log out.

    Raises:
        AgentError: it cannot be read.
    """
    reading = InventoryReading(endpoint.name, clock)
    session = connect(Stub(Transport(endpoint, clock)), endpoint.username, password, clock)
    try:
        reading.attach(session)
        reading.read_quick(session)
        reading.read_slow(session)
        read = CollectorStatus(interval_s=endpoint.slow_interval_s, last_success=clock.now())
        inventory = reading.inventory(read, read, clock.now())
        told = EventReader(session).read(since, clock.now()).events
    finally:
        reading.detach()
        session.close()
    if inventory is None:
        raise AgentError("the simulated vCenter has nothing to read", cure="please report it")
    return inventory, tuple(told)
