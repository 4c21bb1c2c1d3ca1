from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.example import ago
from agent.health.look import Look
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem

_MONTH = timedelta(days=30.44)


@check(HOST, State.INFO, needs=("bios_date",), when=CONNECTED)
def host_bios_old(host: HostSystem, look: Look, *, oldest_months: float = 24) -> Faults:
    """The firmware of a host is old.

    Meaning: by the release date that the BIOS itself carries. Server vendors release several a year, with fixes for
    processors and memory.
    Impact: known faults and holes stay, and newer ESXi releases may not be supported on it.
    Ask the vendor: is firmware part of the patching that the contract promises, and when was it last updated?
    """
    assert host.bios_date is not None  # noqa: S101 - needed above
    months = look.age(host.bios_date) / _MONTH
    if months > oldest_months:
        yield Fault(State.INFO, f"its firmware {host.bios_version or ''} is of {host.bios_date:%Y-%m-%d}")


host_bios_old.fires(bios_date=ago(days=1500), bios_version="1.12.1")
host_bios_old.silent(bios_date=ago(days=200), bios_version="2.4.4")
