from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.look import Look
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem

_ERRORS = ("net.errorsRx.summation", "net.errorsTx.summation")


@check(HOST, State.WARNING, counters=_ERRORS, when=CONNECTED, lasting_minutes=15)
def host_network_errors(host: HostSystem, look: Look, *, most_count: float = 1) -> Faults:
    """The network cards of a host receive or send broken packets.

    Meaning: more than so many a minute, over a quarter of an hour. Dropped packets are host_network_drops.
    Impact: a bad cable, transceiver or port: repeats now, a lost link later.
    Ask the vendor: which card is it, and when are cable and transceiver changed?
    """
    errors = 60 * sum(look.mean(host, counter) for counter in _ERRORS)
    if errors > most_count:
        yield Fault(State.WARNING, f"{errors:.0f} broken packets a minute")


host_network_errors.fires(given=Given(counters={_ERRORS[0]: 2, _ERRORS[1]: 0}))
host_network_errors.silent(given=Given(counters=dict.fromkeys(_ERRORS, 0)))
