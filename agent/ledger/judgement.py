"""What the ledger says of any object of one vCenter: pure, computed anew from all evidence each time.

The same evidence gives the same ledger in whatever order it came in. docs/ledger.md is the contract.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime

from agent.ledger.host_history import host_histories
from agent.ledger.hosts_and_datastores import datastore_ledger, host_ledger
from agent.ledger.knowledge import Knowledge, Rules, distinct
from agent.ledger.spans import PAST
from agent.ledger.virtual_machines import vm_ledger
from agent.model.availability import Ledger
from agent.model.evidence import ObjectEvidence, Span, VCenterEvidence


class Judgement:
    """Made once for a state of the evidence: what all objects share is computed here, each object when asked for."""

    def __init__(self, evidence: VCenterEvidence, rules: Rules | None = None) -> None:
        """`rules` are the margins of the contract unless given."""
        self._evidence = evidence
        self._knowledge = Knowledge(evidence.coverage, rules or Rules(), tuple(_last_events(evidence)))
        self._hosts = host_histories(evidence.hosts, self._knowledge)

    @property
    def read(self) -> tuple[Span, ...]:
        """When the events were read, in order: what is said of then is exact."""
        return self._knowledge.covered

    def vm(self, moid: str, start: datetime, end: datetime) -> Ledger:
        """A VM in [start, end), UTC. KeyError if there is no evidence of it."""
        return self.vm_by(self._evidence.vms[moid], start, end)

    def vm_by(self, evidence: ObjectEvidence, start: datetime, end: datetime) -> Ledger:
        """A VM in [start, end), UTC, by evidence that was read apart from that of all others.

        That of hosts and datastores has to say what the last event before each start of vCenter was.
        """
        return vm_ledger(evidence, self._hosts, self._knowledge, start, end)

    def host(self, moid: str, start: datetime, end: datetime) -> Ledger:
        """A host in [start, end), UTC. KeyError if there is no evidence of it."""
        return host_ledger(self._evidence.hosts[moid], self._knowledge, start, end)

    def datastore(self, moid: str, start: datetime, end: datetime) -> Ledger:
        """A datastore in [start, end), UTC. KeyError if there is no evidence of it."""
        return datastore_ledger(self._evidence.datastores[moid], self._knowledge, start, end)


def _last_events(evidence: VCenterEvidence) -> Iterator[datetime]:
    """For each start of vCenter, the time of the last event of any object before it: until then it was there."""
    starts = [one.event.created for one in distinct(evidence.coverage.server_starts)]
    if not starts:
        return
    last = [PAST for _ in starts]
    groups: tuple[dict[str, ObjectEvidence], ...] = (
        dict(evidence.vms),
        dict(evidence.hosts),
        dict(evidence.datastores),
    )
    for one in (recorded for group in groups for item in group.values() for recorded in item.events):
        index = bisect_left(starts, one.event.created)
        if index < len(starts) and one.event.created < starts[index]:
            last[index] = max(last[index], one.event.created)
    for before, found in zip([PAST, *starts], last, strict=False):
        yield max(before, found)
