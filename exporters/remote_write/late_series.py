"""Late samples under the very names and labels that the metrics page has them under."""

from collections.abc import Iterator, Mapping

from agent.model.counter_uses import GRIDS
from agent.model.late_samples import LateSamples
from agent.model.performance import EntityPerformance
from exporters.prometheus.metrics.performance import named_objects, sections_for
from exporters.prometheus.section import Section, Sight
from exporters.remote_write.write_request import TimeSeries


class LateSeries:
    """Makes series of late samples. What objects are called is looked up once for all samples of one round."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        """`labels` are what Prometheus adds when it scrapes, `job` and `instance`, so that they are the same series."""
        self._added = tuple(labels.items())
        self._last: LateSamples | None = None
        self._sections: dict[str, Section[Sight, EntityPerformance]] = {}
        self._names: dict[str, dict[str, tuple[str, ...]]] = {}

    def of(self, late: LateSamples) -> Iterator[TimeSeries]:
        """The series of one object; none where it is no longer in the inventory."""
        section, names = self._known(late)
        if late.entity not in names:
            return
        identity = tuple(zip(section.labels, names[late.entity], strict=True))
        for family in section.families:
            found: dict[tuple[str | None, ...], list[tuple[int, float]]] = {}
            for at_s, item in late.moments:
                for own, value in family.samples(item):
                    if value is not None:
                        found.setdefault(own, []).append((round(at_s * 1000), float(value)))
            for own, samples in found.items():
                more = ((name, text) for name, text in zip(family.labels, own, strict=True) if text is not None)
                labels = dict((*self._added, *identity, *more, ("__name__", family.name)))
                yield TimeSeries(tuple(labels.items()), samples)

    def _known(self, late: LateSamples) -> tuple[Section[Sight, EntityPerformance], Mapping[str, tuple[str, ...]]]:
        """The section of the kind, and by stable id the values that identify each object."""
        last = self._last
        if last is None or last.inventory is not late.inventory or last.performance is not late.performance:
            sight = Sight(vcenter=late.target, inventory=late.inventory, performance=late.performance)
            self._sections = dict(zip(GRIDS, sections_for((sight,)), strict=True))
            self._names = {}
        self._last = late
        if late.kind not in self._names:
            sight = Sight(vcenter=late.target, inventory=late.inventory)
            self._names[late.kind] = {key: sight.labels(key, name) for key, name in named_objects(late.kind, sight)}
        return self._sections[late.kind], self._names[late.kind]
