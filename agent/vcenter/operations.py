"""Every SOAP operation the agent may call. The stub refuses all others, so that it cannot write to a vCenter.

A test holds this list against pyVmomi's privilege tables: each needs System.Anonymous, System.View or System.Read at
most, and none returns a Task. Creating a view, a filter or a collector makes nothing but state of our own session.
"""

READ_ONLY_OPERATIONS = frozenset(
    {
        ("vim.ServiceInstance", "RetrieveServiceContent"),
        ("vim.ServiceInstance", "CurrentTime"),
        ("vim.host.DateTimeSystem", "QueryDateTime"),
        ("vim.SessionManager", "Login"),
        ("vim.SessionManager", "Logout"),
        ("vim.view.ViewManager", "CreateContainerView"),
        ("vim.alarm.AlarmManager", "GetAlarm"),
        ("vim.PerformanceManager", "QueryPerf"),
        ("vim.LicenseAssignmentManager", "QueryAssignedLicenses"),
        ("vim.option.OptionManager", "QueryOptions"),
        ("vim.AuthorizationManager", "HasPrivilegeOnEntity"),
        ("vmodl.query.PropertyCollector", "RetrievePropertiesEx"),
        ("vmodl.query.PropertyCollector", "ContinueRetrievePropertiesEx"),
        ("vmodl.query.PropertyCollector", "CreatePropertyCollector"),
        ("vmodl.query.PropertyCollector", "DestroyPropertyCollector"),
        ("vmodl.query.PropertyCollector", "CreateFilter"),
        ("vmodl.query.PropertyCollector", "WaitForUpdatesEx"),
        ("vim.event.EventManager", "QueryEvents"),
        ("vim.event.EventManager", "CreateCollectorForEvents"),
        ("vim.event.EventHistoryCollector", "ReadNextEvents"),
        ("vim.HistoryCollector", "DestroyCollector"),
    }
)
"""pyVmomi's type and the operation's name on the wire."""

_NAMES = frozenset(operation for _, operation in READ_ONLY_OPERATIONS)


def require_read_only(operation: str) -> None:
    """Let only the listed operations pass.

    Raises:
        TypeError: the agent was about to call something else; a bug.
    """
    if operation not in _NAMES:
        raise TypeError(f"{operation} is not in READ_ONLY_OPERATIONS: the agent never calls it")
