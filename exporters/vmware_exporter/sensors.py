"""vmware_exporter's families of a host's hardware sensors."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from agent.model.host import HostSystem, NumericSensor
from exporters.prometheus.family import Family, Sample, origins
from exporters.vmware_exporter.seen import NOT_KNOWN, SeenHost, apart

_STATES = {"red": 0, "yellow": 1, "green": 2, "unknown": 3}
_UNITS = {
    "fan": "rpm",
    "temperature": "degrees c",
    "power_voltage": "volts",
    "power_current": "amps",
    "power_watt": "watts",
}
_MEANINGS = {
    "fan": "A fan's speed in revolutions per minute.",
    "temperature": "A temperature in degrees Celsius.",
    "power_voltage": "A voltage in volts.",
    "power_current": "A current in amperes.",
    "power_watt": "A power in watts.",
}


class _Sensor(NamedTuple):
    name: str
    kind: str
    id: str
    health: str
    numeric: NumericSensor | None


def _sensors(host: HostSystem) -> Iterator[tuple[str, _Sensor]]:
    """All sensors with the name that tells them apart: some management controllers report one name several times."""
    found = [
        _Sensor(one.name or "", one.kind or NOT_KNOWN, one.id or "", one.health or "unknown", one)
        for one in host.sensors or ()
    ]
    found += [
        _Sensor(one.name or "", NOT_KNOWN, "", one.status or "unknown", None)
        for one in (*(host.cpu_health or ()), *(host.memory_health or ()))
    ]
    names = apart(found, lambda one: (one.name, one.kind), lambda place, one: one.id or f"#{place + 1}")
    return zip(names, found, strict=True)


def _states(seen: SeenHost) -> Iterable[Sample]:
    for name, one in _sensors(seen.host):
        yield (name, one.kind), _STATES.get(one.health.lower(), _STATES["unknown"])


def _readings(unit: str) -> Callable[[SeenHost], Iterable[Sample]]:
    def samples(seen: SeenHost) -> Iterable[Sample]:
        for name, one in _sensors(seen.host):
            numeric = one.numeric
            if numeric is None or numeric.current_reading is None or (numeric.base_units or "").lower() != unit:
                continue
            exponent = numeric.unit_modifier or 0
            reading = numeric.current_reading
            yield (name,), reading * 10**exponent if exponent >= 0 else reading / 10**-exponent

    return samples


def _redundancy(seen: SeenHost) -> Iterable[Sample]:
    for name, one in _sensors(seen.host):
        if one.numeric is not None and (one.numeric.base_units or "").lower() == "redundancy-discrete":
            yield (name,), one.numeric.current_reading


_READING = origins(HostSystem, "sensors.current_reading", "sensors.unit_modifier", "sensors.base_units")
SENSORS: tuple[Family[SeenHost], ...] = (
    Family(
        name="vmware_host_sensor_state",
        help="Health of a sensor: 0 red, 1 yellow, 2 green, 3 unknown.",
        source=origins(HostSystem, "sensors.health", "cpu_health.status", "memory_health.status"),
        samples=_states,
        labels=("name", "type"),
    ),
    *(
        Family(
            name=f"vmware_host_sensor_{word}",
            help=_MEANINGS[word],
            source=_READING,
            samples=_readings(unit),
            labels=("name",),
        )
        for word, unit in _UNITS.items()
    ),
    Family(
        name="vmware_host_sensor_redundancy",
        help="Whether something that is there twice is whole: 1 yes, 0 no.",
        source=_READING,
        samples=_redundancy,
        labels=("name",),
    ),
)
