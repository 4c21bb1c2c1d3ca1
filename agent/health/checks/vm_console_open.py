from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, sees=("open_consoles",), when=RUNNING)
def vm_console_open(vm: VirtualMachine) -> Faults:
    """Somebody has the console of a VM open.

    Meaning: a remote console is connected now. Who opened it: vm_console_opened.
    Impact: whoever sits there is as good as in the server room; a session left logged in is open to them.
    Ask the vendor: who is it, and for which ticket?
    """
    if vm.open_consoles:
        yield Fault(State.INFO, f"{vm.open_consoles} remote consoles are open")


vm_console_open.fires(open_consoles=1)
vm_console_open.silent(open_consoles=0)
