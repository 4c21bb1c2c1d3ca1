from agent.health.catalogue import Faults, check
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import Fault, State
from agent.model.licence import Licence


@check(VCENTER, State.WARNING, needs=("licences",), privilege="Global.Licenses")
def licence_evaluation(vcenter: VCenter) -> Faults:
    """Something runs on an evaluation licence.

    Meaning: an installation of the last 60 days to which no licence was given. When it ends, hosts are disconnected.
    Impact: a production server on something that stops by itself.
    Ask the vendor: which host is it, and when does it get its licence?
    """
    for licence in vcenter.licences or ():
        if "eval" in (licence.edition or "").casefold():
            yield Fault(State.WARNING, f"licence {licence.name!r} is an evaluation", part=licence.id or "")


licence_evaluation.fires(licences=(Licence(id="e", name="Product Evaluation", edition="eval"),))
licence_evaluation.silent(licences=(Licence(id="a1", name="vSphere Foundation", edition="esx.vvf.cpuCore"),))
