"""When vCenter had lost a host, why, and whether the host itself had stopped: computed once, used by all its VMs."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime

from agent.dataclass import dataclass
from agent.ledger.knowledge import Knowledge, distinct, event_evidence
from agent.ledger.observed import Held, by_path, last_known, missed_since
from agent.ledger.spans import FUTURE, PAST
from agent.model.availability import Evidence
from agent.model.evidence import ObjectEvidence, RecordedEvent

LOST = frozenset(
    {"HostConnectionLostEvent", "com.vmware.vc.HA.DasHostFailedEvent", "com.vmware.vc.HA.DasHostIsolatedEvent"}
)
FAILED = "com.vmware.vc.HA.DasHostFailedEvent"
ISOLATED = "com.vmware.vc.HA.DasHostIsolatedEvent"
DISCONNECTED = "HostDisconnectedEvent"
BACK = "HostConnectedEvent"
BOOTED = "esx.audit.host.boot"


@dataclass(slots=True, kw_only=True)
class HostOutage:
    """vCenter did not see a host from `start` until just before `end`."""

    host: str
    start: datetime
    """from when on it may have been lost"""
    noticed: datetime
    """from when on vCenter certainly had lost it"""
    end: datetime = FUTURE
    by_user: bool
    """somebody disconnected it: it had not stopped"""
    cluster: str | None = None
    failed: bool = False
    """HA found it dead, by network and by datastore"""
    isolated: bool = False
    booted: datetime | None = None
    """it booted in this time: everything on it had stopped by then"""
    evidence: list[Evidence] = field(default_factory=list)


def outages_of(host: str, evidence: ObjectEvidence, knowledge: Knowledge) -> list[HostOutage]:
    """The outages of one host, in order. One that was only found began when something could have been missed last."""
    held = by_path(evidence.observations)
    items: list[tuple[datetime, int, RecordedEvent | Held]] = [
        (one.event.created, one.event.key, one) for one in distinct(evidence.events)
    ]
    items += [(one.at, 0, one) for one in held.get("runtime.connectionState", ())]
    found: list[HostOutage] = []
    now: HostOutage | None = None
    connected = PAST
    for at, _, item in sorted(items, key=lambda one: one[:2]):
        word = item.value if isinstance(item, Held) else item.event.kind
        piece = item.evidence(about=host) if isinstance(item, Held) else event_evidence(item, host)
        if word in LOST or word in (DISCONNECTED, "notResponding", "disconnected"):
            if now is None:
                start = at if isinstance(item, RecordedEvent) else missed_since(at, connected, knowledge.gaps)
                now = HostOutage(host=host, start=start, noticed=at, by_user=word in (DISCONNECTED, "disconnected"))
                found.append(now)
            now.failed |= word == FAILED
            now.isolated |= word == ISOLATED
            now.cluster = now.cluster or (item.event.cluster if isinstance(item, RecordedEvent) else None)
            now.evidence.append(piece)
        elif word in (BACK, "connected"):
            connected = max(connected, last_known(item, knowledge) if isinstance(item, Held) else at)
            if now is not None:
                now.end = at
                now.evidence.append(piece)
                now = None
        elif word == BOOTED and now is not None:
            now.booted = now.booted or at
            now.evidence.append(piece)
    _add_boot_times(found, held.get("runtime.bootTime", ()), host)
    return found


def _add_boot_times(outages: Sequence[HostOutage], boots: Sequence[Held], host: str) -> None:
    """The host's own boot time is earlier, and nearer the truth, than the event that it has booted."""
    for boot in boots:
        for outage in outages:
            if isinstance(boot.value, datetime) and outage.start < boot.value <= outage.end:
                outage.booted = min(outage.booted or boot.value, boot.value)
                outage.evidence.append(boot.evidence(about=host))


@dataclass(frozen=True, slots=True, kw_only=True)
class HostHistories:
    """All hosts of one vCenter."""

    by_host: Mapping[str, Sequence[HostOutage]]
    failures: Sequence[HostOutage]
    """all that nobody wished, in order"""


def host_histories(hosts: Mapping[str, ObjectEvidence], knowledge: Knowledge) -> HostHistories:
    """From the evidence of all hosts, by moid."""
    by_host = {host: outages_of(host, evidence, knowledge) for host, evidence in hosts.items()}
    failures = sorted(
        (one for outages in by_host.values() for one in outages if not one.by_user),
        key=lambda one: (one.start, one.host),
    )
    return HostHistories(by_host=by_host, failures=failures)
