"""A logged-in session with a vCenter or a standalone ESXi host."""

import contextlib
import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pyVmomi import vim
from pyVmomi.VmomiSupport import ManagedObject

from agent.clock import Clock
from agent.errors import VCenterError
from agent.model.about import About
from agent.model.property import fields_of
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.property_reader import PropertyReader
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport

_LOGOUT_TIMEOUT_S = 5.0
_VIEWED = (
    vim.VirtualMachine,
    vim.ComputeResource,
    vim.HostSystem,
    vim.Datastore,
    vim.Folder,
    vim.Datacenter,
    vim.ResourcePool,
    vim.Network,
    vim.DistributedVirtualSwitch,
)


class Session:
    """Logged in; `root` and `view` are what the account sees. Give it back with `close`."""

    def __init__(self, stub: Stub, content: Any, view: Any, clock: Clock, *, owner: bool = True) -> None:
        """`view` is the view of the whole inventory; only the `owner` logs out when it closes."""
        self.stub = stub
        self.content = content
        self.about = _about(content.about)
        self.root = content.rootFolder
        self.reader = PropertyReader(stub, content.propertyCollector)
        self.view = view
        self._clock = clock
        self._owner = owner

    def for_another_thread(self, stub: Stub) -> "Session":
        """The same session over another stub, which has its own connection."""
        stub.transport.join(self.stub.transport)
        stub.use_version_of(self.stub)
        content = copy.copy(self.content)
        for info in self.content._GetPropertyList():  # noqa: SLF001 - pyVmomi's list of an object's properties
            reference = getattr(self.content, info.name)
            if isinstance(reference, ManagedObject):
                setattr(content, info.name, type(reference)(reference._GetMoId(), stub))  # noqa: SLF001 - its moid
        view = vim.view.ContainerView(self.view._GetMoId(), stub)  # noqa: SLF001 - its moid
        return Session(stub, content, view, self._clock, owner=False)

    def clock_offset_s(self) -> float:
        """VCenter's clock minus ours in seconds, taken at the middle of the call; it also keeps the session alive."""
        return self.offset_s(vim.ServiceInstance("ServiceInstance", self.stub).CurrentTime)

    def offset_s(self, ask: Callable[[], datetime]) -> float:
        """Somebody's clock minus ours in seconds, taken at the middle of the call. Raises a VCenterError."""
        before = self._clock.now()
        started = self._clock.monotonic()
        theirs = ask()
        halfway = before.timestamp() + (self._clock.monotonic() - started) / 2
        return _utc(theirs).timestamp() - halfway

    def server_time_s(self) -> float:
        """The clock of vCenter, epoch seconds. Raises a VCenterError."""
        return _utc(vim.ServiceInstance("ServiceInstance", self.stub).CurrentTime()).timestamp()

    def close(self) -> None:
        """Log out, so that vCenter is not left with a session, and drop the connection. Never raises."""
        if not self._owner:
            self.stub.transport.close()
            return
        self.stub.timeout_s = min(self.stub.timeout_s, _LOGOUT_TIMEOUT_S)
        with contextlib.suppress(VCenterError), self.stub.transport.whole():
            self.content.sessionManager.Logout()
        self.stub.transport.close()


def connect(stub: Stub, username: str, password: str, clock: Clock) -> Session:
    """Negotiate the API version, log in once, and look around.

    Raises:
        LoginRefused: do not try again with this password.
        NotTrusted: the certificate is not believed; the password was not sent.
        Unreachable: worth trying again later.
        VCenterError: anything else.
    """
    stub.transport.close()
    stub.timeout_s = stub.transport.endpoint.timeout_s
    stub.negotiate()
    content: Any = vim.ServiceInstance("ServiceInstance", stub).RetrieveContent()
    with stub.transport.whole():
        content.sessionManager.Login(username, password, None)
    try:
        view = content.viewManager.CreateContainerView(content.rootFolder, list(_VIEWED), recursive=True)
        return Session(stub, content, view, clock)
    except VCenterError:
        with contextlib.suppress(VCenterError), stub.transport.whole():
            content.sessionManager.Logout()
        stub.transport.close()
        raise


class Sight(NamedTuple):
    """What a login shows."""

    about: About
    hosts: int
    vms: int


def try_connect(endpoint: Endpoint, password: Callable[[], str], clock: Clock) -> Sight:
    """Log in and out once, to see whether everything is right. Raises a VCenterError that says what is not."""
    stub = Stub(Transport(endpoint, clock))
    try:
        session = connect(stub, endpoint.username, password(), clock)
    except VCenterError:
        stub.transport.close()
        raise
    try:
        seen = session.reader.objects_in(session.view)
    finally:
        session.close()
    hosts, vms = (sum(isinstance(one, kind) for one in seen) for kind in (vim.HostSystem, vim.VirtualMachine))
    return Sight(session.about, hosts, vms)


def _about(about: Any) -> About:
    """PyVmomi's AboutInfo as our own record, which outlives the session."""
    return About(**{field.name: getattr(about, field.source.path) for field in fields_of(About)})


def _utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
