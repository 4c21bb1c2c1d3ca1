"""Why a value is not there: refused, hidden, stale, or never told. Never the same as all being well."""

from collections.abc import Callable
from typing import Any

from agent.health.catalogue import source_of_field
from agent.health.look import Look
from agent.health.subjects import CLUSTER, DATASTORE, HOST, KINDS, Kind
from agent.model.health import Reason
from agent.model.property import Source


class Obstacles:
    """What the account is refused in one inventory, and what it does not see at all."""

    def __init__(self, look: Look) -> None:
        inventory = look.inventory
        self._look = look
        self._refused = {(one.moid, one.path): one.privilege for one in inventory.unreadable if one.moid}
        self._refused |= {("", f"{one.vsphere_type}.{one.path}"): one.privilege for one in inventory.unreadable}
        self._skipped = {(one.moid, one.path) for one in inventory.skipped}
        self._kinds = {
            moid: kind.name for kind in KINDS if kind.slot is not None for moid in getattr(inventory, kind.slot)
        }
        self._kinds |= dict.fromkeys(inventory.networks, "network")
        self._kinds |= dict.fromkeys(inventory.compute_resources, "compute_resource")
        self._invisible = {HOST.name: self._unseen_hosts(), DATASTORE.name: self._unseen_datastores()}
        self._invisible[CLUSTER.name] = self._unseen_clusters()

    def kind_of(self, moid: str) -> str | None:
        """`vm`, `host`, …"""
        return self._kinds.get(moid)

    def invisible(self, kind: Kind) -> tuple[str, ...]:
        """Objects of a kind that others refer to and that the account does not see."""
        return self._invisible.get(kind.name, ())

    def reason(self, item: Any, source: Source) -> tuple[Reason, str | None]:
        """Why a field of an object has no value, with the privilege that is missing."""
        for key in ((item.moid, source.collector_path), ("", source.path)):
            if key in self._refused:
                return Reason.NO_PRIVILEGE, self._refused[key]
            if key in self._skipped:
                return Reason.NOT_UNDERSTOOD, None
        if source.pace in self._look.stale:
            return Reason.STALE, None
        return Reason.NOT_TOLD, None

    def for_fields(self, record: type, names: tuple[str, ...]) -> Callable[[Any], str | None] | None:
        """Which of the fields, that may be unset, is not unset but unseen; None if nothing of them can be."""
        sources = [(name, source_of_field(record, name)) for name in names]
        for name, source in sources:
            if source.pace in self._look.stale:
                return lambda _, name=name: name  # type: ignore[misc]  # binds name
        paths = {source.collector_path for _, source in sources}
        if not any(path in paths for _, path in (*self._refused, *self._skipped)):
            return None

        def unseen(item: Any) -> str | None:
            for name, source in sources:
                key = (item.moid, source.collector_path)
                if key in self._refused or key in self._skipped:
                    return name
            return None

        return unseen

    def _unseen_hosts(self) -> tuple[str, ...]:
        inventory = self._look.inventory
        named = {vm.host for vm in inventory.vms.values() if vm.host is not None}
        return tuple(sorted(named - inventory.hosts.keys()))

    def _unseen_datastores(self) -> tuple[str, ...]:
        inventory = self._look.inventory
        named = {one for vm in inventory.vms.values() for one in vm.datastores or ()}
        return tuple(sorted(named - inventory.datastores.keys()))

    def _unseen_clusters(self) -> tuple[str, ...]:
        """What hosts and pools hang on; where a host is hidden its cluster is too, unless another host shows it."""
        inventory = self._look.inventory
        seen = inventory.clusters.keys() | inventory.compute_resources.keys()
        named = {host.parent for host in inventory.hosts.values()}
        named |= {pool.owner for pool in inventory.resource_pools.values()}
        named.discard(None)
        hidden = sorted(moid for moid in named - seen if moid is not None)
        if not named and self._invisible[HOST.name]:
            return ("the cluster of the VMs",)
        return tuple(hidden)
