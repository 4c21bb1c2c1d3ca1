from collections import Counter

from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import Fault, State
from agent.model.inventory import Unreadable


@check(VCENTER, State.INFO, needs=("refused",))
def vcenter_account_refused(vcenter: VCenter) -> Faults:
    """VCenter refuses to tell our account some properties.

    Meaning: privileges that are missing, with how many properties of objects each of them hides.
    Impact: what they would say is unknown here, and not fine.
    Ask the vendor: please give the account the role that `checkmeter doctor` prints.
    """
    for privilege, times in sorted(Counter(vcenter.refused or ()).items()):
        yield Fault(State.INFO, f"{privilege} is missing for {times} properties", part=privilege)


_REFUSED = Unreadable(
    vsphere_type="LicenseManager", moid="", path="licenses", fault="NoPermission", privilege="Global.Licenses"
)
vcenter_account_refused.fires(given=Given(inventory={"unreadable": (_REFUSED,)}))
vcenter_account_refused.silent()
