"""The only room that talks to vCenter.

pyVmomi comes without its tables of the types of services that are never asked here: 3 MB, and 12 ms of each start.
"""

import sys

_NEVER_ASKED = tuple(f"pyVmomi._typeinfo_{service}" for service in ("eam", "pbm", "sms", "vslm", "vsanhealth"))


def _import_pyvmomi() -> None:
    left_out = [name for name in _NEVER_ASKED if name not in sys.modules]
    # what stands for a module that cannot be imported; pyVmomi goes on without a table that it cannot import
    sys.modules.update(dict.fromkeys(left_out))  # type: ignore[arg-type]  # the stub knows only of modules
    try:
        import pyVmomi  # noqa: F401, PLC0415 - only now is it to be imported
    finally:
        for name in left_out:
            del sys.modules[name]


_import_pyvmomi()
