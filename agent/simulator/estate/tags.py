"""Tags as the vendor hangs them on: a tier for every server, backup plans, a site for hosts and datastores."""

from typing import Any

from pyVmomi import vim

from agent.simulator.objects import Estate
from agent.simulator.tagging import SINGLE

TIERS = ("gold", "silver", "bronze")
BACKUPS = ("daily", "weekly", "offsite")


def add_tags(estate: Estate) -> None:
    """By the number in each object's id, so that the rest of an estate does not depend on there being tags."""
    tagging = estate.tagging
    tier, backup, site = tagging.category("Tier", SINGLE), tagging.category("Backup"), tagging.category("Site", SINGLE)
    tiers = [tagging.tag(tier, name) for name in TIERS]
    backups = [tagging.tag(backup, name) for name in BACKUPS]
    sites = [tagging.tag(site, name) for name in ("Rådhuset", "Fjernlager")]
    for moid in estate.ids(vim.VirtualMachine):
        number = _number(moid)
        tagging.attach(tiers[number % len(tiers)], "VirtualMachine", moid)
        if number % 7:  # somebody forgot some
            tagging.attach(backups[number % 2], "VirtualMachine", moid)
        if number % 5 == 0:
            tagging.attach(backups[2], "VirtualMachine", moid)
    kinds: tuple[tuple[Any, str], ...] = ((vim.HostSystem, "HostSystem"), (vim.Datastore, "Datastore"))
    for type_, name in kinds:
        for moid in estate.ids(type_):
            tagging.attach(sites[_number(moid) % 2], name, moid)


def _number(moid: str) -> int:
    return int("".join(filter(str.isdigit, moid)) or 0)
