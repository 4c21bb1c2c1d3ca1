"""The agent cannot write to a vCenter, by pyVmomi's own privilege tables."""

import pytest
from pyVmomi import VmomiSupport, vim

from agent.clock import SystemClock
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.operations import READ_ONLY_OPERATIONS
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport

HARMLESS = {"System.Anonymous", "System.View", "System.Read"}
OWN = {"vim.HistoryCollector", "vim.event.EventHistoryCollector"}
"""Objects that live in our own session and need no privilege; whoever made one may read and end it."""


def described(type_name: str, operation: str) -> object:
    methods = VmomiSupport.GetVmodlType(type_name)._methodInfo.values()
    return next(method for method in methods if method.wsdlName == operation)


@pytest.mark.parametrize(("type_name", "operation"), sorted(READ_ONLY_OPERATIONS))
def test_every_operation_needs_no_more_than_the_read_only_role(type_name, operation):
    method = described(type_name, operation)
    assert method.privId in HARMLESS or (type_name in OWN and method.privId is None)
    assert method.result is not vim.Task


def test_an_operation_outside_the_list_never_leaves_the_agent():
    stub = Stub(Transport(Endpoint(name="none", host="127.0.0.1", port=1, username="x"), SystemClock()))
    with pytest.raises(TypeError, match="PowerOffVM_Task is not in READ_ONLY_OPERATIONS"):
        vim.VirtualMachine("vm-1", stub).PowerOff()
    with pytest.raises(TypeError, match="not in READ_ONLY_OPERATIONS"):
        stub.stream(vim.VirtualMachine("vm-1", stub), "Reset", [], "objects", lambda _: None)


def test_reading_an_attribute_of_a_managed_object_is_refused_since_it_costs_a_call_an_object():
    stub = Stub(Transport(Endpoint(name="none", host="127.0.0.1", port=1, username="x"), SystemClock()))
    with pytest.raises(TypeError, match="PropertyCollector"):
        _ = vim.VirtualMachine("vm-1", stub).name
