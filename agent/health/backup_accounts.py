"""Which accounts are a backup product's: by the names that such service accounts mostly have."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from agent.health.look import Look

BACKUP_ACCOUNTS = ("*veeam*", "*backup*", "*commvault*", "*rubrik*", "*nbu*", "*avamar*", "*cohesity*", "*networker*")
_SNAPSHOT = "VirtualMachine.createSnapshot"


def backed_up(look: Look, hours: float, accounts: tuple[str, ...]) -> frozenset[str]:
    """The VMs of which such an account took a snapshot within the last hours; empty where none took any at all."""
    tasks: Sequence[tuple[str | None, str]] = [
        (event.vm, event.user or "")
        for event in look.recent(frozenset({"TaskEvent"}), hours)
        if event.fields.get("info.descriptionId") == _SNAPSHOT
    ]
    known = {user: any(fnmatchcase(user.casefold(), one) for one in accounts) for _, user in tasks}
    return frozenset(vm for vm, user in tasks if vm is not None and known[user])
