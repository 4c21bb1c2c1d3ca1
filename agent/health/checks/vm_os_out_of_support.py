from datetime import date
from functools import lru_cache

from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine

_ENDS = (
    ("Windows Server 2003", date(2015, 7, 14)),
    ("Windows Server 2008", date(2020, 1, 14)),
    ("Windows Server 2012", date(2023, 10, 10)),
    ("Windows Server 2016", date(2027, 1, 12)),
    ("Windows Server 2019", date(2029, 1, 9)),
    ("Windows 7", date(2020, 1, 14)),
    ("Windows 10", date(2025, 10, 14)),
    ("Red Hat Enterprise Linux 6", date(2020, 11, 30)),
    ("Red Hat Enterprise Linux 7", date(2024, 6, 30)),
    ("CentOS", date(2024, 6, 30)),
    ("Debian GNU/Linux 9", date(2022, 6, 30)),
    ("Debian GNU/Linux 10", date(2024, 6, 30)),
    ("Debian GNU/Linux 11", date(2026, 8, 31)),
    ("SUSE Linux Enterprise 11", date(2019, 3, 31)),
    ("SUSE Linux Enterprise 12", date(2024, 10, 31)),
)
"""Ends of the makers' regular support, as known in February 2026."""


@lru_cache(maxsize=1000)  # thousands of VMs have a few dozen
def _ends(name: str) -> tuple[date, ...]:
    return tuple(end for words, end in _ENDS if words in name)


@check(VM, State.INFO, needs=("configured_os",), sees=("guest_os",), when=MACHINE)
def vm_os_out_of_support(vm: VirtualMachine, look: Look) -> Faults:
    """The maker of a VM's operating system supports it no longer.

    Meaning: the regular support of the version ended before today. By what VMware Tools report, else by the settings.
    Impact: no security fixes. This one is mostly our own homework.
    Ask the vendor: if they run the operating system: is extended support paid for, and until when will it be replaced?
    """
    name = vm.guest_os or vm.configured_os or ""
    end = next((end for end in _ends(name) if end < look.now.date()), None)
    if end is not None:
        yield Fault(State.INFO, f"{name}: support ended on {end}")


vm_os_out_of_support.fires(configured_os="Microsoft Windows Server 2012 (64-bit)")
vm_os_out_of_support.silent(configured_os="Microsoft Windows Server 2022 (64-bit)")
