"""pyVmomi as a client of the simulated vCenter: verified TLS, a timeout on everything."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pyVmomi import SoapStubAdapter, vim, vmodl

from agent.simulator.vcenter import SimulatedVCenter

USER, PASSWORD = "checkmeter", "simulated"
TIMEOUT = 20
PC = vmodl.query.PropertyCollector


def trusting(vcenter: SimulatedVCenter) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=vcenter.ca_pem.decode())


def stub_for(vcenter: SimulatedVCenter, context: ssl.SSLContext | None = None) -> SoapStubAdapter:
    return SoapStubAdapter(
        host=vcenter.host,
        port=vcenter.port,
        path="/sdk",
        version="vim.version.v8_0_3_0",
        sslContext=context or trusting(vcenter),
        httpConnectionTimeout=TIMEOUT,
    )


@dataclass
class Client:
    """One logged-in session."""

    stub: SoapStubAdapter
    content: Any

    @property
    def pc(self) -> Any:
        return self.content.propertyCollector

    def view(self, *types: type, container: Any = None) -> Any:
        return self.content.viewManager.CreateContainerView(container or self.content.rootFolder, list(types), True)

    def collector(self, type_: type, *paths: str) -> Any:
        """A property collector of its own that watches all objects of a type."""
        collector = self.pc.CreatePropertyCollector()
        collector.CreateFilter(spec(self.view(type_), type_, *paths), False)
        return collector

    def read(self, type_: type, *paths: str) -> dict[str, dict[str, Any]]:
        """The properties of all objects of a type, by object id."""
        answer = self.pc.RetrievePropertiesEx([spec(self.view(type_), type_, *paths)], PC.RetrieveOptions())
        return {one.obj._moId: {each.name: each.val for each in one.propSet} for one in answer.objects}


@contextmanager
def connected(vcenter: SimulatedVCenter, user: str = USER, password: str = PASSWORD) -> Iterator[Client]:
    stub = stub_for(vcenter)
    try:
        content = vim.ServiceInstance("ServiceInstance", stub).RetrieveContent()
        content.sessionManager.Login(user, password)
        yield Client(stub, content)
    finally:
        stub.DropConnections()


def spec(view: Any, type_: type, *paths: str) -> Any:
    step = PC.TraversalSpec(name="members", path="view", skip=False, type=type(view))
    return PC.FilterSpec(
        objectSet=[PC.ObjectSpec(obj=view, skip=True, selectSet=[step])],
        propSet=[PC.PropertySpec(type=type_, all=False, pathSet=list(paths))],
    )


def wait(collector: Any, version: str, *, seconds: int = 0, at_most: int | None = None) -> Any:
    """WaitForUpdatesEx; None when there is nothing new."""
    return collector.WaitForUpdatesEx(version, PC.WaitOptions(maxWaitSeconds=seconds, maxObjectUpdates=at_most))


def updates(answer: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """An update set as (kind, object id, changed properties)."""
    return [
        (one.kind, one.obj._moId, {change.name: change.val for change in one.changeSet})
        for each in answer.filterSet
        for one in each.objectSet
    ]
