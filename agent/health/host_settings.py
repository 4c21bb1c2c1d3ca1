"""Services and advanced settings of a host by their names."""

from agent.health.look import Unseen
from agent.model.host import HostService, HostSystem


def service(host: HostSystem, *keys: str) -> HostService | None:
    """The first service of these keys that the host has, e.g. `TSM-SSH`."""
    by_key = {one.key: one for one in host.services or ()}
    return next((by_key[key] for key in keys if key in by_key), None)


def runs(host: HostSystem, key: str) -> bool:
    """Whether a service runs; a service that the host does not have does not.

    Raises:
        Unseen: vCenter did not say.
    """
    found = service(host, key)
    if found is not None and found.running is None:
        raise Unseen(host, "services")
    return found is not None and bool(found.running)


def option(host: HostSystem, key: str) -> str:
    """The value of an advanced setting as text; empty where it is set to nothing.

    Raises:
        Unseen: the host has no such setting, or vCenter does not tell it.
    """
    for one in host.options or ():
        if one.key == key:
            return one.value or ""
    raise Unseen(host, "options")


def number(host: HostSystem, key: str) -> float:
    """The value of an advanced setting that is a number.

    Raises:
        Unseen: there is none.
    """
    try:
        return float(option(host, key))
    except ValueError:
        raise Unseen(host, "options") from None
