"""All tabs, in RVTools' order."""

from datetime import datetime
from typing import Any

from agent.model.world import World
from exporters.workbook.sheet import Sheet, Tab
from exporters.workbook.source import sources
from exporters.workbook.tabs import (
    dvport,
    dvswitch,
    vcd,
    vcluster,
    vcpu,
    vdatastore,
    vdisk,
    vfileinfo,
    vhba,
    vhealth,
    vhost,
    vinfo,
    vlicense,
    vmemory,
    vmetadata,
    vmultipath,
    vnetwork,
    vnic,
    vpartition,
    vport,
    vrp,
    vsc_vmk,
    vsnapshot,
    vsource,
    vswitch,
    vtools,
    vusb,
)

TABS: tuple[Tab[Any], ...] = (
    vinfo.TAB,
    vcpu.TAB,
    vmemory.TAB,
    vdisk.TAB,
    vpartition.TAB,
    vnetwork.TAB,
    vcd.TAB,
    vusb.TAB,
    vsnapshot.TAB,
    vtools.TAB,
    vsource.TAB,
    vrp.TAB,
    vcluster.TAB,
    vhost.TAB,
    vhba.TAB,
    vnic.TAB,
    vswitch.TAB,
    vport.TAB,
    dvswitch.TAB,
    dvport.TAB,
    vsc_vmk.TAB,
    vdatastore.TAB,
    vmultipath.TAB,
    vlicense.TAB,
    vfileinfo.TAB,
    vhealth.TAB,
    vmetadata.TAB,
)


def workbook(world: World, now: datetime) -> tuple[Sheet, ...]:
    """Every tab of every vCenter that was read and is current at `now`."""
    found = sources(world, now)
    return tuple(tab.sheet(found) for tab in TABS)
