"""Which VM was which: moids change when a VM is registered anew, names when somebody renames it, `vm_id` stays."""

import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from agent.ledger.instants import instant

IDENTITY = "@vm_id"
"""The path of an observation of a VM's `vm_id`, as agent.model.identity finds it among all VMs of then."""
NAME = "name"
TEMPLATE = "config.template"


class VmRegister:
    """The VMs of one vCenter as far as the ledger has seen or heard of them."""

    def __init__(
        self,
        identities: Iterable[tuple[str, str]],
        names: Iterable[tuple[str, str, datetime]],
        templates: Iterable[str] = (),
    ) -> None:
        """`identities` are moid and `vm_id`, later ones count; `names` are moid, name and since when."""
        self._ids = dict(identities)
        self._moids: dict[str, list[str]] = defaultdict(list)
        self._names: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
        for moid, name, since in names:
            self._ids.setdefault(moid, f"moid:{moid}")
            self._names[self._ids[moid]].append((since, name))
        for moid, vm_id in self._ids.items():
            self._moids[vm_id].append(moid)
        for known in self._names.values():
            known.sort()
        self._templates = {self.vm_id(moid) for moid in templates}

    @property
    def vm_ids(self) -> tuple[str, ...]:
        """Every VM, templates left out."""
        return tuple(vm_id for vm_id in self._moids if vm_id not in self._templates)

    def vm_id(self, moid: str) -> str:
        """The lasting id of what vCenter calls `moid`."""
        return self._ids.get(moid, f"moid:{moid}")

    def moids(self, vm_id: str) -> tuple[str, ...]:
        """All moids that a VM has had."""
        return tuple(self._moids.get(vm_id, ())) or (vm_id.removeprefix("moid:"),)

    def name(self, vm_id: str, at: datetime | None = None) -> str:
        """What a VM was called at a time, or is called now; its id if nobody ever said."""
        known = self._names.get(vm_id)
        if not known:
            return vm_id
        if at is None:
            return known[-1][1]
        return known[max(0, bisect_right(known, at, key=lambda one: one[0]) - 1)][1]

    def hear(self, vm_id: str, names: Iterable[tuple[datetime, str]]) -> None:
        """Events say what a VM was called when they were posted."""
        self._names[vm_id] = sorted({*self._names.get(vm_id, ()), *names})

    def named(self, text: str) -> tuple[str, ...]:
        """The VMs that have this `vm_id` or moid, or that are or were called so; names in any case."""
        wanted = text.casefold()
        return tuple(
            vm_id
            for vm_id, moids in self._moids.items()
            if text == vm_id or text in moids or any(name.casefold() == wanted for _, name in self._names[vm_id])
        )

    def resembling(self, text: str) -> tuple[str, ...]:
        """Names of which `text` is a part, for those who did not remember one quite right; at most five."""
        wanted = text.casefold()
        names = {name for known in self._names.values() for _, name in known if wanted in name.casefold()}
        return tuple(sorted(names))[:5]


_HEARD_OF = """
    WITH RECURSIVE heard (vm) AS (
        SELECT min(vm) FROM events WHERE vcenter = ?1 AND vm IS NOT NULL
        UNION ALL
        SELECT (SELECT min(vm) FROM events WHERE vcenter = ?1 AND vm > heard.vm) FROM heard WHERE heard.vm IS NOT NULL
    )
    SELECT vm FROM heard
"""
"""Every VM that an event names, from the index alone."""


def once_called(connection: sqlite3.Connection, vcenter: int, name: str) -> tuple[str, ...]:
    """The moids of VMs that some event calls so, in any case; looks at every event."""
    rows = connection.execute(
        "SELECT DISTINCT vm FROM events WHERE vcenter = ? AND vm_name = ? COLLATE NOCASE AND vm IS NOT NULL",
        (vcenter, name),
    )
    return tuple(moid for (moid,) in rows)


def vm_id_of(connection: sqlite3.Connection, vcenter: int, moid: str) -> str:
    """The lasting id of what vCenter calls `moid`, as `VmRegister.vm_id` has it."""
    row = connection.execute(
        "SELECT value FROM observations WHERE vcenter = ? AND kind = 'vm' AND moid = ? AND path = ? "
        "AND value IS NOT NULL ORDER BY seq DESC LIMIT 1",
        (vcenter, moid, IDENTITY),
    ).fetchone()
    return str(row[0]) if row else f"moid:{moid}"


def read_register(connection: sqlite3.Connection, vcenter: int) -> VmRegister:
    """From what the ledger holds: observations, and for VMs that were gone before the first of them, events."""
    seen = connection.execute(
        "SELECT moid, path, value, at FROM observations WHERE vcenter = ? AND kind = 'vm' AND path IN (?, ?, ?) "
        "AND value IS NOT NULL ORDER BY seq",
        (vcenter, IDENTITY, NAME, TEMPLATE),
    ).fetchall()
    known = {moid for moid, *_ in seen}
    named = _HEARD_OF if vcenter >= 0 else "SELECT DISTINCT vm FROM events WHERE vcenter = ?1"  # of a merged ledger
    heard = [moid for (moid,) in connection.execute(named, (vcenter,)) if moid is not None and moid not in known]
    told = [
        (moid, name, since)
        for moid in heard
        for name, since in connection.execute(
            "SELECT vm_name, min(created) FROM events WHERE vcenter = ? AND vm = ? AND vm_name IS NOT NULL GROUP BY vm_name",
            (vcenter, moid),
        )
    ]
    templates = {moid: value == "true" for moid, path, value, _ in seen if path == TEMPLATE}
    return VmRegister(
        identities=((moid, value) for moid, path, value, _ in seen if path == IDENTITY),
        names=[
            *((moid, value, instant(at)) for moid, path, value, at in seen if path == NAME),
            *((moid, name, instant(since)) for moid, name, since in told),
        ],
        templates=[moid for moid, template in templates.items() if template],
    )
