"""AuthorizationManager: what an account may do where."""

from typing import Any

from pyVmomi import vim

from agent.simulator.access import READ_ONLY
from agent.simulator.call import Call

_ROLES = (
    (-5, "NoAccess", "No access", ()),
    (-4, "Anonymous", "Anonymous", ("System.Anonymous",)),
    (-3, "View", "View", ("System.Anonymous", "System.View")),
    (-2, "ReadOnly", "Read-only", tuple(sorted(READ_ONLY))),
    (-1, "Admin", "Administrator", (*sorted(READ_ONLY), "Global.Licenses", "Sessions.ValidateSession")),
)


def roles() -> list[vim.AuthorizationManager.Role]:
    """The system roles of vCenter."""
    return [
        vim.AuthorizationManager.Role(
            roleId=number,
            system=True,
            name=name,
            info=vim.Description(label=label, summary=label),
            privilege=list(privileges),
        )
        for number, name, label, privileges in _ROLES
    ]


def HasPrivilegeOnEntity(call: Call, entity: Any, session_key: str, privileges: Any) -> Any:
    """For each privilege, whether the account of a session has it on an entity; InvalidArgument for no such session."""
    return _held(call, entity, session_key, privileges)


def HasPrivilegeOnEntities(call: Call, entities: Any, session_key: str, privileges: Any) -> Any:
    """The same for several entities."""
    return [
        vim.AuthorizationManager.EntityPrivilege(
            entity=entity,
            privAvailability=[
                vim.AuthorizationManager.PrivilegeAvailability(privId=privilege, isGranted=granted)
                for privilege, granted in zip(privileges, _held(call, entity, session_key, privileges), strict=True)
            ],
        )
        for entity in entities
    ]


def _held(call: Call, entity: Any, session_key: str, privileges: Any) -> list[bool]:
    call.find(entity)
    asked = [one for one in call.server.sessions if one.user and one.user.key == session_key]
    if not asked:
        raise call.invalid("sessionId")
    access, user = call.server.access, asked[0].name
    return [access.sees(user, entity) and access.holds(user, privilege) for privilege in privileges]
