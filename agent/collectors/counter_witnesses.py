"""Counters as witnesses: of the samples that are counted anyway, those that tell the ledger when a VM ran.

vCenter measures `sys.uptime`, `sys.osUptime` and `sys.heartbeat` by itself, so they speak also for times that the agent
did not see.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from agent.ledger.witnesses import COUNTERS, WitnessSelection
from agent.model.evidence import CounterSample
from agent.model.performance import CounterDefinition
from agent.vcenter.performance import EntityAnswer

Witness = tuple[str, CounterSample]
"""moid of the VM, and its sample"""


class CounterWitnesses:
    """Picks witnesses out of the answers about VMs. `pending` waits to be written; of one thread."""

    def __init__(self, definitions: Mapping[str, CounterDefinition]) -> None:
        self.pending: list[Witness] = []
        self._selection = WitnessSelection()
        self._names = {definitions[name].id: name for name in COUNTERS if name in definitions}
        self._seen: dict[tuple[str, int], int] = {}

    def take(self, answer: EntityAnswer, learned_at: datetime) -> None:
        """Look at the samples that were not looked at yet, oldest first."""
        for counter, instance, text in answer.series:
            name = self._names.get(counter)
            if name is None or instance:
                continue
            key = (answer.moid, counter)
            after = self._seen.get(key, 0)
            new = [
                (at_s, int(value)) for at_s, value in zip(answer.times, text.split(","), strict=False) if at_s > after
            ]
            for at_s, value in sorted(new):
                if value < 0:
                    continue
                self._seen[key] = at_s
                sample = CounterSample(
                    counter=name,
                    at=datetime.fromtimestamp(at_s, UTC),
                    interval_s=answer.interval_s,
                    value=value,
                    learned_at=learned_at,
                )
                self.pending += ((answer.moid, one) for one in self._selection.worth(answer.moid, sample))

    def forget_gone(self, present: set[str]) -> None:
        """Drop what is remembered of VMs (by moid) that are gone."""
        self._selection.forget(present)
        self._seen = {key: at_s for key, at_s in self._seen.items() if key[0] in present}
