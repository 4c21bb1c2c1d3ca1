"""Hardware sensors of hosts. Their names change with firmware, so the id is a label beside the name."""

from collections import Counter
from collections.abc import Callable, Iterable

from agent.model.host import HostSystem, NumericSensor
from exporters.prometheus.family import Family, Sample, origins
from exporters.prometheus.section import Section, Sight, Subject

LABELS = ("vcenter", "host_id", "host_name", "sensor_id", "sensor_name")

_UNITS: dict[str, tuple[str, Callable[[float], float]]] = {
    "degrees c": ("celsius", lambda reading: reading),
    "degrees f": ("celsius", lambda reading: (reading - 32) * 5 / 9),
    "degrees k": ("celsius", lambda reading: reading - 273.15),
    "rpm": ("rpm", lambda reading: reading),
    "volts": ("volts", lambda reading: reading),
    "amps": ("amperes", lambda reading: reading),
    "watts": ("watts", lambda reading: reading),
}
"""vSphere's unit, lower case: ours, and how to get there."""


def _reading(unit: str) -> Callable[[NumericSensor], Iterable[Sample]]:
    def samples(sensor: NumericSensor) -> Iterable[Sample]:
        found, convert = _UNITS.get((sensor.base_units or "").lower(), ("", None))
        if found == unit and convert is not None and sensor.current_reading is not None:
            exponent = sensor.unit_modifier or 0
            # dividing by a power of ten gives 3.3 where multiplying by its inverse gives 3.3000000000000003
            scaled = sensor.current_reading * 10**exponent if exponent >= 0 else sensor.current_reading / 10**-exponent
            yield (), convert(scaled)

    return samples


def _health(sensor: NumericSensor) -> Iterable[Sample]:
    if sensor.health is not None:
        health = sensor.health.lower()
        yield ("green",), health == "green"
        if health != "green":
            yield (health,), True


_READING = origins(HostSystem, "sensors.current_reading", "sensors.unit_modifier", "sensors.base_units")

FAMILIES: tuple[Family[NumericSensor], ...] = (
    Family(
        name="vsphere_host_sensor_health_state",
        help="Health of a sensor. States other than green are there while they last.",
        source=origins(HostSystem, "sensors.health"),
        labels=("state",),
        states=("green",),
        samples=_health,
    ),
    Family(
        name="vsphere_host_sensor_temperature_celsius",
        help="A temperature.",
        source=_READING,
        samples=_reading("celsius"),
    ),
    Family(
        name="vsphere_host_sensor_fan_speed_rpm",
        help="A fan's speed in revolutions per minute.",
        source=_READING,
        samples=_reading("rpm"),
    ),
    Family(
        name="vsphere_host_sensor_voltage_volts",
        help="A voltage.",
        source=_READING,
        samples=_reading("volts"),
    ),
    Family(
        name="vsphere_host_sensor_current_amperes",
        help="A current.",
        source=_READING,
        samples=_reading("amperes"),
    ),
    Family(
        name="vsphere_host_sensor_power_watts",
        help="A power.",
        source=_READING,
        samples=_reading("watts"),
    ),
)


def _subjects(sight: Sight) -> Iterable[Subject[NumericSensor]]:
    for moid, host in sight.inventory.hosts.items():
        uses: Counter[str] = Counter()
        for sensor in host.sensors or ():
            identity = sensor.id or sensor.name or ""
            uses[identity] += 1
            # management controllers report some sensors twice under one id
            unique = identity if uses[identity] == 1 else f"{identity}#{uses[identity]}"
            labels = (*sight.labels(moid, host.name), unique, sensor.name or "")
            yield Subject(f"{moid}/{unique}", labels, sensor)


SECTION = Section(title="Hardware sensors", labels=LABELS, families=FAMILIES, subjects=_subjects)
