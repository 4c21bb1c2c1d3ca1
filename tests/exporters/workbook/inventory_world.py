"""The world that the workbook's tests print: that of the other exporters, with more parts on its VM and its host."""

from dataclasses import replace

from agent.model.host_network import NetworkPolicy, PortGroup, VirtualSwitch, VmkernelNic
from agent.model.host_storage import BusAdapter
from agent.model.labelling import Labelling
from agent.model.tag_pair import TagPair
from agent.model.virtual_hardware import Cdrom, DiskController, EthernetCard, UsbController, UsbDevice, VirtualDisk
from agent.model.virtual_machine import CustomValue, DiskMapping, GuestDisk, GuestNic
from agent.model.world import World
from tests.world_platform import HOST
from tests.world_vms import BIG_VM, GIB, NOW
from tests.worlds import INVENTORY, WORLD, with_inventory

VM = replace(
    BIG_VM,
    networks=("network-31", "dvportgroup-41"),
    custom_values=(CustomValue(key=101, value="Skole & Fritid"), CustomValue(key=102, value="secret")),
    disks=(
        VirtualDisk(
            key=2000, label="Hard disk 1", controller_key=1000, unit_number=0, capacity_bytes=90 * GIB + 5,
            backing="VirtualDiskFlatVer2BackingInfo", file="[SAN-01] skole-db01/skole-db01.vmdk", thin=False,
        ),
        VirtualDisk(key=2001, label="Hard disk 2", controller_key=9, backing="VirtualDiskRawDiskMappingVer1BackingInfo"),
    ),
    controllers=(DiskController(kind="ParaVirtualSCSIController", key=1000, label="SCSI 0", shared_bus="noSharing"),),
    nics=(
        EthernetCard(kind="VirtualVmxnet3", key=4000, label="Network adapter 1", network="network-31", connected=True),
        EthernetCard(kind="VirtualE1000", key=4001, label="Network adapter 2", portgroup="pg-key"),
    ),
    guest_nics=(GuestNic(device_key=4000, ip_addresses=("10.1.2.3", "fe80::1", "10.1.2.4")),),
    cdroms=(Cdrom(label="CD/DVD drive 1", connected=False, backing="VirtualCdromRemotePassthroughBackingInfo"),),
    usb_controllers=(UsbController(label="USB controller", ehci_enabled=True, bus_number=0),),
    usb_devices=(UsbDevice(label="Token", connected=True, family=("hid", "smartCard"), speed=("full",)),),
    guest_disks=(GuestDisk(path="C:\\", capacity_bytes=400, free_bytes=99, mappings=(DiskMapping(key=2000),)),),
)  # fmt: skip
POLICY = NetworkPolicy(promiscuous=False, shaping=True, shaping_average=100_000)
ESX = replace(
    HOST,
    certificate_pem=None,
    bus_adapters=(
        BusAdapter(device="vmhba2", kind="HostFibreChannelHba", port_wwn=-3746966116974633361),
        BusAdapter(device="vmhba64", kind="HostInternetScsiHba", iscsi_name="iqn.1998-01.com.vmware:esx01"),
    ),
    virtual_switches=(VirtualSwitch(name="vSwitch0", policy=POLICY),),
    portgroups=(PortGroup(name="VM Network", switch="vSwitch0", vlan=120, policy=POLICY),),
    vmkernel_nics=(VmkernelNic(device="vmk0", ip_address="10.0.0.11"),),
)
GROUP = replace(INVENTORY.portgroups["dvportgroup-41"], key="pg-key", switch=None)

FULL = with_inventory(
    replace(WORLD, targets={**WORLD.targets, "vc1": replace(WORLD.targets["vc1"], labelling=Labelling())}),
    replace(
        INVENTORY,
        vms={**INVENTORY.vms, VM.moid: VM},
        hosts={**INVENTORY.hosts, ESX.moid: ESX},
        portgroups={GROUP.moid: GROUP},
    ),
)


def labelled(world: World) -> World:
    """With an attribute and two tags that may be shown."""
    tags = {VM.moid: (TagPair(category="Tier", tag="gold"), TagPair(category="Tier", tag="Backup"))}
    labelling = Labelling(attributes=frozenset({"Owner"}), categories=frozenset({"Tier"}), tags=tags)
    return replace(world, targets={**world.targets, "vc1": replace(world.targets["vc1"], labelling=labelling)})


__all__ = ["FULL", "NOW", "VM", "labelled"]
