"""The privileges that reading takes, by pyVmomi's own tables."""

from collections.abc import Iterable, Mapping

from pyVmomi import VmomiSupport

from agent.vcenter.operations import READ_ONLY_OPERATIONS

UNSTATED = "System.Read"
"""What vCenter asks for a property of which the tables say nothing: the whole of an object but its name and place."""
IN_PRACTICE: Mapping[str, str] = {"LicenseManager.licenses": "Global.Licenses"}
"""Where vCenter asks more than the tables say: seen as NoPermission in the field."""
_OPERATIONS = {name: kind for kind, name in READ_ONLY_OPERATIONS}


def privilege_of(source: str) -> str | None:
    """The privilege for a source as metrics and checks name it.

    Args:
        source: `VirtualMachine.runtime.powerState`, `HostDateTimeSystem.QueryDateTime`, `QueryPerf cpu.ready.summation`
            (of one kind of object: `HostSystem.QueryPerf cpu.ready.summation`).

    Returns:
        None where the tables know no such property or operation.
    """
    practice = next((held for known, held in IN_PRACTICE.items() if _within(source, known)), None)
    if practice is not None:
        return practice
    operation = source.partition(" ")[0].rpartition(".")[2]
    if operation in _OPERATIONS:
        return _stated(_OPERATIONS[operation], operation)
    kind, _, path = source.partition(".")
    try:
        vmodl = VmomiSupport.GetWsdlType("urn:vim25", kind)
    except KeyError:
        return None
    return _stated(vmodl.__name__, path.partition(".")[0] or "name")


def privileges_of(sources: Iterable[str]) -> Mapping[str, str]:
    """The privilege of each source that the tables know."""
    return {source: found for source in sources if (found := privilege_of(source)) is not None}


def _within(source: str, known: str) -> bool:
    return source == known or source.startswith(f"{known}.")


def _stated(type_name: str, member: str) -> str | None:
    """What the tables say of a property or an operation (by its name on the wire) of a type or its supertypes."""
    vmodl = VmomiSupport.GetVmodlType(type_name)
    for one in vmodl.__mro__:
        for info in getattr(one, "_methodInfo", {}).values():
            if info.wsdlName == member:
                return info.privId or UNSTATED
    try:
        return vmodl._GetPropertyInfo(member).privId or UNSTATED  # noqa: SLF001 - pyVmomi's table of a type's properties
    except AttributeError:
        return None
