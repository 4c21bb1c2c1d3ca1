"""From a parsed request to the operation that answers it, with the checks every operation shares."""

import inspect
from collections.abc import Callable
from typing import Any

from pyVmomi import vim, vmodl

from agent.simulator import (
    alarm_manager,
    authorization,
    events,
    host_date_time,
    licences,
    option_manager,
    performance,
    property_collector,
    search_index,
    session_manager,
    views,
)
from agent.simulator.access import no_permission, not_found
from agent.simulator.call import Call, Server, lookup
from agent.simulator.objects import Entry
from agent.simulator.schema import ManagedObject
from agent.simulator.sessions import Session
from agent.simulator.soap import Request

_MODULES = (
    alarm_manager,
    authorization,
    events,
    host_date_time,
    licences,
    option_manager,
    performance,
    property_collector,
    search_index,
    session_manager,
    views,
)
# Every function with a capital initial is the SOAP operation of that name.
OPERATIONS: dict[str, Callable[..., Any]] = {
    name: function
    for module in _MODULES
    for name, function in vars(module).items()
    if name[0].isupper() and inspect.isfunction(function) and function.__module__ == module.__name__
}
_ANONYMOUS = "System.Anonymous"
# Their table entry says anonymous, but what they read is not.
_NEED_LOGIN = frozenset({"RetrievePropertiesEx", "RetrieveProperties", "ContinueRetrievePropertiesEx", "Logout"})


def answer(server: Server, session: Session, request: Request) -> Any:
    """The result of a call, or the vSphere fault it raises."""
    entry = lookup(session, server.estate.entries, request.this)
    anonymous = request.privilege == _ANONYMOUS and request.operation not in _NEED_LOGIN
    if session.user is None and not anonymous and not _about_the_door(request):
        raise vim.fault.NotAuthenticated(
            msg="The session is not authenticated.",
            object=ManagedObject(request.this),
            privilegeId=request.privilege or "System.View",
        )
    if entry is None:
        raise not_found(request.this_type(request.this))
    if session.user is not None and not server.access.holds(session.name, request.privilege):
        raise no_permission(entry.ref, str(request.privilege))
    call = Call(server, session, entry)
    if request.operation == "Fetch":
        return _fetch(call, request.arguments[0])
    operation = OPERATIONS.get(request.operation)
    if operation is None:
        raise vmodl.fault.NotSupported(msg=f"The operation is not supported on the object: {request.operation}")
    return operation(call, *request.arguments)


def _about_the_door(request: Request) -> bool:
    """Reading the service instance or the session manager, as clients do before they log in."""
    if request.operation not in ("RetrievePropertiesEx", "RetrieveProperties"):
        return False
    return all(
        isinstance(start.obj, vim.ServiceInstance | vim.SessionManager) and not start.selectSet
        for spec in request.arguments[0]
        for start in spec.objectSet
    )


def _fetch(call: Call, name: str) -> Any:
    entry: Entry = call.this
    privilege = call.server.access.missing(call.user, entry, name)
    if privilege is not None:
        raise no_permission(entry.ref, privilege)
    if entry.recorded and name not in entry.verbatim:
        return None  # of a whole only parts were recorded, if anything: what its type has besides was not told
    return call.server.access.filtered(call.user, entry.root(name))
