"""Makers of vmware_exporter's families: one value an object, alarms by colour, the newest sample of a counter."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from exporters.prometheus.family import Family, Origin, Sample, origins
from exporters.vmware_exporter.seen import NOT_KNOWN

T = TypeVar("T")


def one(name: str, explanation: str, source: tuple[Origin, ...], value: Callable[[T], float | None]) -> Family[T]:
    """A family with at most one sample an object: none where there is no value."""

    def samples(seen: T) -> Iterable[Sample]:
        found = value(seen)
        return () if found is None else (((), found),)

    return Family(name=name, help=explanation, source=source, samples=samples)


def alarm_families(word: str, record: type) -> tuple[Family[Any], ...]:
    """How many alarms stand at yellow and at red, with their names in a label."""
    return tuple(_alarm_family(word, record, colour) for colour in ("yellow", "red"))


def counter_families(word: str, counters: Iterable[str]) -> tuple[Family[Any], ...]:
    """The newest sample of each counter, in vCenter's own unit; only of what is powered on."""
    return tuple(_counter_family(word, counter) for counter in counters)


def _alarm_family(word: str, record: type, colour: str) -> Family[Any]:
    def samples(seen: Any) -> Iterable[Sample]:
        names = getattr(seen.alarms, colour)
        yield (",".join(f"triggeredAlarm:{name}" for name in names) or NOT_KNOWN,), len(names)

    return Family(
        name=f"vmware_{word}_{colour}_alarms",
        help=f"Alarms that stand at {colour}; their names are the label.",
        source=origins(record, "alarms"),
        samples=samples,
        labels=("alarms",),
    )


def _counter_family(word: str, counter: str) -> Family[Any]:
    return one(
        f"vmware_{word}_{counter.replace('.', '_')}",
        f"Newest 20 s sample of {counter}, in vCenter's own unit (percent times 100).",
        (Origin(f"QueryPerf {counter}", None),),
        lambda seen: seen.counters.get(counter),
    )
