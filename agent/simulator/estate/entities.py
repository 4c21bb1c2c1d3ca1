"""What every managed entity has."""

from typing import Any

from pyVmomi import vim

READ_ONLY_ROLE = -2


def entity(name: str, parent: vim.ManagedEntity | None, status: str = "green", **more: Any) -> dict[str, Any]:
    """The properties of a `ManagedEntity`; `more` are added or put in their place."""
    return {
        "name": name,
        "parent": parent,
        "overallStatus": status,
        "configStatus": "green",
        "configIssue": [],
        "effectiveRole": [READ_ONLY_ROLE],
        "permission": [],
        "disabledMethod": [],
        "recentTask": [],
        "alarmActionsEnabled": True,
        "declaredAlarmState": [],
        "triggeredAlarmState": [],
        "customValue": [],
        "value": [],
        "availableField": [],
        "tag": [],
        **more,
    }
