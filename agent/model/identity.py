"""Which label identifies a VM for years: the instance UUID, which survives vMotion, rename and re-registration."""

from collections import Counter
from collections.abc import Mapping

from agent.model.virtual_machine import VirtualMachine


def vm_ids(vms: Mapping[str, VirtualMachine]) -> Mapping[str, str]:
    """Moid -> `vm_id`. A VM whose UUID is unreadable, or shared with another VM, is `moid:…` instead."""
    uses = Counter(vm.instance_uuid for vm in vms.values() if vm.instance_uuid)
    return {
        moid: vm.instance_uuid if vm.instance_uuid and uses[vm.instance_uuid] == 1 else f"moid:{moid}"
        for moid, vm in vms.items()
    }
