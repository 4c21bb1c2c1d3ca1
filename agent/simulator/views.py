"""ViewManager and its views: container views follow the inventory, list views hold what they are given."""

from typing import Any

from pyVmomi import vim

from agent.simulator.call import Call
from agent.simulator.inventory import children, descendants, of_types
from agent.simulator.objects import Entry
from agent.simulator.schema import id_of


class ContainerMembers:
    """What a container view holds, looked up anew only when the inventory changed shape."""

    def __init__(self, call: Call, container: Any, types: list[Any], *, recursive: bool) -> None:
        self._estate = call.estate
        self._container = container
        self._types = types or [vim.ManagedEntity]
        self._recursive = recursive
        self._found: tuple[int, list[Any]] = (-1, [])

    def __call__(self) -> list[Any]:
        """References to the members."""
        structure = self._estate.structure
        if self._found[0] != structure:
            self._found = (structure, [entry.ref for entry in of_types(self._below(), self._types)])
        return self._found[1]

    def _below(self) -> list[Entry]:
        moid = id_of(self._container)
        if moid not in self._estate:
            return []
        return descendants(self._estate, moid) if self._recursive else children(self._estate, self._estate.entry(moid))


def CreateContainerView(call: Call, container: Any, types: Any, recursive: bool) -> Any:
    """A view of the entities in a container, of some types; it follows the inventory. InvalidArgument for no container."""
    entry = call.find(container)
    if not issubclass(
        entry.type, vim.Folder | vim.Datacenter | vim.ComputeResource | vim.ResourcePool | vim.HostSystem
    ):
        raise call.invalid("container")
    members = ContainerMembers(call, container, list(types), recursive=recursive)
    props = {"container": container, "type": list(types), "recursive": recursive, "view": members}
    return call.session.own(vim.view.ContainerView, props, members)


def CreateListView(call: Call, objects: Any) -> Any:
    """A view of given objects."""
    return _list_view(call, list(objects))


def CreateListViewFromView(call: Call, view: Any) -> Any:
    """A view of what another view holds now."""
    return _list_view(call, list(call.find(view).root("view")))


def ModifyListView(call: Call, add: Any, remove: Any) -> Any:
    """Add and remove objects; returns those that are gone."""
    members: list[Any] = call.held
    unresolved = [ref for ref in add if id_of(ref) not in call.estate]
    with call.estate.lock:
        members[:] = [ref for ref in members if ref not in remove]
        members.extend(ref for ref in add if ref not in members and ref not in unresolved)
        _changed(call)
    return unresolved


def ResetListView(call: Call, objects: Any) -> Any:
    """Replace the objects; returns those that are gone."""
    return ModifyListView(call, objects, [ref for ref in call.held if ref not in objects])


def ResetListViewFromView(call: Call, view: Any) -> None:
    """Replace the objects by those of another view."""
    ResetListView(call, call.find(view).root("view"))


def DestroyView(call: Call) -> None:
    """End a view."""
    if call.session.disown(call.this.moid) is not None:
        with call.estate.lock:
            _changed(call)


def _list_view(call: Call, members: list[Any]) -> Any:
    return call.session.own(vim.view.ListView, {"view": lambda: list(members)}, members)


def _changed(call: Call) -> None:
    call.session.structure += 1
    call.estate.lock.notify_all()
