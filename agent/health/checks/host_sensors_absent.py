from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem, NumericSensor


@check(HOST, State.INFO, sees=("sensors",), when=CONNECTED, lasting_minutes=60)
def host_sensors_absent(host: HostSystem) -> Faults:
    """A host reports no hardware sensors.

    Meaning: its hardware monitoring (CIM or IPMI) is off or broken; some vendors switch it off on purpose.
    Impact: vCenter, and with it we, would not know of a broken fan, power supply or memory module.
    Ask the vendor: with which other tool is the hardware of this host watched, and how would we be told?
    """
    if not host.sensors:
        yield Fault(State.INFO, "reports no hardware sensors")


host_sensors_absent.fires(sensors=())

host_sensors_absent.silent(sensors=(NumericSensor(name="Fan1A", health="green"),))
