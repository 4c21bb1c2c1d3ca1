from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.host_network import FirewallRule


@check(HOST, State.INFO, needs=("firewall_rules",), when=CONNECTED)
def host_firewall_open(
    host: HostSystem, *, rules: tuple[str, ...] = ("sshServer", "snmp", "CIMHttpServer", "CIMHttpsServer", "vSPC")
) -> Faults:
    """A host's firewall lets every address use a management port.

    Meaning: one of these sets of ports is open, and not restricted to the vendor's own management network.
    Impact: whoever reaches the host's network may try passwords and known holes.
    Ask the vendor: from which addresses do you manage the hosts, and why are the ports open to all?
    """
    for rule in host.firewall_rules or ():
        if rule.key in rules and rule.enabled and rule.all_addresses:
            yield Fault(State.INFO, f"its firewall opens {rule.key} to every address", part=rule.key or "")


host_firewall_open.fires(firewall_rules=(FirewallRule(key="sshServer", enabled=True, all_addresses=True),))
host_firewall_open.silent(firewall_rules=(FirewallRule(key="sshServer", enabled=True, all_addresses=False),))
