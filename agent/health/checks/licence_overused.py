from dataclasses import replace

from agent.health.catalogue import Faults, check
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import Fault, State
from agent.model.licence import Licence


@check(VCENTER, State.WARNING, needs=("licences",), privilege="Global.Licenses")
def licence_overused(vcenter: VCenter) -> Faults:
    """More of a licence is used than was bought.

    Meaning: vCenter counts more processors or cores on the licence than it covers.
    Impact: the vendor's risk in an audit, which becomes ours in the next negotiation.
    Ask the vendor: when will the licence fit what is installed?
    """
    for licence in vcenter.licences or ():
        if licence.total and licence.used is not None and licence.used > licence.total:
            words = f"licence {licence.name!r}: {licence.used} of {licence.total} {licence.cost_unit or ''} are used"
            yield Fault(State.WARNING, words.rstrip(), part=licence.id or "")


_USED = Licence(id="a1", name="vSphere Foundation", cost_unit="cpuCore", total=64, used=96)
licence_overused.fires(licences=(_USED,))
licence_overused.silent(licences=(replace(_USED, used=64),))
