"""PerformanceManager: real-time samples of the last hour on a 20 s grid, and rollups kept as long as vCenter keeps them."""

from datetime import UTC, datetime
from typing import Any

from pyVmomi import vim

from agent.dataclass import dataclass
from agent.simulator.access import no_permission
from agent.simulator.call import Call
from agent.simulator.counters import (
    INTERVALS,
    REAL_TIME,
    REAL_TIME_KINDS,
    Counter,
    Interval,
    counters,
    kind_of,
    of_kind,
)
from agent.simulator.samples import Samples, Subject, subject_of
from agent.simulator.soap import RawXml, reference, text

PM = vim.PerformanceManager
MISSING = -1
_HOUR = 3600


def QueryPerfProviderSummary(call: Call, entity: Any) -> Any:
    """Whether an entity has real-time samples, and how far apart, in seconds (-1: it has none)."""
    kind = kind_of(call.find(entity).type)
    if kind is None:
        raise call.invalid("entity")
    current = kind in REAL_TIME_KINDS
    return PM.ProviderSummary(
        entity=entity,
        currentSupported=current,
        summarySupported=bool(call.this.root("historicalInterval")),
        refreshRate=REAL_TIME if current else -1,
    )


def QueryPerfCounter(call: Call, ids: Any) -> Any:
    """Counters by their ids; InvalidArgument for an unknown one."""
    known = {one.key: one for one in call.this.root("perfCounter")}
    if unknown := [number for number in ids if number not in known]:
        raise call.invalid(f"counterId {unknown[0]}")
    return [known[number] for number in ids]


def QueryPerfCounterByLevel(call: Call, level: int) -> Any:
    """The counters of a statistics level and those below it."""
    return [one for one in call.this.root("perfCounter") if one.level <= level]


def QueryAvailablePerfMetric(
    call: Call,
    entity: Any,
    begin: Any,  # noqa: ARG001 - every span of an interval holds the same series here
    end: Any,  # noqa: ARG001 - every span of an interval holds the same series here
    interval: int | None,
) -> Any:
    """The series that exist for an entity: in real time (interval 20), or those its database keeps."""
    entry = call.find(entity)
    if call.estate.recorded_samples is not None:
        found = call.estate.recorded_samples.series(entry.moid, interval)
        return [PM.MetricId(counterId=number, instance=instance) for number, instance in found]
    subject = subject_of(call.estate, entry)
    if subject is None or not call.server.access.sees(call.user, entity):
        return []
    samples = Samples(call.estate)
    period = _period(subject.kind, interval or (REAL_TIME if subject.kind in REAL_TIME_KINDS else None))
    if period is None and not samples.exists(subject, int(call.estate.now().timestamp())):
        return []
    return [
        PM.MetricId(counterId=counter.id, instance=instance)
        for counter in of_kind(subject.kind)
        for instance in samples.instances(subject, counter)
        if _kept(counter, instance, period)
    ]


def QueryPerf(call: Call, specs: Any) -> RawXml:
    """Samples after `startTime` up to and with `endTime`, in either format."""
    _check_size(call, specs)
    recorded = call.estate.recorded_samples
    if recorded is not None:
        now = int(call.estate.now().timestamp())
        return RawXml("".join(recorded.answer(call.find(spec.entity).ref, spec, now) for spec in specs))
    reader = _Reader(call)
    return RawXml("".join(reader.answer(spec) for spec in specs))


def _check_size(call: Call, specs: Any) -> None:
    """RestrictedByAdministrator when historical queries together ask more than config.vpxd.stats.maxQueryMetrics."""
    limit = call.estate.options.get("config.vpxd.stats.maxQueryMetrics", -1)
    historical = sum(
        len(spec.metricId) or len(of_kind(kind))
        for spec in specs
        if (kind := kind_of(type(spec.entity))) and _period(kind, spec.intervalId) is not None
    )
    if 0 < limit < historical:
        raise vim.fault.RestrictedByAdministrator(
            msg="This operation is restricted by the administrator - 'vpxd.stats.maxQueryMetrics'.",
            details="vpxd.stats.maxQueryMetrics",
        )


def _period(kind: str, interval: int | None) -> Interval | None:
    """The historical interval a query is answered from, None for real time: the best one where there is none such."""
    if interval == REAL_TIME and kind in REAL_TIME_KINDS:
        return None
    fitting = [one for one in INTERVALS if one.seconds >= (interval or 0)]
    return fitting[0] if fitting else INTERVALS[-1]


def _kept(counter: Counter, instance: str, period: Interval | None) -> bool:
    """Whether a series is stored: in real time all are, in the database those up to the interval's level."""
    return period is None or (counter.device_level if instance else counter.level) <= period.level


@dataclass(slots=True)
class _Reader:
    """Answers the queries of one call, all as of the same moment."""

    call: Call
    samples: Samples
    now: int

    def __init__(self, call: Call) -> None:
        self.call = call
        self.samples = Samples(call.estate)
        self.now = int(call.estate.now().timestamp())

    def answer(self, spec: Any) -> str:
        entry = self.call.find(spec.entity)
        subject = subject_of(self.call.estate, entry)
        if subject is None:
            raise self.call.invalid("querySpec.entity")
        if not self.call.server.access.sees(self.call.user, spec.entity):
            raise no_permission(spec.entity, "System.Read")
        period = _period(subject.kind, spec.intervalId)
        moments = self._moments(subject, spec, period)
        if not moments:
            return ""
        series = []
        for counter, instance in self._series(subject, spec, period):
            values = [self._value(subject, counter, instance, at, period) for at in moments]
            series.append((counter.id, instance, values))
        length = period.seconds if period else REAL_TIME
        write = csv_element if spec.format == PM.Format.csv else normal_element
        return write(entry.ref, moments, length, series)

    def _moments(self, subject: Subject, spec: Any, period: Interval | None) -> list[int]:
        length, kept = (period.seconds, period.kept) if period else (REAL_TIME, _HOUR)
        newest = self.now
        late = self._late(subject)
        if late is not None and not late.as_gap:
            newest -= int(late.seconds)
        if period is not None and not self.call.this.root("historicalInterval"):
            return []
        begin = max(self.now - kept, int(spec.startTime.timestamp()) if spec.startTime else 0)
        end = min(newest, int(spec.endTime.timestamp()) if spec.endTime else newest)
        grid = range((begin // length + 1) * length, end + 1, length)
        if period is None:
            moments = [at for at in grid if self.samples.exists(subject, at)]
            return moments[-spec.maxSample :] if spec.maxSample else moments
        return [at for at in grid if any(self.samples.exists(subject, one) for one in _within(at, length))]

    def _series(self, subject: Subject, spec: Any, period: Interval | None) -> list[tuple[Counter, str]]:
        wanted: dict[tuple[int, str], Counter] = {}
        asked = [(one.counterId, one.instance or "") for one in spec.metricId]
        for number, instance in asked or [(one.id, "*") for one in of_kind(subject.kind)]:
            counter = counters().get(number)
            if counter is None:
                raise self.call.invalid("querySpec.metricId")
            if subject.kind in counter.entities:
                for one in self.samples.instances(subject, counter):
                    if (instance in ("*", one)) and _kept(counter, one, period):
                        wanted[number, one] = counter
        return [(counter, instance) for (_, instance), counter in wanted.items()]

    def _value(self, subject: Subject, counter: Counter, instance: str, at: int, period: Interval | None) -> int:
        if period is None:
            return self._sample(subject, counter, instance, at)
        values = [
            value
            for one in _within(at, period.seconds)
            if self.samples.exists(subject, one) and (value := self._sample(subject, counter, instance, one)) != MISSING
        ]
        if not values:
            return MISSING
        if counter.rollup == "summation":
            return sum(values)
        return values[-1] if counter.rollup == "latest" else round(sum(values) / len(values))

    def _sample(self, subject: Subject, counter: Counter, instance: str, at: int) -> int:
        moid = subject.entry.moid
        for gap in self.call.server.faults.gaps:
            if gap.moid in (None, moid) and gap.start.timestamp() < at <= gap.end.timestamp():
                return MISSING
        late = self._late(subject)
        if late is not None and late.as_gap and at > self.now - late.seconds:
            return MISSING
        value = self.samples.value(subject, counter, instance, at)
        return MISSING if value is None else value

    def _late(self, subject: Subject) -> Any:
        late = self.call.server.faults.late
        return (late.get(subject.entry.moid) or late.get(None)) if late else None


def _within(at: int, length: int) -> range:
    return range(at - length + REAL_TIME, at + 1, REAL_TIME)


def _stamp(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _id(number: int, instance: str) -> str:
    return f"<id><counterId>{number}</counterId><instance>{text(instance)}</instance></id>"


def csv_element(ref: Any, moments: list[int], length: int, series: list[tuple[int, str, list[int]]]) -> str:
    """A PerfEntityMetricCSV: times in epoch seconds, series of counter id, instance and values."""
    info = ",".join(f"{length},{_stamp(at)}" for at in moments)
    values = "".join(
        f"<value>{_id(number, instance)}<value>{','.join(map(str, found))}</value></value>"
        for number, instance, found in series
    )
    return (
        f'<returnval xsi:type="PerfEntityMetricCSV">{reference(ref, "entity")}'
        f"<sampleInfoCSV>{info}</sampleInfoCSV>{values}</returnval>"
    )


def normal_element(ref: Any, moments: list[int], length: int, series: list[tuple[int, str, list[int]]]) -> str:
    """The same as a PerfEntityMetric."""
    info = "".join(
        f"<sampleInfo><timestamp>{_stamp(at)}</timestamp><interval>{length}</interval></sampleInfo>" for at in moments
    )
    values = "".join(
        f'<value xsi:type="PerfMetricIntSeries">{_id(number, instance)}'
        f"{''.join(f'<value>{value}</value>' for value in found)}</value>"
        for number, instance, found in series
    )
    return f'<returnval xsi:type="PerfEntityMetric">{reference(ref, "entity")}{info}{values}</returnval>'
