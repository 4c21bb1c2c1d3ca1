from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.host_network import PortGroup, VirtualSwitch, VmkernelNic


@check(
    HOST,
    State.WARNING,
    needs=("vmkernel_nics", "portgroups", "virtual_switches"),
    when=CONNECTED,
    lasting_minutes=60,
)
def host_mtu_mismatch(host: HostSystem) -> Faults:
    """A VMkernel adapter sends larger packets than its switch takes.

    Meaning: its MTU is larger than that of the standard switch that it is on.
    Impact: small packets pass and large ones are lost: vMotion, iSCSI or NFS that works in a test hangs under load.
    Ask the vendor: which MTU is meant for this network, from the adapter to the storage?
    """
    switch_of = {group.name: group.switch for group in host.portgroups or ()}
    mtu_of = {switch.name: switch.mtu for switch in host.virtual_switches or ()}
    for nic in host.vmkernel_nics or ():
        switch = switch_of.get(nic.portgroup)
        limit = mtu_of.get(switch)
        if nic.mtu is not None and limit is not None and nic.mtu > limit:
            yield Fault(
                State.WARNING, f"{nic.device} has an MTU of {nic.mtu}, {switch} takes {limit}", part=nic.device or ""
            )


_GROUPS = (PortGroup(name="vMotion", switch="vSwitch1"),)
_NICS = (VmkernelNic(device="vmk1", portgroup="vMotion", mtu=9000),)
host_mtu_mismatch.fires(
    vmkernel_nics=_NICS, portgroups=_GROUPS, virtual_switches=(VirtualSwitch(name="vSwitch1", mtu=1500),)
)
host_mtu_mismatch.silent(
    vmkernel_nics=_NICS, portgroups=_GROUPS, virtual_switches=(VirtualSwitch(name="vSwitch1", mtu=9000),)
)
