"""What an account may see: its privileges, the properties it is denied, and the part of the inventory it is limited to."""

from typing import Any

from pyVmomi import vim, vmodl

from agent.dataclass import dataclass
from agent.simulator.inventory import descendants
from agent.simulator.objects import Entry, Estate
from agent.simulator.schema import ManagedObject, id_of, resolve

READ_ONLY = frozenset({"System.Anonymous", "System.View", "System.Read"})
# Properties for which vCenter in practice asks more than pyVmomi's table says: seen as NoPermission in the field.
PRACTICE: dict[tuple[Any, str], str] = {(vim.LicenseManager, "licenses"): "Global.Licenses"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A property that an account (None: any) may not read: `path` and all below it, on objects of `type`."""

    user: str | None
    type: Any
    path: str
    privilege: str

    def covers(self, user: str, type_: Any, path: str) -> bool:
        """Whether reading `path` of an object of `type_` as `user` is denied by this."""
        below = path == self.path or path.startswith(self.path + ".")
        return below and self.user in (None, user) and issubclass(type_, self.type)


class Access:
    """The permissions of a simulated vCenter. An account not listed in `privileges` has the read-only role."""

    def __init__(self, estate: Estate) -> None:
        self.privileges: dict[str, frozenset[str]] = {}
        self.denials: list[Denial] = []
        self.limits: dict[str, str] = {}
        # Of a replay: by object and path, the privilege that the recording account lacked.
        self.withheld: dict[str, dict[str, str]] = {}
        self._estate = estate
        self._visible: dict[str, tuple[int, str, frozenset[str]]] = {}

    def of(self, user: str) -> frozenset[str]:
        """The privileges an account has."""
        return self.privileges.get(user, READ_ONLY)

    def holds(self, user: str, privilege: str | None) -> bool:
        """Whether an account has a privilege; what asks for none is anyone's."""
        return privilege is None or privilege in self.of(user)

    def visible(self, user: str) -> frozenset[str] | None:
        """The inventory objects a limited account sees: the folder, all below it, and the way to it. None: everything."""
        limit = self.limits.get(user)
        if limit is None:
            return None
        structure = self._estate.structure
        known = self._visible.get(user)
        if known is None or known[:2] != (structure, limit):
            below = {entry.moid for entry in descendants(self._estate, limit)}
            known = (structure, limit, frozenset(below | {limit, *self._estate.ancestors(limit)}))
            self._visible[user] = known
        return known[2]

    def sees(self, user: str, ref: Any) -> bool:
        """Whether an account sees an object; what is no inventory object is seen by all."""
        visible = self.visible(user)
        return visible is None or not isinstance(ref, vim.ManagedEntity) or id_of(ref) in visible

    def missing(self, user: str, entry: Entry, path: str) -> str | None:
        """The privilege that an account lacks to read a property, None when it may; AttributeError for no such path."""
        for denial in self.denials:
            if denial.covers(user, entry.type, path):
                return denial.privilege
        if path in self.withheld.get(entry.moid, ()):
            return self.withheld[entry.moid][path]
        if not self.sees(user, entry.ref):
            return "System.View"
        property_ = resolve(entry.type, path)
        if path in entry.verbatim:  # of a replay: the recording account may read it
            return None
        # where the table says nothing of an inventory object's property, vCenter asks for System.Read
        stated = property_.privilege or ("System.Read" if issubclass(entry.type, vim.ManagedEntity) else None)
        wanted = PRACTICE.get((entry.type, property_.names[0]), stated)
        return None if self.holds(user, wanted) else wanted

    def filtered(self, user: str, value: Any) -> Any:
        """A property value without the references that a limited account may not see in a list."""
        visible = self.visible(user)
        if visible is None or not isinstance(value, list) or not value or not isinstance(value[0], ManagedObject):
            return value
        return [ref for ref in value if self.sees(user, ref)]


def no_permission(ref: Any, privilege: str) -> vim.fault.NoPermission:
    """The fault for a privilege that is missing on an object."""
    return vim.fault.NoPermission(
        msg="Permission to perform this operation was denied.",
        object=ref,
        privilegeId=privilege,
    )


def not_found(ref: Any) -> vmodl.fault.ManagedObjectNotFound:
    """The fault for an object that is gone, was never there, or belongs to another session."""
    return vmodl.fault.ManagedObjectNotFound(
        msg=f"The object '{type(ref).__name__}:{id_of(ref)}' has already been deleted or has not been completely created",
        obj=ref,
    )
