"""What each hour was like, as it is kept: one row of JSON an hour, deflated. Rows of one hour add up."""

import heapq
import json
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from agent.ledger.chain import Appender
from agent.ledger.database import Database
from agent.ledger.instants import instant, micros
from agent.ledger.merged_views import same_vcenters
from agent.ledger.vm_register import VmRegister
from agent.model.facts import ClusterHour, DatastoreHour, Figure, HourFacts


def record_hours(
    database: Database, vcenter: int, hours: Iterable[HourFacts], moids: Mapping[str, str], learned_at: datetime
) -> None:
    """Add what was seen of hours, all or none. Raises LedgerUnavailable, and then nothing was written.

    `moids` are those of the VMs by `vm_id`: they are a tenth as long, and tell a VM apart as well at any one time.
    """
    with database.transaction() as connection:
        chain = Appender(connection)
        for hour in hours:
            content = zlib.compress(json.dumps(_plain(hour, moids), separators=(",", ":"), sort_keys=True).encode(), 9)
            chain.add("hour_facts", vcenter, micros(hour.start), micros(learned_at), content)
        chain.seal()


def hours(
    connection: sqlite3.Connection, vcenter: int, register: VmRegister, start: datetime, end: datetime
) -> tuple[HourFacts, ...]:
    """The hours that begin in [start, end), in order; one of which nothing was seen is not among them."""
    return tuple(each_hour(connection, vcenter, register, start, end))


def each_hour(
    connection: sqlite3.Connection, vcenter: int, register: VmRegister, start: datetime, end: datetime
) -> Iterator[HourFacts]:
    """The same one after the other: with thousands of VMs a month of them is large.

    Of an hour that several ledgers saw which were merged, the seconds are those of the one that looked most often.
    """
    told = (_hours_of(connection, one, register, start, end) for one in same_vcenters(connection, vcenter))
    before: HourFacts | None = None
    for one in heapq.merge(*told, key=lambda one: one.start):
        if before is not None and before.start == one.start:
            before = seen_by_both(before, one)
            continue
        if before is not None:
            yield before
        before = one
    if before is not None:
        yield before


def seen_by_both(one: HourFacts, other: HourFacts) -> HourFacts:
    """The same hour as two agents saw it: the worst of both, but counted once."""
    most = max((one, other), key=lambda seen: seen.rounds)
    return replace(joined(one, other), rounds=most.rounds, cpu_ready=most.cpu_ready)


def _hours_of(
    connection: sqlite3.Connection, vcenter: int, register: VmRegister, start: datetime, end: datetime
) -> Iterator[HourFacts]:
    rows = connection.execute(
        "SELECT hour, content FROM hour_facts WHERE vcenter = ? AND hour >= ? AND hour < ? ORDER BY hour, seq",
        (vcenter, micros(start), micros(end)),
    )
    before: HourFacts | None = None
    for at, content in rows:
        one = _hour(instant(at), json.loads(zlib.decompress(content)), register)
        if before is not None and before.start == one.start:
            before = joined(before, one)
            continue
        if before is not None:
            yield before
        before = one
    if before is not None:
        yield before


def joined(one: HourFacts, other: HourFacts) -> HourFacts:
    """Two parts of the same hour."""
    datastores = dict(one.datastores)
    for moid, seen in other.datastores.items():
        before = datastores.get(moid)
        datastores[moid] = seen if before is None or seen.least_free_bytes < before.least_free_bytes else before
    clusters = dict(one.clusters)
    for moid, cluster in other.clusters.items():
        clusters[moid] = worse(clusters[moid], cluster) if moid in clusters else cluster
    ready = {vm_id: dict(seconds) for vm_id, seconds in one.cpu_ready.items()}
    for vm_id, seconds in other.cpu_ready.items():
        mine = ready.setdefault(vm_id, {})
        for percent, length in seconds.items():
            mine[percent] = mine.get(percent, 0) + length
    return HourFacts(
        start=one.start,
        rounds=one.rounds + other.rounds,
        datastores=datastores,
        clusters=clusters,
        cpu_ready=ready,
        figures=spanning(one.figures, other.figures.values()),
    )


def spanning(seen: Mapping[tuple[str, str, str], Figure], more: Iterable[Figure]) -> dict[tuple[str, str, str], Figure]:
    """From the least to the most of what was seen of each."""
    found = dict(seen)
    for one in more:
        key = (one.what, one.kind, one.object_id)
        before = found.get(key, one)
        found[key] = one._replace(least=min(before.least, one.least), most=max(before.most, one.most))
    return found


def worse(one: ClusterHour, other: ClusterHour) -> ClusterHour:
    """The worst of both, figure by figure; vCPUs and cores stay a pair, for they are one moment's."""
    pair = max((one, other), key=_overcommitment)
    return ClusterHour(
        fewest_hosts=min(one.fewest_hosts, other.fewest_hosts),
        least_failures_tolerated=min(
            (seen for seen in (one.least_failures_tolerated, other.least_failures_tolerated) if seen is not None),
            default=None,
        ),
        most_vcpus=pair.most_vcpus,
        fewest_cores=pair.fewest_cores,
    )


def _overcommitment(one: ClusterHour) -> float:
    if one.most_vcpus is None or one.fewest_cores is None:
        return -1
    return one.most_vcpus / one.fewest_cores if one.fewest_cores else float("inf")


def _plain(hour: HourFacts, moids: Mapping[str, str]) -> dict[str, Any]:
    """VMs whose figures are the same, which most are, share an entry."""
    alike: dict[str, list[str]] = defaultdict(list)
    for vm_id, seconds in hour.cpu_ready.items():
        alike[" ".join(f"{percent}:{length}" for percent, length in sorted(seconds.items()))].append(moids[vm_id])
    return {
        "rounds": hour.rounds,
        "datastores": {moid: [one.least_free_bytes, one.capacity_bytes] for moid, one in hour.datastores.items()},
        "clusters": {
            moid: [one.fewest_hosts, one.least_failures_tolerated, one.most_vcpus, one.fewest_cores]
            for moid, one in hour.clusters.items()
        },
        "cpu_ready": {told: sorted(ids) for told, ids in alike.items()},
        **({"figures": [list(one) for one in hour.figures.values()]} if hour.figures else {}),
    }


def _hour(start: datetime, plain: Mapping[str, Any], register: VmRegister) -> HourFacts:
    ready: dict[str, Mapping[int, int]] = {}
    for told, found in plain["cpu_ready"].items():
        pairs = (pair.split(":") for pair in told.split())
        seconds = {int(percent): int(length) for percent, length in pairs}
        ready |= dict.fromkeys(map(register.vm_id, found), seconds)
    return HourFacts(
        start=start,
        rounds=plain["rounds"],
        datastores={
            moid: DatastoreHour(least_free_bytes=free, capacity_bytes=capacity)
            for moid, (free, capacity) in plain["datastores"].items()
        },
        clusters={
            moid: ClusterHour(
                fewest_hosts=fewest, least_failures_tolerated=tolerated, most_vcpus=vcpus, fewest_cores=cores
            )
            for moid, (fewest, tolerated, vcpus, cores) in plain["clusters"].items()
        },
        cpu_ready=ready,
        figures=spanning({}, (Figure(*one) for one in plain.get("figures", ()))),
    )
