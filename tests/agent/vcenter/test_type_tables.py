"""Which of pyVmomi's type tables the agent brings into memory."""

import subprocess
import sys

TOLD = """
import sys, agent.vcenter
from pyVmomi import VmomiSupport, vim
print(VmomiSupport.GetWsdlType("urn:vim25", "VirtualMachine") is vim.VirtualMachine, VmomiSupport.GetServiceVersions("vim25")[0])
print(*(name for name in sys.modules if name.startswith("pyVmomi._typeinfo_")))
import pyVmomi._typeinfo_pbm
print("found" if VmomiSupport.GetVmodlType("pbm.ServiceInstance") else "lost")
"""


def test_only_the_tables_of_vim_are_there_and_the_others_can_still_be_had() -> None:
    told = subprocess.run([sys.executable, "-c", TOLD], capture_output=True, text=True, check=True, timeout=60)
    first, tables, later = told.stdout.splitlines()
    assert first == "True vim.version.v9_1_1_0"
    assert set(tables.split()) == {f"pyVmomi._typeinfo_{name}" for name in ("core", "query", "vim")}
    assert later == "found"
