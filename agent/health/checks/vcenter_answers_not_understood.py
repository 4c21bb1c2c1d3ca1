from collections import Counter

from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import Fault, State
from agent.model.inventory import Skipped


@check(VCENTER, State.INFO, needs=("not_understood",))
def vcenter_answers_not_understood(vcenter: VCenter) -> Faults:
    """Some of vCenter's answers could not be understood.

    Meaning: values that are not what the API says they are. They are left out, and counted.
    Impact: what they would say is unknown here.
    Ask the vendor: nothing: please report it to the makers of Checkmeter, with the property's name.
    """
    for path, times in sorted(Counter(vcenter.not_understood or ()).items()):
        yield Fault(State.INFO, f"{path} of {times} objects", part=path)


_ODD = Skipped(vsphere_type="HostSystem", moid="host-1", path="runtime.bootTime", reason="ValueError")
vcenter_answers_not_understood.fires(given=Given(inventory={"skipped": (_ODD,)}))
vcenter_answers_not_understood.silent()
