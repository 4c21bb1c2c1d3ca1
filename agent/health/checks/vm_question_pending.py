from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.CRITICAL, sees=("question",), when=MACHINE)
def vm_question_pending(vm: VirtualMachine) -> Faults:
    """A VM waits for an answer and stands still.

    Meaning: the host has put a question to whoever looks at the console, such as what to do on a full datastore. Until
    it is answered the VM is paused.
    Impact: the server is on by every other sign and does nothing.
    Ask the vendor: who answers such questions outside office hours, and how do you come to know of them?
    """
    if vm.question is not None:
        yield Fault(State.CRITICAL, f"waits for an answer: {vm.question}")


vm_question_pending.fires(question="There is no more space for virtual disk 'erp_1.vmdk'.")
vm_question_pending.silent(question=None)
