"""vUSB: every USB controller of every VM, and every device that is passed through to it."""

from collections.abc import Iterable

from agent.model.virtual_hardware import UsbController, UsbDevice
from agent.model.virtual_machine import VirtualMachine
from exporters.workbook.rows import VM_TAIL_WITH_REFERENCE, VmPart, of_vm, part_labels, vm_parts
from exporters.workbook.sheet import Cell, Columns, Tab, listed

_Usb = UsbController | UsbDevice


def _all(vm: VirtualMachine) -> Iterable[_Usb]:
    return (*(vm.usb_controllers or ()), *(vm.usb_devices or ()))


def _device(row: VmPart[_Usb]) -> UsbDevice | None:
    return row.part if isinstance(row.part, UsbDevice) else None


def _controller(row: VmPart[_Usb]) -> UsbController | None:
    return row.part if isinstance(row.part, UsbController) else None


def _connected(row: VmPart[_Usb]) -> Cell:
    device = _device(row)
    return device.connected if device is not None else None


def _family(row: VmPart[_Usb]) -> Cell:
    device = _device(row)
    return listed(device.family) if device is not None else None


def _speed(row: VmPart[_Usb]) -> Cell:
    device = _device(row)
    return listed(device.speed) if device is not None else None


def _unit(row: VmPart[_Usb]) -> Cell:
    device = _device(row)
    return device.unit_number if device is not None else None


def _ehci(row: VmPart[_Usb]) -> Cell:
    controller = _controller(row)
    return controller.ehci_enabled if controller is not None else None


def _auto_connect(row: VmPart[_Usb]) -> Cell:
    controller = _controller(row)
    return controller.auto_connect if controller is not None else None


def _bus(row: VmPart[_Usb]) -> Cell:
    controller = _controller(row)
    return controller.bus_number if controller is not None else None


_COLUMNS: Columns[VmPart[_Usb]] = (
    ("Device Node", lambda row: row.part.label),
    ("Device Type", lambda row: "VirtualUSB" if isinstance(row.part, UsbDevice) else "VirtualUSBController"),
    ("Connected", _connected),
    ("Family", _family),
    ("Speed", _speed),
    ("EHCI enabled", _ehci),
    ("Auto connect", _auto_connect),
    ("Bus number", _bus),
    ("Unit number", _unit),
)

TAB = Tab(
    name="vUSB",
    rows=vm_parts(_all),
    columns=of_vm(_COLUMNS, VM_TAIL_WITH_REFERENCE),
    labels=part_labels,
    labels_before="Datacenter",
    absent={"Select": "a check box of RVTools' own window, by which it disconnects devices"},
)
