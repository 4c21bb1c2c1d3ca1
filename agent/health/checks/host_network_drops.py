from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.look import Look
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem

_DROPPED = ("net.droppedRx.summation", "net.droppedTx.summation")
_SENT = ("net.packetsRx.summation", "net.packetsTx.summation")


@check(HOST, State.WARNING, counters=(*_DROPPED, *_SENT), when=CONNECTED, lasting_minutes=15)
def host_network_drops(host: HostSystem, look: Look, *, warning_percent: float = 0.1) -> Faults:
    """Network packets are dropped on a host.

    Meaning: the share of packets, in and out, over all its cards and switches, of a quarter of an hour.
    Impact: repeats and timeouts that look like a slow network, for all VMs on the host.
    Ask the vendor: is an uplink full, or are the receive buffers of a card too small?
    """
    dropped = sum(look.mean(host, counter) for counter in _DROPPED)
    packets = sum(look.mean(host, counter) for counter in _SENT)
    share = 100 * dropped / (dropped + packets) if dropped else 0.0
    if share >= warning_percent:
        yield Fault(State.WARNING, f"{share:.2f} % of its packets are dropped")


host_network_drops.fires(given=Given(counters={**dict.fromkeys(_DROPPED, 200), **dict.fromkeys(_SENT, 10_000)}))
host_network_drops.silent(given=Given(counters={**dict.fromkeys(_DROPPED, 0), **dict.fromkeys(_SENT, 10_000)}))
