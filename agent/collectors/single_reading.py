"""One vCenter read once, everything, without an agent that keeps it: log in, read, log out."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from agent.clock import Clock
from agent.collectors.inventory_reading import InventoryReading
from agent.errors import VCenterError
from agent.model.labelling import Labelling
from agent.model.tag_pair import TagPair
from agent.model.world import CollectorStatus, Target
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.session import Session, connect
from agent.vcenter.soap import Stub
from agent.vcenter.tags import read_tags
from agent.vcenter.transport import Transport

log = logging.getLogger("checkmeter.inventory")

_LOGGED_IN, _QUICK = 0.1, 0.3
"""How much of the whole is done by then; the heavy properties take the rest."""


def read_once(
    endpoint: Endpoint,
    password: Callable[[], str],
    clock: Clock,
    progress: Callable[[float], None],
    labelling: Labelling | None = None,
) -> Target:
    """The target with its inventory. `progress` is told how much of it is done, from 0 to 1.

    Of tags, those of the categories in `labelling` are read; they stay unknown where they cannot be.

    Raises:
        CredentialUnreadable: the password cannot be had.
        VCenterError: vCenter cannot be read; there is one attempt only.
    """
    stub = Stub(Transport(endpoint, clock))
    labelling = labelling or Labelling()
    secret = password()
    try:
        session = connect(stub, endpoint.username, secret, clock)
    except VCenterError:
        stub.transport.close()
        raise
    try:
        target = _read(endpoint, session, clock, progress)
    finally:
        session.close()
    if labelling.categories:
        labelling = replace(labelling, tags=_tags(Transport(endpoint, clock), secret, labelling))
    return replace(target, labelling=labelling)


def _tags(transport: Transport, password: str, labelling: Labelling) -> Mapping[str, tuple[TagPair, ...]] | None:
    try:
        return read_tags(transport, transport.endpoint.username, password, labelling.categories).tags
    except VCenterError as error:
        log.warning("tags are not read: %s", error)
        return None
    finally:
        transport.close()


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
    progress(1.0)  # not every object has something heavy
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
