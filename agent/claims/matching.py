"""A contract beside a live inventory: what it names and is not there, and what is there and it does not name. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agent.claims.month import utc_midnight
from agent.claims.recurrence import occurrences
from agent.claims.seconds import second
from agent.claims.selection import group_of, named, selects
from agent.claims.terms import newest
from agent.model.claim_evidence import Identity
from agent.model.contract import ContractTerms, Selector, ServiceGroup
from agent.model.contract_folder import ContractFolder
from agent.model.folder_path import FolderPaths
from agent.model.inventory import Inventory

_MOST_NAMED = 12
_YEARS_AHEAD_S = 10 * 366 * 86_400


class Seen(NamedTuple):
    """What a vCenter has, as far as contracts name it."""

    servers: Sequence[tuple[Identity, bool]]
    """each with whether it is on; without templates"""
    clusters: frozenset[str]
    hosts: frozenset[str]
    datastores: frozenset[str]
    attributes: frozenset[str]


def seen(inventories: Iterable[Inventory]) -> Seen:
    """Of several vCenters together."""
    servers: list[tuple[Identity, bool]] = []
    names: dict[str, set[str]] = defaultdict(set)
    for inventory in inventories:
        fields = inventory.custom_fields or {}
        paths = FolderPaths({**inventory.folders, **inventory.datacenters})
        for vm in inventory.vms.values():
            if vm.template:
                continue
            values = {
                fields[one.key]: one.value or ""
                for one in vm.custom_values or ()
                if one.key is not None and one.key in fields
            }
            identity = Identity(
                since=inventory.confirmed_at,
                name=vm.name or vm.moid,
                folder=paths.path(vm.parent),
                attributes=values,
                tags=None if vm.tag_pairs is None else tuple(map(str, vm.tag_pairs)),
            )
            servers.append((identity, vm.power_state == "poweredOn"))
        for kind in ("clusters", "hosts", "datastores"):
            names[kind] |= {one.name for one in getattr(inventory, kind).values() if one.name}
        names["attributes"] |= set(fields.values())
    return Seen(
        servers=servers,
        clusters=frozenset(names["clusters"]),
        hosts=frozenset(names["hosts"]),
        datastores=frozenset(names["datastores"]),
        attributes=frozenset(names["attributes"]),
    )


def doubts(folder: ContractFolder, now: datetime) -> Iterator[str]:
    """What is likely a mistake although it can be read: known without an inventory."""
    for contract in folder.contracts:
        terms, zone = contract.spec, ZoneInfo(contract.spec.time_zone)
        start = second(utc_midnight(terms.valid_from, zone))
        end = second(utc_midnight(terms.valid_to, zone)) if terms.valid_to else second(now) + _YEARS_AHEAD_S
        for window in terms.planned_windows:
            if not occurrences(window, zone, start, max(start, end)):
                yield f"planned window {window.id} of revision {contract.metadata.revision} never occurs"
    terms = newest(folder).spec
    if not terms.claims:
        yield "there is no claim"
    for notice in folder.notices:
        if terms.planned_rules.require_listed_objects and not (notice.servers or notice.service_groups):
            yield f"notice {notice.id} names no servers and excludes nothing"


def differences(folder: ContractFolder, found: Seen) -> Iterator[str]:
    """Between the newest revision and what is there now."""
    terms = newest(folder).spec
    members: dict[str, list[str]] = {group.id: [] for group in terms.service_groups}
    outside: list[str] = []
    off: list[str] = []
    for identity, is_on in found.servers:
        group = group_of(terms.service_groups, identity)
        if group is None:
            outside.append(identity.name)
            continue
        members[group.id].append(identity.name)
        if not is_on:
            off.append(identity.name)
    for group in terms.service_groups:
        count = len(members[group.id])
        if group.expected_count is not None and count != group.expected_count:
            yield f"service group {group.id}: {_servers(count)}, expected {group.expected_count}"
        elif not count:
            yield f"service group {group.id} has no server"
        yield from _idle(group, [identity for identity, _ in found.servers])
    if outside:
        yield f"in no service group: {_listed(outside)}"
    if off:
        yield f"off, and counted as down unless excluded: {_listed(off)}"
    yield from _scopes(terms, found)
    known = [identity.name for identity, _ in found.servers]
    for what, entries in (("notice", folder.notices), ("exclusion", folder.exclusions)):
        for entry in entries:
            for pattern in entry.servers:
                if not any(named((pattern,), name) for name in known):
                    yield f"{what} {entry.id} names {pattern!r}, and there is no such server now"


def groups(folder: ContractFolder, found: Seen) -> Mapping[str, int]:
    """How many servers each group of the newest revision has now."""
    terms = newest(folder).spec
    counts = {group.id: 0 for group in terms.service_groups}
    for identity, _ in found.servers:
        group = group_of(terms.service_groups, identity)
        if group is not None:
            counts[group.id] += 1
    return counts


def _idle(group: ServiceGroup, servers: Sequence[Identity]) -> Iterator[str]:
    for word, select in (("select", group.select), ("except", group.except_)):
        conditions = [
            *((f"folder {one}", Selector(folders=(one,))) for one in select.folders),
            *((f"name {one!r}", Selector(names=(one,))) for one in select.names),
            *((f"tag {one}", Selector(tags=(one,))) for one in select.tags),
            *(
                (f"attribute {name}: {one}", Selector(attributes={name: one}))
                for name, one in select.attributes.items()
            ),
        ]
        for shown, condition in conditions:
            if not any(selects(condition, one) for one in servers):
                yield f"service group {group.id}: {word} {shown} fits no server"


def _scopes(terms: ContractTerms, found: Seen) -> Iterator[str]:
    for claim in terms.claims:
        scope = claim.scope
        if scope.cluster is not None and scope.cluster not in found.clusters:
            yield f"claim {claim.id}: there is no cluster {scope.cluster!r}; there is {_listed(found.clusters)}"
        for what, patterns, known in (
            ("host", scope.hosts, found.hosts),
            ("datastore", scope.datastores, found.datastores),
        ):
            for pattern in patterns:
                if not any(re.search(pattern, name, re.IGNORECASE) for name in known):
                    yield f"claim {claim.id}: {pattern!r} fits no {what}"
        attribute = claim.source.custom_attribute
        if attribute is not None and attribute not in found.attributes:
            there = f"; there is {_listed(found.attributes)}" if found.attributes else ""
            yield f"claim {claim.id}: there is no custom attribute {attribute!r}{there}"


def _listed(names: Iterable[str]) -> str:
    some = sorted(names)
    more = f" and {len(some) - _MOST_NAMED} more" if len(some) > _MOST_NAMED else ""
    return ", ".join(some[:_MOST_NAMED]) + more


def _servers(count: int) -> str:
    return "1 server" if count == 1 else f"{count} servers"
