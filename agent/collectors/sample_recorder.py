"""Performance samples for a recording: asked for as the performance collector asks, written down as they come."""

from collections.abc import Callable, Mapping, Sequence

from agent.collectors.measured_objects import measured_objects
from agent.collectors.performance_kind import PerformanceKind
from agent.model.counter_uses import GRIDS, WIRE_TYPES
from agent.model.inventory import Inventory
from agent.model.performance import CounterUse
from agent.recording.lines import Samples
from agent.vcenter.performance import CHUNK, PerformanceReader
from agent.vcenter.session import Session


class SampleRecorder:
    """Remembers which samples were written. Owned by one thread."""

    def __init__(
        self,
        counters: Mapping[str, Sequence[CounterUse]],
        instances: Mapping[str, frozenset[str]],
        write: Callable[[Samples], None],
    ) -> None:
        """`instances` names the groups of counters, by kind of object, that are wanted instance by instance."""
        self._counters, self._instances, self._write = counters, instances, write
        self._kinds: dict[str, PerformanceKind] = {}
        self._read_until: dict[str, int] = {}

    def read(self, session: Session, inventory: Inventory, now_s: int, *, real_time: bool) -> None:
        """Write what is new at `now_s` on vCenter's clock. Raises a VCenterError."""
        reader = PerformanceReader(session)
        if not self._kinds:
            definitions = reader.definitions()
            self._kinds = {
                name: PerformanceKind(
                    name, GRIDS[name], uses, definitions, instances=self._instances.get(name, frozenset())
                )
                for name, uses in self._counters.items()
            }
        limit = None if real_time else reader.most_metrics()
        for name, kind in self._kinds.items():
            if kind.grid.real_time is not real_time:
                continue
            objects, _ = measured_objects(inventory, name)
            most = CHUNK if limit is None else max(1, min(CHUNK, limit // max(1, kind.metrics_per_object)))
            for answer in reader.query(kind.plan(objects, now_s, self._read_until.get(name)), most):
                if kind.take(answer) is not None:
                    self._write(
                        Samples(
                            type=WIRE_TYPES[name],
                            moid=answer.moid,
                            interval_s=answer.interval_s,
                            times=answer.times,
                            series=answer.series,
                        )
                    )
            self._read_until[name] = now_s
