from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.look import Look
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine

_DROPPED = ("net.droppedRx.summation", "net.droppedTx.summation")
_SENT = ("net.packetsRx.summation", "net.packetsTx.summation")


@check(VM, State.WARNING, counters=(*_DROPPED, *_SENT), when=RUNNING, lasting_minutes=15)
def vm_network_drops(vm: VirtualMachine, look: Look, *, warning_percent: float = 0.1) -> Faults:
    """Network packets of a VM are dropped.

    Meaning: the share of packets, in and out, that the virtual switch threw away over a quarter of an hour.
    Impact: repeats and timeouts that look like a slow network.
    Ask the vendor: is it the VM's receive buffers (ours), the port's limits or the uplinks (yours)?
    """
    dropped = sum(look.mean(vm, counter) for counter in _DROPPED)
    packets = sum(look.mean(vm, counter) for counter in _SENT)
    share = 100 * dropped / (dropped + packets) if dropped else 0.0
    if share >= warning_percent:
        yield Fault(State.WARNING, f"{share:.2f} % of its packets are dropped")


vm_network_drops.fires(given=Given(counters={**dict.fromkeys(_DROPPED, 20), **dict.fromkeys(_SENT, 1000)}))
vm_network_drops.silent(given=Given(counters={**dict.fromkeys(_DROPPED, 0), **dict.fromkeys(_SENT, 1000)}))
