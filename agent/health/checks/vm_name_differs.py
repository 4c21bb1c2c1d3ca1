from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine

_FOLDED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
"""Host names have no such letters."""


def _folded(name: str) -> str:
    return name.partition(".")[0].casefold().translate(_FOLDED)


@check(VM, State.INFO, needs=("name",), sees=("host_name",), when=RUNNING)
def vm_name_differs(vm: VirtualMachine) -> Faults:
    """A VM is called otherwise than the server in it.

    Meaning: its name in vCenter is not the host name that VMware Tools report, upper and lower case, domain and letters such as ø aside.
    Impact: people act on the wrong server; lists and bills do not fit.
    Ask the vendor: please rename it, by the list that we agree on.
    """
    inside = _folded(vm.host_name or "")
    if inside and inside != _folded(vm.name or ""):
        yield Fault(State.INFO, f"the server in it is called {vm.host_name}")


vm_name_differs.fires(name="erp-new", host_name="erp-db01.kommune.example")
vm_name_differs.silent(name="ERP-DB01", host_name="erp-db01.kommune.example")
