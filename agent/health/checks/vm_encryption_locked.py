from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.CRITICAL, sees=("crypto_state",), when=MACHINE)
def vm_encryption_locked(vm: VirtualMachine) -> Faults:
    """The key of an encrypted VM is missing.

    Meaning: the VM is encrypted and vCenter can not get at its key.
    Impact: it runs on, perhaps, and cannot be started again.
    Ask the vendor: which key server holds the key, who has a copy, and when was the recovery of it last tried?
    """
    if vm.crypto_state == "locked":
        yield Fault(State.CRITICAL, "is encrypted and locked: its key is not there")


vm_encryption_locked.fires(crypto_state="locked")
vm_encryption_locked.silent(crypto_state="unlocked")
