"""`runtime.healthSystemRuntime` of a host: some twenty sensors, and the state of processors, memory and storage."""

import random
from datetime import datetime
from typing import Any

from pyVmomi import vim

from agent.dataclass import dataclass
from agent.simulator.estate.plan import HostPlan

_host = vim.host
_STATES = {
    "green": vim.ElementDescription(key="green", label="Green", summary="Sensor is operating under normal conditions"),
    "yellow": vim.ElementDescription(
        key="yellow", label="Yellow", summary="Sensor is operating under conditions that are non-critical"
    ),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one sensor measures."""

    name: str
    kind: str
    value: float
    unit: str
    state: str = "green"


def _sensor(number: int, reading: Reading, now: datetime) -> vim.host.NumericSensorInfo:
    return _host.NumericSensorInfo(
        name=reading.name,
        healthState=_STATES[reading.state],
        # vCenter sends whole numbers and a power of ten
        currentReading=round(reading.value * 100),
        unitModifier=-2,
        baseUnits=reading.unit,
        rateUnits=None,
        sensorType=reading.kind,
        id=f"{number}.32.99",
        sensorNumber=number,
        timeStamp=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def health(host: HostPlan, rng: random.Random, now: datetime) -> vim.host.HealthStatusSystem.Runtime:
    """`runtime.healthSystemRuntime`; the host with a worn fan has one yellow sensor."""
    readings = [
        Reading("System Board 1 Inlet Temp", "temperature", rng.uniform(21, 25), "Degrees C"),
        Reading("System Board 1 Exhaust Temp", "temperature", rng.uniform(33, 40), "Degrees C"),
        Reading("Processor 1 Temp", "temperature", rng.uniform(48, 62), "Degrees C"),
        Reading("Processor 2 Temp", "temperature", rng.uniform(48, 62), "Degrees C"),
    ]
    for fan in range(1, 9):
        worn = host.yellow_sensor and fan == 4
        rate = rng.uniform(2200, 2500) if worn else rng.uniform(6800, 7600)
        readings.append(Reading(f"System Board 1 Fan{fan}A", "fan", rate, "RPM", "yellow" if worn else "green"))
    for supply in (1, 2):
        readings.append(Reading(f"Power Supply {supply} Voltage", "voltage", rng.uniform(228, 234), "Volts"))
        readings.append(Reading(f"Power Supply {supply} Current", "voltage", rng.uniform(0.8, 1.4), "Amps"))
    readings.append(Reading("System Board 1 Pwr Consumption", "power", rng.uniform(310, 460), "Watts"))
    readings.append(Reading("System Board 1 SYS Usage", "Other", rng.uniform(15, 45), "Percentage"))
    readings.append(Reading("System Board 1 MEM Usage", "Other", rng.uniform(5, 20), "Percentage"))
    readings.append(Reading("System Board 1 CMOS Battery", "battery", 3.05, "Volts"))
    return _host.HealthStatusSystem.Runtime(
        systemHealthInfo=_host.SystemHealthInfo(
            numericSensorInfo=[_sensor(number, reading, now) for number, reading in enumerate(readings, start=1)]
        ),
        hardwareStatusInfo=_hardware(),
    )


def _hardware() -> vim.host.HardwareStatusInfo:
    element: Any = _host.HardwareStatusInfo.HardwareElementInfo
    green = _STATES["green"]
    return _host.HardwareStatusInfo(
        cpuStatusInfo=[element(name=f"CPU socket #{n}", status=green) for n in (0, 1)],
        memoryStatusInfo=[element(name=f"DIMM {n}", status=green) for n in range(16)],
        storageStatusInfo=[
            _host.HardwareStatusInfo.StorageStatusInfo(name=name, status=green, operationalInfo=[])
            for name in ("Controller 0 (PERC H755 Front)", "Disk 0 on Controller 0", "Disk 1 on Controller 0")
        ],
    )
