from typing import Any

from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem, NumericSensor

_STATES = {"yellow": State.WARNING, "red": State.CRITICAL}


@check(HOST, State.WARNING, State.CRITICAL, needs=("sensors",), when=CONNECTED, lasting_minutes=10)
def host_sensor_bad(host: HostSystem) -> Faults:
    """A hardware sensor of a host is yellow or red.

    Meaning: the server's own management reports a fan, a power supply, a temperature, a voltage or a memory module
    outside of its limits. Sensors that cannot report are passed over.
    Impact: redundancy is gone, or the server will slow down or stop.
    Ask the vendor: which part is it, since when, is the spare ordered, and why did you not tell us?
    """
    for sensor in host.sensors or ():
        state = _STATES.get((sensor.health or "").lower())
        if state is not None:
            yield Fault(state, f"sensor {sensor.name!r} is {sensor.health}{_reading(sensor)}", part=sensor.name or "")


def _reading(sensor: NumericSensor) -> str:
    if sensor.current_reading is None or sensor.unit_modifier is None:
        return ""
    return f", {sensor.current_reading * 10.0**sensor.unit_modifier:g} {sensor.base_units or ''}".rstrip()


_FAN: Any = {"name": "Fan4A", "kind": "fan", "current_reading": 231_200, "unit_modifier": -2, "base_units": "RPM"}
host_sensor_bad.fires(sensors=(NumericSensor(**_FAN, health="yellow"),))
host_sensor_bad.silent(sensors=(NumericSensor(**_FAN, health="green"), NumericSensor(name="Fan5A", health="unknown")))
